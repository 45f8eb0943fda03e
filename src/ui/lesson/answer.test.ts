/** What the user did, written down: done again, it makes the same machine. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Headless } from '../../cli/headless.ts'
import { play } from '../../emu/script/play.ts'
import { parseScript } from '../../emu/script/script.ts'
import type { Command, Commands } from '../../emu/worker/protocol.ts'
import { useStore } from '../store/store.ts'
import { answerChosen, answerText, beginAnswer, endAnswer, goOnWithAnswer, noteSent, takeUpAnswer, unnoted } from './answer.ts'

const SOURCE = `# twostep: map=radix ail=3 ir=1 dr=1 ram=16M
        .include "hcall.inc"
_start: bcl     20, 31, here
here:   mflr    r8
        addi    r9, r8, cell - here
count:  addi    r3, r3, 1
        std     r3, 0(r9)
        bl      twice
        li      r3, H_GET_TERM_CHAR
        li      r4, 0
        sc      1
        add     r30, r30, r4            # how much was typed
        ld      r3, 0(r9)
        b       count
twice:  add     r31, r3, r3
        blr
        .balign 8
cell:   .quad   0
        .section .real, "ax"
        .org    0xd00
        b       0xd00                   # a Trace interrupt that nobody waits for
`

/** As the page has it: a request, then what is noted of it. */
class Page {
  readonly machine = new Headless()

  async send<C extends Command>(command: C, args: Commands[C]['arguments']): Promise<Commands[C]['body']> {
    const body = await this.machine.send(command, args)
    useStore.setState({ view: this.machine.view })
    noteSent(command, args, body)
    return body
  }

  async untilPast(instructions: bigint): Promise<void> {
    while (this.machine.view.instructions <= instructions) await new Promise(go => setImmediate(go))
  }

  get stands() {
    const { instructions, state, controller } = this.machine.view
    return { instructions, registers: state.registers, policy: controller.policy, printed: this.machine.output.console }
  }
}

async function again(text: string): Promise<Page['stands']> {
  const page = new Page()
  await page.machine.send('loadSource', { name: 'guest.s', source: SOURCE })
  await play(parseScript(text), {
    send: (command, args) => page.machine.carryOut(command, args),
    load: () => Promise.reject(new Error('no program')),
  })
  return page.stands
}

let page: Page
const kept = new Map<string, string>()
beforeEach(async () => {
  vi.stubGlobal('localStorage', { getItem: (k: string) => kept.get(k) ?? null, setItem: (k: string, v: string) => void kept.set(k, v) })
  page = new Page()
  await page.machine.send('loadSource', { name: 'guest.s', source: SOURCE })
  await page.machine.send('setPolicy', { policy: 'rfc-v2' })
  beginAnswer({ title: 'Mine' }, 'lesson.own.mine')
})
afterEach(() => {
  endAnswer()
  kept.clear()
  vi.unstubAllGlobals()
})

const lines = (): string[] => answerText().split('\n').slice(2, -1)
const symbol = (name: string): bigint => page.machine.view.program!.symbols.find(s => s.name === name)!.address

test('runs that were paused, and what was typed in the middle of one, end where they ended', async () => {
  await page.send('setPolicy', { policy: 'transparent' })
  await page.send('stepOutside', {})
  await page.send('stepOutside', {})
  await page.send('continue', { actor: 'machine' })
  await page.untilPast(60_000n)
  await page.send('consoleInput', { text: 'x', port: 'console' })
  await page.untilPast(page.machine.view.instructions + 60_000n)
  await page.send('pause', {})
  await page.send('stepMachine', {})
  expect(lines()).toEqual([
    'policy transparent',
    'step outside 2',
    expect.stringMatching(/^continue machine until \d+$/),
    'type console "x"',
    expect.stringMatching(/^continue machine until \d+$/),
    'step machine',
  ])
  expect(page.stands.registers.r30).toBe(1n)
  expect(await again(answerText())).toEqual(page.stands)
})

test('breakpoints with conditions, running to a place, edits, and going through time', async () => {
  await page.send('setBreakpoints', {
    breakpoints: [
      {
        ...{
          kind: 'software',
          enabled: true,
          address: symbol('twice'),
          length: 1,
          access: 'write',
          number: null,
          register: '',
          vcpu: null,
        },
        ...{ privilege: 'any', condition: 'r3 == 5', ignore: 0, log: null },
      },
    ],
  })
  await page.send('continue', { actor: 'machine' })
  await page.machine.atRest()
  await page.send('runTo', { to: 'out' })
  await page.send('runTo', { to: 'address', address: symbol('count') })
  await page.send('writeMemory', { address: symbol('cell'), bytes: Uint8Array.of(7, 0, 0, 0, 0, 0, 0, 0) })
  await page.send('writeRegister', { vcpu: 0, register: 'r30', value: 0x55n })
  await page.send('stepMachine', {})
  await page.send('reverseContinue', {})
  await page.send('goOnFromHere', {})
  await page.send('runTo', { to: 'over' })
  await page.send('setHypervisorWalk', { walk: 'loop' })
  await page.send('stepHypervisor', {})
  await page.send('setSpeed', { speed: 'max' })
  expect(lines()).toEqual([
    `breakpoints [{"kind":"software","address":"0x${symbol('twice').toString(16)}","condition":"r3 == 5"}]`,
    'continue machine',
    'out',
    `to 0x${symbol('count').toString(16)}`,
    `write 0x${symbol('cell').toString(16)} 0700000000000000`,
    'set 0 r30 0x55',
    'step machine',
    'reverse',
    'here',
    'over',
    'walk loop',
    'step hypervisor',
  ])
  expect(await again(answerText())).toEqual(page.stands)
})

test('an outside step that does not report by itself is paused where it was', async () => {
  await page.send('runTo', { to: 'address', address: symbol('count') })
  // RFC v2 has its word where AIL 3 would lead: with AIL 0 the step is lost.
  await page.send('writeRegister', { vcpu: 0, register: 'LPCR', value: page.stands.registers.LPCR! & ~(3n << 23n) })
  const step = page.send('stepOutside', {})
  await page.untilPast(page.machine.view.instructions + 30_000n)
  await page.send('pause', {})
  await step
  expect(lines().at(-1)).toMatch(/^step outside until \d+$/)
  expect(await again(answerText())).toEqual(page.stands)
})

test('it goes on after a reload, and in another visit from the beginning', async () => {
  await page.send('stepOutside', {})
  answerChosen(1)
  takeUpAnswer({ title: 'Mine' }, 'lesson.own.mine')
  await page.send('stepOutside', {})
  expect(lines()).toEqual(['step outside', 'choose 2', 'step outside'])
  const lesson = { title: 'Mine', policy: 'rfc-v2', schedule: '0:3' } as Parameters<typeof goOnWithAnswer>[0]
  goOnWithAnswer(lesson, 'lesson.own.mine')
  await page.send('stepMachine', {})
  expect(lines()).toEqual([
    ...['step outside', 'choose 2', 'step outside', 'reset', 'policy rfc-v2', 'interrupts hold', 'locking replay', 'schedule 0:3'],
    'step machine',
  ])
  goOnWithAnswer(lesson, 'lesson.own.other')
  expect(lines()).toEqual([''])
})

test('what the page does to set a lesson up is no deed; a program of the user’s is one once it is used', async () => {
  await unnoted(() => page.send('setPolicy', { policy: 'tcg' }))
  await page.send('loadSource', { name: 'guest.s', source: SOURCE })
  expect(lines()).toEqual([''])
  await page.send('stepMachine', {})
  expect(answerText()).toBe('# Mine\n# guest.s has to lie beside the answer: save it too\n\nprogram guest.s\nstep machine\n')
})
