import { expect, test } from 'vitest'
import type { BreakpointView, MachineView } from '../../emu/worker/protocol.ts'
import { changed, freshLines } from './lineMap.ts'
import { sameMarks, sourceMarks } from './sourceMarks.ts'

const breakpoint = (address: bigint, rest: Partial<BreakpointView> = {}): BreakpointView => ({
  kind: 'software',
  address,
  symbol: null,
  enabled: true,
  setBy: 'you',
  condition: null,
  hits: 0,
  ...rest,
})
const view = (kind: 'source' | 'elf' = 'source') =>
  ({
    program: {
      name: 'guest.s',
      kind,
      instructions: 2,
      littleEndian: true,
      entry: 0x100n,
      symbols: [],
      lines: [
        { line: 2, address: 0x100n },
        { line: 4, address: 0x104n },
      ],
    },
    state: { vcpu: 0, registers: { NIP: 0x104n } },
    schedule: { vcpus: [{ vcpu: 0, nip: 0x104n }] },
    breakpoints: [breakpoint(0x100n, { enabled: false }), breakpoint(0x104n, { setBy: 'hypervisor' })],
  }) as unknown as MachineView

test('the cursor and the own breakpoints stand on their lines', () => {
  expect(sourceMarks(view())).toEqual({
    nip: { line: 4, tag: 'vCPU 0' },
    others: [],
    breakpoints: [{ line: 2, address: 0x100n, enabled: false }],
  })
})

test('after typing they stay with their statements, and go with a deleted one', () => {
  const below = changed(freshLines(5), { start: 1, end: 1, startColumn: 1, endColumn: 1, added: 1, headBlank: true })
  expect(sourceMarks(view(), below).nip?.line).toBe(5)
  const gone = changed(freshLines(5), { start: 4, end: 5, startColumn: 1, endColumn: 1, added: 0, headBlank: false })
  expect(sourceMarks(view(), gone).nip).toBeNull()
})

test('with another program loaded the text has no marks', () => {
  expect(sourceMarks(view('elf'))).toEqual({ nip: null, others: [], breakpoints: [] })
  expect(sourceMarks(null)).toEqual({ nip: null, others: [], breakpoints: [] })
})

test('equal marks are told from different ones', () => {
  expect(sameMarks(sourceMarks(view()), sourceMarks(view()))).toBe(true)
  expect(sameMarks(sourceMarks(view()), sourceMarks(null))).toBe(false)
})

test('other vCPUs have their own cursors; in problem state they stand at real addresses', () => {
  const linear = 0xc000000000000000n
  const two = view()
  const program = { ...two.program!, lines: two.program!.lines.map(l => ({ ...l, address: l.address | linear })) }
  const state = { ...two.state, registers: { NIP: 0x104n | linear } }
  const at = (...nips: bigint[]) =>
    sourceMarks({ ...two, program, state, schedule: { vcpus: nips.map((nip, vcpu) => ({ vcpu, nip })) } } as unknown as MachineView)
  expect(at(0x104n | linear, 0x100n)).toMatchObject({ nip: { line: 4, tag: 'vCPU 0' }, others: [{ line: 2, tag: 'vCPU 1' }] })
  expect(at(0x104n | linear, 0x104n | linear, 0x500n)).toMatchObject({ nip: { line: 4, tag: 'vCPU 0, 1' }, others: [] })
})
