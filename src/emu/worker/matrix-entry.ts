/** The second Web Worker: runs the probes, a message a result. It is ended from outside when the user cancels. */
import { matrixMessages } from './matrix.ts'
import type { FromMatrix, MatrixRequest } from './protocol.ts'

interface Scope {
  postMessage(message: FromMatrix): void
  onmessage: ((e: { data: MatrixRequest }) => void) | null
}
const scope = globalThis as unknown as Scope

const files = import.meta.glob<string>('../../../public/programs/probes/*.s', { query: '?raw', import: 'default', eager: true })
const sources = Object.fromEntries(Object.entries(files).map(([path, text]) => [path.slice(path.lastIndexOf('/') + 1, -'.s'.length), text]))

scope.onmessage = e => {
  try {
    for (const message of matrixMessages(sources, e.data)) scope.postMessage(message)
  } catch (error) {
    scope.postMessage({ type: 'failed', message: (error as Error).message })
  }
}
