import { expect, test } from 'vitest'
import type { BreakpointView, MachineView, SourceFileView } from '../../emu/worker/protocol.ts'
import { addressesForLine, fileMarks, fileOfTab, fileTab, labels, shownFiles, tabsThatFit } from './fileTabs.ts'

const file = (path: string, attached = false): SourceFileView => ({ path, name: path.slice(path.lastIndexOf('/') + 1), attached })
const five = ['a.c', 'b.c', 'c.c', 'd.c', 'e.c'].map(name => file(name))

test('a tab is of a file or of none', () => {
  expect(fileOfTab(fileTab(7))).toBe(7)
  expect(fileOfTab('disassembly')).toBeNull()
})

test('few files all have a tab; of many, the one chosen, those that are here, that of NIP', () => {
  expect(shownFiles(five.slice(0, 2), null, null, 3)).toEqual([0, 1])
  expect(shownFiles(five, null, null, 3)).toEqual([0, 1, 2])
  expect(shownFiles(five, 4, null, 3)).toEqual([0, 1, 4])
  expect(shownFiles(five, 4, 3, 3)).toEqual([0, 3, 4])
  const here = [...five.slice(0, 3), file('d.c', true), file('e.c', true)]
  expect(shownFiles(here, 1, null, 1)).toEqual([3])
  expect(shownFiles(here, 4, null, 1)).toEqual([4])
  expect(shownFiles(here, 1, null, 3)).toEqual([1, 3, 4])
  expect(shownFiles(here, 1, 0, 1)).toEqual([0])
  expect(shownFiles(five.slice(0, 2), 9, 8, 3)).toEqual([0, 1])
})

test('as many tabs as the header has room for', () => {
  expect([0, 418, 519, 520, 600, 2000].map(tabsThatFit)).toEqual([1, 1, 1, 2, 3, 3])
})

test('files of one name are told apart by their paths', () => {
  expect(labels([file('/x/main.c'), file('/y/main.c'), file('/y/sum.c')])).toEqual(['/x/main.c', '/y/main.c', 'sum.c'])
})

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
const lines = [
  { line: 4, address: 0x100n },
  { line: 4, address: 0x200n },
  { line: 9, address: 0x108n },
]
const view = (breakpoints: BreakpointView[]) =>
  ({ breakpoints, state: { vcpu: 1 }, source: { file: 2, line: 9, column: 3 } }) as unknown as MachineView

test('a line has one mark for all its addresses, and the cursor is in its own file', () => {
  const marks = fileMarks(
    view([breakpoint(0x100n, { enabled: false }), breakpoint(0x200n), breakpoint(0x108n, { setBy: 'guest' })]),
    2,
    lines,
  )
  expect(marks).toEqual({ nip: { line: 9, tag: 'vCPU 1' }, others: [], breakpoints: [{ line: 4, address: 0x100n, enabled: true }] })
  expect(fileMarks(view([]), 1, lines)).toEqual({ nip: null, others: [], breakpoints: [] })
  expect(fileMarks(null, 2, lines)).toEqual({ nip: null, others: [], breakpoints: [] })
})

test('a breakpoint goes on the line, or on the next that has code', () => {
  expect(addressesForLine(lines, 4)).toEqual({ line: 4, addresses: [0x100n, 0x200n] })
  expect(addressesForLine(lines, 5)).toEqual({ line: 9, addresses: [0x108n] })
  expect(addressesForLine(lines, 10)).toBeNull()
})
