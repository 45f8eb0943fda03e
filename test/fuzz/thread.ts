/** A thread for the inputs: what throws, what does not end and what takes all memory there is reported, and a new one takes its place. */
import { Worker } from 'node:worker_threads'
import type { Answer, Work } from './work.ts'

const LIMITS = { maxOldGenerationSizeMb: 1024 }
const LOOK_EVERY = 200

export class Thread {
  private worker: Worker | null = null
  private readonly trying = new SharedArrayBuffer(4)

  private start(): Worker {
    const worker = new Worker(new URL('./worker.js', import.meta.url), {
      workerData: this.trying,
      resourceLimits: LIMITS,
      // Warnings of a thread that was ended are nobody's concern.
      stderr: true,
    })
    return (this.worker = worker)
  }

  /** `patience` is how long one input may take, in milliseconds. */
  async perform(work: Work, patience: number): Promise<Answer> {
    const worker = this.worker ?? this.start()
    const number = new Int32Array(this.trying)
    Atomics.store(number, 0, work.first)
    let [seen, since] = [work.first, performance.now()]
    const answer = await new Promise<Answer | string>(done => {
      const message = (a: Answer) => finish(a)
      const error = (e: Error) => finish(`the thread ended: ${e.message}`)
      const exit = (code: number) => finish(`the thread ended with ${code}`)
      const look = setInterval(() => {
        const now = Atomics.load(number, 0)
        if (now !== seen) [seen, since] = [now, performance.now()]
        else if (performance.now() - since > patience) finish(`no end within ${patience / 1000} s`)
      }, LOOK_EVERY)
      const finish = (a: Answer | string): void => {
        clearInterval(look)
        worker.off('message', message).off('error', error).off('exit', exit)
        done(a)
      }
      worker.on('message', message).on('error', error).on('exit', exit)
      worker.postMessage(work)
    })
    if (typeof answer !== 'string') return answer
    await this.end()
    return { next: Atomics.load(number, 0), failure: answer }
  }

  async end(): Promise<void> {
    const worker = this.worker
    this.worker = null
    worker?.on('error', () => undefined)
    await worker?.terminate()
  }
}
