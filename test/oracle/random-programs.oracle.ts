/**
 * Random programs with handlers on QEMU and here: registers and storage are the same at random exact stops. QEMU is stepped to them, or runs
 * free to an address that comes for the first time; here the interpreter runs to the same place, and once more step by step.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { decode } from '../../src/emu/isa/instructions.ts'
import { differences, type Result } from './one-step.ts'
import { OurGuest } from './our-guest.ts'
import { type ProgramCase, randomProgram, WINDOW } from './program-cases.ts'
import { QemuGuest } from './qemu-guest.ts'
import { Random } from './random.ts'

const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000)
const PROGRAMS = Number(process.env.PROGRAMS ?? 40)
/** Steps of a program that runs free, and of one that is stepped. */
const [FREE, STEPPED] = [40_000, 2_500]
const STOPS = 5

let qemu: QemuGuest
const ours = new OurGuest()
/** Instructions of the table that were executed, and vectors that were entered. */
const seen = { rows: new Set<string>(), vectors: new Set<string>(), addresses: 0 }
beforeAll(async () => {
  console.log(`seed ${SEED}, ${PROGRAMS} programs`)
  qemu = await QemuGuest.start()
})
afterAll(() => qemu.stop())

interface Path {
  /** NIP before each step, and behind the last. */
  readonly nips: readonly bigint[]
  readonly at: ReadonlyMap<number, Result>
  readonly left: string | null
}

/** Step by step, the state at some of them. */
function walk(c: ProgramCase, steps: number, looks: ReadonlySet<number>): Path {
  const vcpu = ours.load(c)
  const nips: bigint[] = []
  const at = new Map<number, Result>()
  for (let n = 0; ; n++) {
    nips.push(vcpu.state.get('NIP'))
    if (looks.has(n)) at.set(n, ours.read(c))
    if (n === steps) return { nips, at, left: null }
    const left = ours.oneStep(vcpu)
    if (left) return { nips, at, left }
  }
}

/** Where handlers lie: of the interrupts that the programs are made to raise. */
const HANDLERS = [0x300n, 0x700n, 0xc00n]
/** It has branched among the vectors, and goes from word to word of what lies there: no program any more. */
const wandered = (nips: readonly bigint[]): boolean => nips.some(nip => nip < 0x1000n && !HANDLERS.includes(nip & ~0x7fn))

function note(c: ProgramCase, nips: readonly bigint[]): void {
  const ram = new DataView(ours.core.ram.buffer, ours.core.ram.byteOffset)
  const addresses = new Set(nips)
  seen.addresses += addresses.size
  for (const nip of addresses) {
    if (nip < 0x1000n && (nip & 0x7fn) === 0n) seen.vectors.add(`0x${nip.toString(16)}`)
    else seen.rows.add(decode(ram.getUint32(Number(nip), nip >= 0x100000n && (c.msr & 1n) === 1n))?.base ?? 'illegal')
  }
}

/** Free to the address, illegal words given to the guest as its hypervisor does. */
function runTo(address: bigint): string | null {
  const vcpu = ours.core.vcpus[0]!
  ours.core.stops.clear()
  ours.core.stops.add(address)
  ours.core.flushCode()
  for (let exits = 0; exits < FREE; exits++) {
    const { outcome } = vcpu.run(10 * FREE)
    if (outcome.kind === 'breakpoint') return null
    if (outcome.kind !== 'vmExit' || outcome.reason.kind !== 'emulationAssistance') return `ended: ${JSON.stringify(outcome.kind)}`
    vcpu.inject('program', 0x80000n)
    if (vcpu.state.get('NIP') === address) return null
  }
  return 'it is not reached'
}

function describe(c: ProgramCase, path: Path, from: number, to: number): string {
  const word = (nip: bigint) => {
    const ram = new DataView(ours.core.ram.buffer, ours.core.ram.byteOffset)
    const w = ram.getUint32(Number(nip), nip >= 0x100000n && (c.msr & 1n) === 1n)
    return `0x${nip.toString(16)} ${decode(w)?.name ?? w.toString(16)}`
  }
  return path.nips
    .slice(Math.max(from, to - 12), to)
    .map(word)
    .join(', ')
}

function say(c: ProgramCase, mine: Result, theirs: Result, where: string): string[] {
  const found = differences(c, mine, theirs)
  if (found.length === 0) return []
  const text = found.slice(0, 6).map(d => {
    // Of a piece of storage the bytes from the first that differs.
    const from = d.register.startsWith('storage') ? Math.floor([...d.ours].findIndex((x, n) => x !== d.theirs[n]) / 2) - 1 : null
    const shown = (v: string) => (from === null ? v : v.slice(2 * from + 2, 2 * from + 34))
    return `${d.register}${from === null ? '' : `+${from}`}: ours ${shown(d.ours)}, QEMU ${shown(d.theirs)}`
  })
  return [`${where}, MSR 0x${c.msr.toString(16)}: ${text.join('; ')}`]
}

/** The first step after `from`, not behind `to`, at whose address no earlier one since `from` was; null where there is none. */
function firstVisit(nips: readonly bigint[], from: number, to: number): number | null {
  for (let n = to; n > from; n--) if (nips.indexOf(nips[n]!, from) === n) return n
  return null
}

/** `theirs` differs where a fault is planted. */
async function stepped(r: Random, c: ProgramCase, name: string, theirs = c): Promise<string[]> {
  const steps = 1 + r.below(STEPPED)
  const stops = [...Array.from({ length: STOPS - 1 }, () => 1 + r.below(steps)), steps].sort((a, b) => a - b)
  const path = walk(c, steps, new Set(stops))
  if (wandered(path.nips)) return []
  note(c, path.nips)
  if (path.left) return [`${name} left the guest: ${path.left} after ${path.nips.length} steps`]
  await qemu.load(theirs)
  let done = 0
  for (const stop of stops) {
    await qemu.steps(stop - done)
    const wrong = say(c, path.at.get(stop)!, await qemu.read(c), `${name}, step ${stop} (${describe(c, path, done, stop)})`)
    if (wrong.length) return wrong
    done = stop
  }
  return []
}

async function free(r: Random, c: ProgramCase, name: string): Promise<string[]> {
  const { nips, left } = walk(c, FREE, new Set())
  if (wandered(nips)) return []
  note(c, nips)
  if (left) return [`${name} left the guest: ${left} after ${nips.length} steps`]
  const stops: number[] = []
  for (let n = 0; n < STOPS; n++) {
    const before = stops.at(-1) ?? 0
    const wanted = n === STOPS - 1 ? FREE : before + 1 + r.below(Math.max(1, Math.floor((FREE - before) / 2)))
    const stop = firstVisit(nips, before, Math.min(FREE, wanted))
    if (stop !== null) stops.push(stop)
  }
  // A branch to itself at the very start: there is no other address.
  const last = stops.at(-1)
  if (last === undefined) return []
  const path = walk(c, last, new Set(stops))
  ours.load(c)
  await qemu.load(c)
  let done = 0
  for (const stop of stops) {
    const at = nips[stop]!
    const where = `${name}, free to step ${stop} (${describe(c, path, done, stop)})`
    const ended = runTo(at)
    if (ended) return [`${where}: ${ended}`]
    const wrong = say(c, ours.read(c), path.at.get(stop)!, `${where}, run as stepped`)
    if (wrong.length) return wrong
    if (!(await qemu.runTo(at))) return [`${where}: QEMU does not come there`]
    const other = say(c, ours.read(c), await qemu.read(c), where)
    if (other.length) return other
    done = stop
  }
  return []
}

test.each([
  ['stepped, privileged', false, stepped],
  ['stepped, problem state', true, stepped],
  ['free, privileged', false, free],
] as const)('%s', async (name, problem, compare) => {
  const wrong: string[] = []
  for (let n = 0; n < PROGRAMS && wrong.length < 5; n++) {
    const r = new Random(SEED, `${name} ${n}`)
    const length = Math.round(100 * 100 ** (r.below(1001) / 1000))
    wrong.push(...(await compare(r, randomProgram(r, length, problem), `program ${n} of ${length} words`)))
  }
  expect(wrong.join('\n')).toBe('')
})

test('they executed most of what they are made of, and took interrupts', () => {
  expect([...seen.vectors].sort()).toEqual(['0x300', '0x700', '0xc00'])
  expect(seen.rows.size).toBeGreaterThan(150)
  expect(seen.addresses).toBeGreaterThan(100 * PROGRAMS)
})

const flipped = (bytes: string): string => bytes.replace(/^./, d => (Number.parseInt(d, 16) ^ 1).toString(16))
const faults: Readonly<Record<string, (c: ProgramCase) => ProgramCase>> = {
  'a register': c => ({ ...c, gpr: { ...c.gpr, 12: c.gpr[12]! ^ 1n } }),
  storage: c => ({ ...c, storage: c.storage.map(s => (s.at === WINDOW ? { ...s, bytes: flipped(s.bytes) } : s)) }),
  'the byte order': c => ({ ...c, msr: c.msr ^ 1n }),
}

/** A program may overwrite what was planted before it is looked at, or branch away at once: of so many, one at least finds it. */
const TRIES = 8

test.each(Object.entries(faults))('a difference in %s is found', async (what, fault) => {
  for (let n = 0; n < TRIES; n++) {
    const r = new Random(SEED, `${what} ${n}`)
    const c = randomProgram(r, 100, false)
    if ((await stepped(r, c, what, fault(c))).length > 0) return
  }
  expect.fail(`none of ${TRIES} programs finds it`)
})
