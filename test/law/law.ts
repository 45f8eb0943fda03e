/**
 * The law over ten million outside steps, each a boundary (BOUNDARIES), from SEED on, in as many threads as there are processors (THREADS):
 * under Transparent, against free runs. Prints how often each channel's event occurred; ends with 1 at a difference, which is shrunk and
 * printed as a program, or where an event was too rare.
 */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { channels } from '../../src/emu/hypervisor/policy.ts'
import { ownEventIds } from './own-events.ts'
import { Tally } from './tally.ts'
import type { Answer, Work } from './work.ts'

const STEPS = Number(process.env.BOUNDARIES ?? 10_000_000)
const FIRST = Number(process.env.SEED ?? Date.now() % 1_000_000_000)
const THREADS = Number(process.env.THREADS ?? availableParallelism())
const BATCH = { programs: 100, boundaries: 1_500 }
/** Of each event, in a run of the whole length. */
const WANTED = 1_000
const TELL_EVERY_MS = 60_000

const tally = new Tally()
const from = Date.now()
let told = from

function end(failures: number, passed: number): never {
  const counts = [failures > 0 ? `${failures} failed` : '', passed > 0 ? `${passed} passed` : ''].filter(Boolean)
  console.log(`      Tests  ${counts.join(' | ')} (${failures + passed})`)
  process.exit(failures > 0 ? 1 : 0)
}

function hear({ seed, failure, counted }: Answer): void {
  if (failure !== null) {
    console.log(`seed ${seed}: the law does not hold: ${failure}`)
    end(1, 0)
  }
  tally.count(counted)
  if (Date.now() - told > TELL_EVERY_MS) {
    told = Date.now()
    console.log(`${Math.round((told - from) / 1000)} s: ${tally.steps} steps`)
  }
  if (tally.steps < STEPS) return
  console.log(`${tally}\nin ${Math.round((Date.now() - from) / 1000)} s, ${THREADS} threads`)
  const rare = tally.rarerThan(Math.min(WANTED, (WANTED * tally.steps) / 10_000_000))
  for (const name of rare) console.log(`${name} was tried too rarely`)
  end(rare.length, Object.keys(channels).length + ownEventIds.length - rare.length)
}

console.log(`seed ${FIRST}, ${STEPS} outside steps, ${THREADS} threads`)
for (let n = 0; n < THREADS; n++) {
  const workerData: Work = { first: FIRST + n, apart: THREADS, ...BATCH }
  const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData })
  worker.on('message', hear)
  worker.on('error', e => {
    console.log(`a thread ended: ${e.stack ?? e.message}`)
    end(1, 0)
  })
}
