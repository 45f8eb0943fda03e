/** The debugger in the guest, driven from the page: monitor.s, its commands, and how it is stepped from outside while it steps. */
import { readFileSync } from 'node:fs'
import { beforeEach, describe, expect, test } from 'vitest'
import { Session } from '../debug/session.ts'
import { imageOfSource } from '../machine/image.ts'
import { Pseries } from '../machine/pseries.ts'
import { INSIDE_OFF } from './controller-view.ts'
import { Emulator } from './emulator.ts'

const source = readFileSync(new URL('../../../public/programs/monitor.s', import.meta.url), 'utf8')
const SE = 0x400n

let session: Session
let machine: Pseries
beforeEach(() => {
  const { image, diagnostics } = imageOfSource('monitor.s', source)
  expect(diagnostics).toEqual([])
  machine = new Pseries(image!)
  session = new Session(machine, 'transparent')
})
const inside = (command: string) => session.perform({ kind: 'inside', command }, 'inside')
const monitor = () => machine.devices.debugOutput
const symbol = (name: string) => machine.image.symbols.find(s => s.name === name)!.address
const lines = () => monitor().trim().split('\n')

describe('monitor.s', () => {
  test('takes over at the first trap, and steps one instruction a command', () => {
    expect(inside('s').text).toMatch(/waits for a command/)
    const trap = symbol('_start') + 8n
    expect(monitor()).toBe(`trap at ${trap.toString(16).padStart(16, '0')}\n`)
    inside('s')
    inside('s')
    expect(lines().slice(1)).toEqual([8n, 12n].map(n => `step at ${(trap + n).toString(16).padStart(16, '0')}`))
  })

  test('the mfmsr of its program shows the SE that it set itself', () => {
    for (let n = 0; n < 4; n++) inside('s')
    inside('r')
    const registers = lines()
      .slice(-34)
      .map(l => BigInt(`0x${l}`))
    expect(registers[5]! & SE).toBe(SE)
    expect(registers[3]).toBe(5n)
  })

  test('continues to the next trap, and shows memory', () => {
    inside('s')
    inside('c')
    expect(lines().at(-1)).toMatch(/^trap at/)
    machine.core.write(0x9000, new TextEncoder().encode('abcdefgh'))
    inside('m c000000000009000 8')
    expect(lines().at(-1)).toBe('6867666564636261')
    inside('m 40 8')
    expect(lines().at(-1)?.trim()).toBe('m?')
    inside('x')
    expect(lines().at(-1)).toBe('s? c r m')
  })

  test('goes back over its own step', () => {
    inside('s')
    inside('s')
    const before = monitor()
    inside('s')
    session.back('inside')
    expect(monitor()).toBe(before)
    inside('s')
    expect(lines()).toHaveLength(3)
  })

  /** Two debuggers, one vector. */
  test.each([
    ['transparent', 0],
    ['rfc-v2', 1],
  ] as const)('stepped from outside by %s while it steps its program', (policy, lost) => {
    const free = () => {
      inside('s')
      for (let n = 0; n < 3; n++) inside('s')
      return monitor()
    }
    const expected = free()
    const stepped = new Session(new Pseries(machine.image), policy)
    const other = stepped.machine as Pseries
    stepped.hypervisor.holdInterrupts = false
    let commands = 0
    let steps = 0
    for (; steps < 3000 && other.devices.debugOutput !== expected && commands < 12; steps++) {
      if (other.devices.debugWaits) {
        other.command('s')
        commands++
      }
      stepped.hypervisor.begin(0)
      if (stepped.hypervisor.finishStep(20_000).stop?.reason !== 'step') break
    }
    expect(other.devices.debugOutput === expected ? 0 : 1).toBe(lost)
  })
})

test('a program without one says so', async () => {
  const messages: unknown[] = []
  const emulator = new Emulator(m => messages.push(m), { now: () => 0, later: (_d, then) => void setTimeout(then, 0) })
  await emulator.handle({ type: 'request', seq: 1, command: 'loadSource', arguments: { name: 'a.s', source: '_start: b .\n' } })
  await emulator.handle({ type: 'request', seq: 2, command: 'stepInside', arguments: {} })
  expect(messages.at(-1)).toEqual({ type: 'response', seq: 2, success: false, message: INSIDE_OFF })
})
