/** Programs that come with the page, to be opened without a lesson. */
import { leaveLesson } from '../lesson/open.ts'
import { send, useStore } from '../store/store.ts'
import { putSource, sparingEdits } from './program.ts'

export const shipped = [{ file: 'monitor.s', says: 'a program with its own debugger: Inside steps it' }] as const

/** Asks first where edits would be lost. `file` lies in `programs/`; `then` comes once it is loaded. */
export function openShipped(file: string, then?: () => Promise<void>): void {
  sparingEdits(`${file} takes its place.`, 'Open it', () => void load(file, then))
}

async function load(file: string, then?: () => Promise<void>): Promise<void> {
  try {
    const response = await fetch(`${import.meta.env.BASE_URL}programs/${file}`)
    if (!response.ok) throw new Error(`the server answered ${response.status}`)
    const source = await response.text()
    const name = file.slice(file.lastIndexOf('/') + 1)
    const loaded = await send('loadSource', { name, source })
    if (!loaded?.program) return
    leaveLesson()
    putSource(name, source)
    await then?.()
  } catch (e) {
    const message = `${file} could not be opened: ${(e as Error).message}. What was loaded stays loaded.`
    useStore.setState({ problem: { message, action: { label: 'Try again', run: () => openShipped(file, then) } } })
  }
}
