/**
 * Time travel in the built worker, in the browser: at 1,000 random times of a recording made of runs and steps of all kinds, what the guest
 * sees of registers and memory, and what it printed, are those of a straight run.
 */
import { expect, test } from './workbench.ts'

/** Counts in r9 and memory, in r10 each 16th time, prints each 64th, traps each 128th. */
const PROGRAM = `# twostep: map=radix ail=3 ir=1 dr=1 ram=16M
        .equ LINEAR, 0xc000000000000000
_start: bcl     20, 31, 1f
1:      mflr    r22
        rldicr  r22, r22, 0, 3
        oris    r22, r22, 2
loop:   addi    r9, r9, 1
        std     r9, 0(r22)
        andi.   r0, r9, 15
        bne     loop
        addi    r10, r10, 1
        stb     r10, 9(r22)
        andi.   r0, r10, 3
        bne     loop
        li      r3, 0x58                # H_PUT_TERM_CHAR
        li      r4, 0
        li      r5, 1
        clrldi  r6, r10, 58
        addi    r6, r6, 0x20
        sldi    r6, r6, 56
        sc      1
        andi.   r0, r10, 7
        bne     loop
        trap
        b       loop
        .section .vectors, "ax"
        .org    LINEAR + 0x4700
        mfsrr0  r11
        addi    r11, r11, 4
        mtsrr0  r11
        rfid
`
const POINTS = 1000

interface Point {
  readonly time: bigint
  readonly state: string
}

test(`the same state at ${POINTS} random times`, { timeout: 300_000 }, async ({ bench }) => {
  const { page } = bench
  const url = page
    .workers()
    .map(w => w.url())
    .find(u => /\/entry-/.test(u))!
  const { travelled, straight, live, again } = await page.evaluate(
    async ({ entry, program, points }) => {
      type View = {
        instructions: bigint
        state: { registers: Record<string, bigint>; guest: Record<string, bigint> }
        run: { state: string }
        recording: { events: number }
      }
      class Machine {
        private readonly worker = new Worker(entry, { type: 'module' })
        private readonly open = new Map<number, { done: (body: unknown) => void; refused: (e: Error) => void }>()
        private seq = 0
        view: View | null = null
        output = ''
        constructor() {
          this.worker.onmessage = ({ data }) => {
            if (data.type === 'view') this.view = data.view
            if (data.type === 'output' && data.port === 'console') this.output = data.reset ? data.text : this.output + data.text
            if (data.type !== 'response') return
            const waiting = this.open.get(data.seq)!
            if (data.success) waiting.done(data.body)
            else waiting.refused(new Error(data.message))
          }
        }
        send<T = unknown>(command: string, args: object): Promise<T> {
          this.seq += 1
          this.worker.postMessage({ type: 'request', seq: this.seq, command, arguments: args })
          return new Promise((done, refused) => this.open.set(this.seq, { done: done as (body: unknown) => void, refused }))
        }
        async load(): Promise<this> {
          await this.send('loadSource', { name: 'guest.s', source: program })
          await this.send('setPolicy', { policy: 'transparent' })
          return this
        }
        /** What the guest sees of its machine, and what it printed. */
        async state(): Promise<string> {
          const { registers, guest } = this.view!.state
          const seen = { ...registers, ...guest }
          const own = Object.keys(seen).filter(name => /^(r\d+|NIP|LR|CTR|CR|XER|MSR|SRR[01]|TB|DEC|SPRG[0-3])$/.test(name))
          const { bytes } = await this.send<{ bytes: Uint8Array }>('readMemory', { address: 0x20000n, count: 16, space: 'guest real' })
          return [...own.sort().map(name => `${name}=${seen[name]!.toString(16)}`), bytes.join(' '), this.output].join('\n')
        }
      }
      // As random, and the same each time.
      let seed = 20260117
      const random = (below: number): number => {
        seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
        return Math.floor((seed / 2 ** 32) * below)
      }
      const recorded = await new Machine().load()
      for (let n = 0; n < 40; n++) {
        await recorded.send('runVcpu', { vcpu: 0, boundaries: 1 + random(4000) })
        const kind = n % 4
        if (kind === 0) for (let k = 0; k < 3; k++) await recorded.send('stepOutside', {})
        else if (kind === 1) for (let k = 0; k < 5; k++) await recorded.send('stepHypervisor', {})
        else if (kind === 2) for (let k = 0; k < 7; k++) await recorded.send('stepMachine', {})
        // A step in flight is finished, so that the next run goes.
        if (kind === 1) await recorded.send('stepOutside', {})
      }
      const end = Number(recorded.view!.instructions)
      const live = await recorded.state()
      const times = Array.from({ length: points }, () => random(end))
      const travelled: Point[] = []
      for (const time of times) {
        await recorded.send('seekTime', { instructions: BigInt(time) })
        travelled.push({ time: BigInt(time), state: await recorded.state() })
      }
      await recorded.send('seek', { event: 'live' })
      const again = await recorded.state()
      const machine = await new Machine().load()
      const straight: Point[] = []
      for (const time of [...times].sort((a, b) => a - b)) {
        const left = time - Number(machine.view!.instructions)
        if (left > 0) await machine.send('runVcpu', { vcpu: 0, boundaries: left })
        straight.push({ time: machine.view!.instructions, state: await machine.state() })
      }
      return { travelled, straight, live, again }
    },
    { entry: url, program: PROGRAM, points: POINTS },
  )
  const byTime = new Map(straight.map(p => [p.time, p.state]))
  expect(new Set(byTime.values()).size).toBeGreaterThan(POINTS / 2)
  const differing = travelled.flatMap(({ time, state }) => {
    const [is, should] = [state.split('\n'), byTime.get(time)!.split('\n')]
    return is.flatMap((line, n) => (line === should[n] ? [] : [`at ${time}: ${line}, not ${should[n]}`]))
  })
  expect(differing.slice(0, 10)).toEqual([])
  expect(again).toBe(live)
  expect(live.split('\n').at(-1)!.length).toBeGreaterThan(100)
})
