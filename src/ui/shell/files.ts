/** Opening files, by dialog or drop, and beginning a new program. */
import { leaveLesson } from '../lesson/open.ts'
import { send, useStore } from '../store/store.ts'
import { useDialogs } from './dialogs.ts'

const MINIMAL = `# A guest for Twostep. The line below maps RAM at 0xc000000000000000 and turns translation on.
# twostep: map=radix ail=3 ir=1 dr=1
# Write instructions below, load with Ctrl Enter, then step.
_start: b       _start
`

/** Goes on at once, or after the user agreed to lose unsaved edits. */
function sparingEdits(text: string, yes: string, act: () => void): void {
  if (!useStore.getState().source.dirty) act()
  else useDialogs.setState({ question: { text: `guest.s has edits that were not loaded. ${text}`, yes, act } })
}

export function newProgram(): void {
  sparingEdits('New drops them.', 'New', () => {
    leaveLesson()
    useStore.setState({ source: { name: 'guest.s', text: MINIMAL, dirty: false }, codeTab: 'source' })
    void send('loadSource', { name: 'guest.s', source: MINIMAL })
  })
}

const isText = (name: string): boolean => /\.(s|asm|txt)$/i.test(name)

/** ELF files are loaded; assembly becomes guest.s. */
export function openFile(file: File): void {
  sparingEdits(`Opening ${file.name} drops them.`, 'Open', () => void load(file))
}

async function load(file: File): Promise<void> {
  if (isText(file.name)) {
    const source = await file.text()
    const result = await send('loadSource', { name: file.name, source })
    if (!result) return
    leaveLesson()
    useStore.setState({ source: { name: file.name, text: source, dirty: result.program === null }, codeTab: 'source' })
    return
  }
  const result = await send('loadImage', { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })
  if (!result?.program) return
  leaveLesson()
  useStore.setState({ codeTab: 'disassembly' })
}

export function chooseFile(): void {
  const input = document.createElement('input')
  input.type = 'file'
  input.onchange = () => {
    const file = input.files?.[0]
    if (file) openFile(file)
  }
  input.click()
}
