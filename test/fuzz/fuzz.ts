/**
 * `npm run fuzz`: random words, states, ELF files, sources and line tables for FUZZ_SECONDS (600). FUZZ_SEED repeats a run, FUZZ_ONE
 * (`target:number`) one input of it. Exits with 1 where something was found.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { inputOf, targetNamed } from './inputs.ts'
import { planted } from './planted.ts'
import { targets } from './targets.ts'
import { Thread } from './thread.ts'

const SECONDS = Number(process.env.FUZZ_SECONDS || 600)
const SEED = Number(process.env.FUZZ_SEED || Date.now() % 1_000_000_000)
const FOLDER = 'test/output/fuzz'
/** Generous: another's load is no fault. */
const PATIENCE = 60_000
const SAY_EVERY = 10_000
const MOST = 2 ** 31

/** A turn is short, so that every target has many. */
const TURN = 500

interface Tally {
  readonly name: string
  next: number
  failed: boolean
}

function report(t: Tally, number: number, failure: string): void {
  const target = targetNamed(t.name)
  const { extension, bytes } = target.file(inputOf(target, SEED, number))
  mkdirSync(FOLDER, { recursive: true })
  const file = `${FOLDER}/${t.name}-${SEED}-${number}.${extension}`
  writeFileSync(file, bytes)
  const shown = Buffer.from(bytes).toString('base64')
  console.log(`\nFAILED ${t.name}, input ${number}: ${failure}`)
  console.log(`  repeat with FUZZ_SEED=${SEED} FUZZ_ONE=${t.name}:${number} npm run fuzz`)
  console.log(`  the input is in ${file}; base64: ${shown.length > 2000 ? `${shown.slice(0, 2000)}… (${bytes.length} bytes)` : shown}`)
}

/** The faults on purpose, or a sentence about the one that was not found. */
async function unseenPlanted(thread: Thread): Promise<string | null> {
  for (const { name } of planted) {
    const work = { name, seed: SEED, first: 0, milliseconds: 1000, most: 1 }
    const { failure } = await thread.perform(work, name.endsWith('no end') ? 3000 : PATIENCE)
    if (failure === null) return `${name}: was not found`
  }
  return null
}

async function fuzz(thread: Thread): Promise<Tally[]> {
  const tallies = targets.map(({ target, share }) => ({ name: target.name, share, next: 0, failed: false }))
  const began = performance.now()
  const elapsed = () => performance.now() - began
  let said = 0
  while (elapsed() < SECONDS * 1000 && tallies.some(t => !t.failed)) {
    for (const t of tallies) {
      const milliseconds = Math.min(TURN * t.share, SECONDS * 1000 - elapsed())
      if (t.failed || (milliseconds <= 0 && t.next > 0)) continue
      const { next, failure } = await thread.perform(
        { name: t.name, seed: SEED, first: t.next, milliseconds: Math.max(milliseconds, 1), most: MOST },
        PATIENCE,
      )
      t.next = next
      if (failure !== null) {
        t.failed = true
        report(t, next, failure)
      }
      if (elapsed() - said < SAY_EVERY) continue
      said = elapsed()
      console.log(`${Math.round(said / 1000)} s: ${tallies.map(x => `${x.name} ${x.next}`).join(', ')}`)
    }
  }
  return tallies
}

/** The line that vitest closes with, for whoever adds up. */
function conclude(tallies: readonly Tally[], others: number): void {
  const failed = tallies.filter(t => t.failed).length + others
  const passed = tallies.filter(t => !t.failed).length
  for (const t of tallies) console.log(`  ${t.failed ? '×' : '✓'} ${t.name}: ${t.next} inputs`)
  console.log(`      Tests  ${failed ? `${failed} failed | ` : ''}${passed} passed (${passed + failed})`)
  process.exitCode = failed ? 1 : 0
}

async function main(): Promise<void> {
  const thread = new Thread()
  const one = /^([^:]+):(\d+)$/.exec(process.env.FUZZ_ONE ?? '')
  console.log(`seed ${SEED}, ${one ? `input ${one[2]} of ${one[1]}` : `${SECONDS} s`}`)
  try {
    if (one) {
      const t = { name: one[1]!, next: Number(one[2]), failed: false }
      const { failure } = await thread.perform({ name: t.name, seed: SEED, first: t.next, milliseconds: PATIENCE, most: 1 }, PATIENCE)
      t.failed = failure !== null
      if (failure !== null) report(t, t.next, failure)
      conclude([t], 0)
      return
    }
    const unseen = await unseenPlanted(thread)
    if (unseen) console.log(unseen)
    conclude(await fuzz(thread), unseen ? 1 : 0)
  } finally {
    await thread.end()
  }
}

await main()
