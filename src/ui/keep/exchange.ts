/** Everything to a file, and from one. */
import { useShelf } from '../policy/shelf.ts'
import { useDialogs } from '../shell/dialogs.ts'
import { browser, recall, remember } from '../shell/remembered.ts'
import { useStore } from '../store/store.ts'
import { download } from './download.ts'
import { everythingText, inWords, joined, NotEverything, newSessions, readEverything } from './everything.ts'
import { keepNow, lastKept, present, presentSlot } from './kept.ts'
import { allKept, freshSlot, put, workOf } from './slots.ts'

const tell = (message: string): void => useStore.setState({ problem: { message, action: null, stays: true } })

/** What the browser keeps; the present session as it is, and the policies too, where it keeps nothing. */
export async function exportEverything(): Promise<void> {
  const last = lastKept()
  const now = (await present()) ?? (last && workOf(last))
  const others = (await allKept()).filter(k => k.slot !== presentSlot()).map(workOf)
  const remembered = Object.fromEntries(browser.keys('').map(key => [key, recall(key)!]))
  const policies = JSON.stringify(useShelf.getState().own)
  download(
    'twostep-everything.json',
    everythingText({ remembered: { ...remembered, policies }, sessions: now ? [now, ...others] : others }),
  )
}

async function takeIn(text: string): Promise<void> {
  const { remembered, sessions } = readEverything(text)
  await keepNow()
  const missing = newSessions(await allKept(), sessions)
  let kept = Object.entries(remembered).every(([key, come]) => remember(key, joined(key, recall(key), come)))
  try {
    for (const work of missing) await put({ ...work, slot: freshSlot() })
  } catch {
    kept = false
  }
  if (kept) location.reload()
  else tell('The browser has no room for all that the file holds. What had room is here; the rest is in the file still.')
}

/** Asks, says what comes, and takes it in: nothing that is here is lost. */
export function importEverything(name: string, text: string): void {
  try {
    const words = inWords(readEverything(text))
    useDialogs.setState({
      question: {
        text: `${name} has ${words}. Sessions, policies and progress are added to yours; its settings take the place of yours. The page is loaded again, your session with it.`,
        yes: 'Import',
        act: () => void takeIn(text),
      },
    })
  } catch (e) {
    if (!(e instanceof NotEverything)) throw e
    tell(`${name} was not imported: ${e.message}. Nothing was changed.`)
  }
}
