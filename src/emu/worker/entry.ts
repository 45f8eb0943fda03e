/** The Web Worker: messages in, messages out. */
import { Emulator } from './emulator.ts'
import { type FromWorker, PROTOCOL_VERSION, type Request } from './protocol.ts'

/** What of the worker's global scope is used; the library of the page's types has another `self`. */
interface Scope {
  postMessage(message: FromWorker): void
  onmessage: ((e: { data: Request }) => void) | null
}
const scope = globalThis as unknown as Scope

/** A turn of the event loop without the timers' minimum delay: a message to itself. */
const channel = new MessageChannel()
const queue: (() => void)[] = []
channel.port1.onmessage = () => queue.shift()?.()

const clock = {
  now: () => performance.now(),
  later(delay: number, then: () => void) {
    if (delay >= 1) setTimeout(then, delay)
    else {
      queue.push(then)
      channel.port2.postMessage(0)
    }
  },
}

const emulator = new Emulator(message => scope.postMessage(message), clock)
scope.onmessage = e => void emulator.handle(e.data)
scope.postMessage({ type: 'initialized', protocol: PROTOCOL_VERSION })
