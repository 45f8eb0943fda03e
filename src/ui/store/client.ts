/** The page's end of the worker protocol: requests as promises, notifications to one listener. */
import type { Command, Commands, FromWorker, Notification, Request } from '../../emu/worker/protocol.ts'

/** A refused request: `message` is the worker's sentence for the user. */
export class Refused extends Error {}

/** Seconds without a word after which a worker that owes an answer, or a view of what runs, is taken for hung. */
const SILENT = 10

export interface Client {
  send<C extends Command>(command: C, args: Commands[C]['arguments']): Promise<Commands[C]['body']>
  terminate(): void
}

/** Starts the emulator's worker. `onDeath` is called when it cannot go on: every open request is refused. */
export function startClient(listen: (n: Notification) => void, onDeath: (why: string) => void): Client {
  const worker = new Worker(new URL('../../emu/worker/entry.ts', import.meta.url), { type: 'module', name: 'twostep machine' })
  const open = new Map<number, { resolve: (body: never) => void; reject: (e: Error) => void }>()
  let seq = 0
  let dead = false
  /** What runs is told of, many times a second. */
  let running = false
  let silence = 0
  let watch: ReturnType<typeof setInterval> | null = null
  const die = (why: string, toOpen: string) => {
    dead = true
    worker.terminate()
    if (watch !== null) clearInterval(watch)
    for (const waiting of open.values()) waiting.reject(new Refused(toOpen))
    open.clear()
    onDeath(why)
  }
  /** Ticks only while something is due: a worker that runs, or works long, is heard all the time. */
  const listenForSilence = () => {
    watch ??= setInterval(() => {
      if (open.size === 0 && !running && watch !== null) {
        clearInterval(watch)
        watch = null
      } else if (++silence >= SILENT) {
        die(`it has not answered for ${SILENT} seconds`, 'The emulator does not answer.')
      }
    }, 1000)
  }
  worker.onmessage = (e: MessageEvent<FromWorker>) => {
    silence = 0
    const message = e.data
    if (message.type === 'view') running = message.view.run.state === 'running'
    if (running) listenForSilence()
    if (message.type !== 'response') return listen(message)
    const waiting = open.get(message.seq)
    open.delete(message.seq)
    if (message.success) waiting?.resolve(message.body as never)
    else waiting?.reject(new Refused(message.message))
  }
  worker.onerror = e => die(e.message || 'The emulator could not be started.', 'The emulator stopped responding.')
  return {
    send(command, args) {
      if (dead) return Promise.reject(new Refused('The emulator has stopped. Restart it first.'))
      return new Promise((resolve, reject) => {
        seq += 1
        open.set(seq, { resolve, reject })
        listenForSilence()
        worker.postMessage({ type: 'request', seq, command, arguments: args } as Request)
      })
    },
    terminate: () => {
      if (watch !== null) clearInterval(watch)
      worker.terminate()
    },
  }
}
