/** A session in the page's address: `#session=…`. */
import { create } from 'zustand'
import { sparingEdits } from '../shell/program.ts'
import { useStore } from '../store/store.ts'
import { packed, unpacked } from './packed.ts'
import { openSession, sessionText } from './session.ts'

const FRAGMENT = /^#session=(.*)$/
/** More than many programs that carry links along leave whole. */
const LONGEST = 30_000
/** How long the button says that it copied. */
const COPIED_MS = 2000

export const useShare = create<{ copied: boolean }>(() => ({ copied: false }))

const tell = (message: string): void => useStore.setState({ problem: { message, action: null } })

export async function share(): Promise<void> {
  const session = await sessionText()
  if (!session) return
  const link = `${location.origin}${location.pathname}${location.search}#session=${await packed(session.text)}`
  if (link.length > LONGEST)
    return tell(
      `The link would have ${link.length} characters, and many programs cut such links. Save the session to a file instead (Commands, Session: save to a file).`,
    )
  try {
    await navigator.clipboard.writeText(link)
  } catch {
    return tell(`The browser does not let the page copy. The link is: ${link}`)
  }
  useShare.setState({ copied: true })
  setTimeout(() => useShare.setState({ copied: false }), COPIED_MS)
}

/** The session in a tab of its own, without the page around. */
export async function openApart(): Promise<void> {
  const session = await sessionText()
  if (!session) return
  const fragment = `#session=${await packed(session.text)}`
  // With "noopener" the answer would always be null: a tab that was not let open could not be told from one that was.
  const apart = window.open(`${location.origin}${location.pathname}${fragment}`, '_blank')
  if (apart) apart.opener = null
  else tell('The browser, or the page around, does not let this page open a tab. Nothing was changed.')
}

const broken = 'The session in this link cannot be read: the link may have been cut off. Nothing was changed. Ask for it again.'

/** Where the address brings a session along, it is opened, in the place of what was there: the promise ends when that was tried. */
export function openLinkedSession(): Promise<void> | null {
  const found = FRAGMENT.exec(location.hash)
  if (!found) return null
  history.replaceState(null, '', location.pathname + location.search)
  const open = async () => {
    let text: string
    try {
      text = await unpacked(found[1]!)
    } catch {
      return tell(broken)
    }
    await new Promise<unknown>(done => sparingEdits('The session of the link takes its place.', 'Open it', () => done(openSession(text))))
  }
  return open()
}
