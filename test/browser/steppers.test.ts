/**
 * Every stepper forward and back, by its keys: Outside, Inside, Hypervisor (phases, and the run loop) and Machine. Back is what was before, and
 * forward again what was after: registers, events, the phase track and the listing.
 */
import { readFileSync } from 'node:fs'
import { expect, test, type Workbench } from './workbench.ts'

const KERNEL = `# twostep: map=radix ail=3 ir=1 dr=1
_start: li      r3, 1
        addi    r3, r3, 1
        mfmsr   r5
        stdu    r1, -64(r1)
        std     r3, 32(r1)
        ld      r6, 32(r1)
        b       .
`
/** Calls the hypervisor for ever: H_PUT_TERM_CHAR. */
const CALLER = `# twostep: map=radix ail=3 ir=1 dr=1
_start: li      r3, 0x58
        li      r4, 0
        li      r5, 1
        sc      1
        b       _start
`

type Act = (bench: Workbench) => Promise<void>
const key =
  (k: string): Act =>
  bench =>
    bench.press(k)
const command =
  (name: string): Act =>
  bench =>
    bench.command(name)
const load =
  (program: string): Act =>
  bench =>
    bench.load(program)

interface Way {
  readonly name: string
  readonly before: Act
  readonly forward: Act
  readonly back: Act
  readonly steps: number
}

const ways: readonly Way[] = [
  { name: 'Outside', before: load(KERNEL), forward: key('o'), back: key('Shift+o'), steps: 5 },
  { name: 'Hypervisor, phase by phase', before: load(KERNEL), forward: key('h'), back: key('Shift+h'), steps: 11 },
  {
    name: 'Hypervisor, the run loop',
    before: async bench => {
      await bench.load(CALLER)
      await bench.command('Hypervisor: walk the run loop')
      await bench.waitFor('status', () => bench.sentence(), /walks the run loop/)
    },
    forward: key('h'),
    back: key('Shift+h'),
    steps: 7,
  },
  { name: 'Machine', before: load(KERNEL), forward: command('Machine: step one boundary'), back: command('Machine: step back'), steps: 5 },
  {
    name: 'Inside',
    before: load(readFileSync(new URL('../../public/programs/monitor.s', import.meta.url), 'utf8')),
    forward: key('i'),
    back: key('Shift+i'),
    steps: 4,
  },
  { name: 'the active one, by F8', before: load(KERNEL), forward: key('F8'), back: key('Shift+F8'), steps: 4 },
]

/** All that a step could change. */
const seen = async (bench: Workbench): Promise<string> =>
  JSON.stringify([
    (await bench.text('State')).replace(/changed since.*/, '').replace(/\n+/g, '\n'),
    await bench.phases(),
    await bench.labels(),
    await bench.instructions(),
    await bench.hypervisorLine(),
  ])

/** What is seen once it is something else, and stays. */
async function after(bench: Workbench, act: Act): Promise<string> {
  const before = await seen(bench)
  await act(bench)
  let last = before
  await expect
    .poll(
      async () => {
        const now = await seen(bench)
        const still = now === last && now !== before
        last = now
        return still
      },
      { timeout: 20_000, interval: 60 },
    )
    .toBe(true)
  return last
}

for (const { name, before, forward, back, steps } of ways)
  test(`${name}: ${steps} forward, as many back, and forward again`, { timeout: 180_000 }, async ({ bench }) => {
    await before(bench)
    const course = [await seen(bench)]
    for (let n = 0; n < steps; n++) course.push(await after(bench, forward))
    expect(new Set(course).size).toBe(steps + 1)
    for (let n = steps - 1; n >= 0; n--) expect(await after(bench, back), `back to ${n}`).toBe(course[n])
    for (let n = 1; n <= steps; n++) expect(await after(bench, forward), `forward to ${n}`).toBe(course[n])
  })
