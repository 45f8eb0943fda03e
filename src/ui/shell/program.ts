/** The program that the user works on: where its text came from, asking before edits are dropped, loading it again. */
import { useAssembly } from '../code/assembly.ts'
import { send, useStore } from '../store/store.ts'
import { useDialogs } from './dialogs.ts'

/** guest.s as it was put there: what differs from it is the user's own. */
let given = ''
/** The file that was loaded instead of guest.s, and the texts of its source files that were given. */
let image: { name: string; bytes: Uint8Array; texts: Map<string, string> } | null = null

/** `dirty`: shown, but not what the machine runs. */
export function putSource(name: string, text: string, dirty = false): void {
  given = text
  image = null
  useStore.setState({ source: { name, text, dirty }, codeTab: 'source' })
}

export function putImage(name: string, bytes: Uint8Array): void {
  image = { name, bytes, texts: new Map() }
  useStore.setState({ codeTab: 'disassembly' })
}

export const keepText = (name: string, text: string): void => void image?.texts.set(name, text)

export const edited = (text: string, original: string): boolean => text !== original && text.trim() !== ''

/** guest.s holds what would be lost by another program in its place. */
export const hasEdits = (): boolean => edited(useStore.getState().source.text, given)

/** Goes on at once, or after the user agreed to lose edits of guest.s. */
export function sparingEdits(text: string, yes: string, act: () => void): void {
  const { source } = useStore.getState()
  if (hasEdits()) useDialogs.setState({ question: { text: `${source.name} has edits of yours. ${text}`, yes, act } })
  else act()
}

/** The program from its beginning, in a worker that has none yet; false where it cannot be loaded. */
export async function loadAgain(policy: string | undefined): Promise<boolean> {
  const { name, text } = useStore.getState().source
  const loaded = image
    ? await send('loadImage', { name: image.name, bytes: image.bytes })
    : await send('loadSource', { name, source: useAssembly.getState().loaded || text })
  if (!loaded?.program) return false
  for (const [fileName, source] of image?.texts ?? []) await send('attachSource', { name: fileName, text: source })
  if (policy && policy !== useStore.getState().view?.controller.policy) await send('setPolicy', { policy })
  return true
}
