/** Tries inputs of one target, one after the other, until the time is up or one of them shows a fault. */
import { parentPort, workerData } from 'node:worker_threads'
import { inputOf, targetNamed } from './inputs.ts'
import type { Answer, Work } from './work.ts'

/** The number of the input that is being tried, where the other side sees it whatever happens here. */
const trying = new Int32Array(workerData as SharedArrayBuffer)
const port = parentPort!

port.on('message', ({ name, seed, first, milliseconds, most }: Work) => {
  const target = targetNamed(name)
  const end = performance.now() + milliseconds
  let number = first
  const answer = (failure: string | null): void => port.postMessage({ next: number, failure } satisfies Answer)
  try {
    while (number - first < most && performance.now() < end) {
      Atomics.store(trying, 0, number)
      target.check(inputOf(target, seed, number))
      number++
    }
    answer(null)
  } catch (e) {
    answer(e instanceof Error ? (e.stack ?? e.message) : String(e))
  }
})
