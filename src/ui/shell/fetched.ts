/** Parts of the page that are fetched when they are asked for: it is there sooner. */
import { useStore } from '../store/store.ts'

/** The part, or null after the user was told that it could not be fetched. `what` begins a sentence: "Scenarios". */
export async function fetched<T>(load: () => Promise<T>, what: string): Promise<T | null> {
  try {
    return await load()
  } catch {
    const message = `${what} could not be fetched. Nothing was changed. Ask again when the connection is back.`
    useStore.setState({ problem: { message, action: null } })
    return null
  }
}
