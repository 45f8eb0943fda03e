/** Tries programs in a thread of its own: batches from one seed on, at a distance, each told when it is done. */
import { parentPort, workerData } from 'node:worker_threads'
import { check } from './check.ts'
import { Tally } from './tally.ts'
import type { Answer, Work } from './work.ts'

const { first, apart, programs, boundaries } = workerData as Work
const tally = new Tally()
for (let seed = first; ; seed += apart) {
  const failure = check(seed, programs, boundaries, tally)
  parentPort!.postMessage({ seed, failure, counted: tally.counted() } satisfies Answer)
  if (failure !== null) break
}
