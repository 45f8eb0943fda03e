import { describe, expect, test } from 'vitest'
import { assemble } from './assemble.ts'
import { writeElf } from './elf-writer.ts'

const SOURCE = '.globl _start\n_start: nop\nlocal: b local\n.L1: .data\nvalue: .quad 5\n.bss\nroom: .space 64\n'

describe.each([true, false])('an executable (little-endian: %s)', littleEndian => {
  const a = assemble(SOURCE, { littleEndian, origin: 0x10000100n, dataOrigin: 0x10010000n })
  const file = writeElf(a, { littleEndian, entry: 0x10000100n })
  const view = new DataView(file.buffer)
  const half = (at: number) => view.getUint16(at, littleEndian)
  const word = (at: number) => view.getUint32(at, littleEndian)
  const double = (at: number) => view.getBigUint64(at, littleEndian)

  test('is ELF64 for ppc64, executable, ABI version 2, with its entry', () => {
    expect([...file.subarray(0, 8)]).toEqual([0x7f, 0x45, 0x4c, 0x46, 2, littleEndian ? 1 : 2, 1, 0])
    expect([half(16), half(18), double(24), word(48)]).toEqual([2, 21, 0x10000100n, 2])
  })

  test('has a segment for each section, with its bytes', () => {
    const segments = Array.from({ length: half(56) }, (_, i) => Number(double(32)) + 56 * i).map(at => ({
      type: word(at),
      flags: word(at + 4),
      offset: double(at + 8),
      address: double(at + 16),
      sizes: [double(at + 32), double(at + 40)],
    }))
    expect(segments.map(({ offset: _, ...rest }) => rest)).toEqual([
      { type: 1, flags: 5, address: 0x10000100n, sizes: [8n, 8n] },
      { type: 1, flags: 6, address: 0x10010000n, sizes: [8n, 8n] },
      { type: 1, flags: 6, address: 0x10010010n, sizes: [0n, 64n] },
    ])
    for (const s of segments.slice(0, 2)) expect((s.address - s.offset) % 0x1000n).toBe(0n)
    const text = Number(segments[0]!.offset)
    expect(file.slice(text, text + 8)).toEqual(a.sections[0]!.bytes)
  })
})

test('symbols have the type, size, binding and local entry that directives give them', () => {
  const source = `.globl f
.type f,@function
f: addis 2,12,.TOC.-f@ha
addi 2,2,.TOC.-f@l
.localentry f,.-f
blr
.size f,.-f
.weak w
w: bl f
ld 3,absent(0)
.weak absent
.comm room,16,8
`
  const a = assemble(source, { littleEndian: true, origin: 0x1000n })
  expect(a.diagnostics).toEqual([])
  // The call is to 8 bytes behind f: its local entry.
  expect(new DataView(a.sections[0]!.bytes.buffer).getUint32(12, true)).toBe(0x4bfffffd)
  const file = writeElf(a, { littleEndian: true, entry: 0x1000n })
  const view = new DataView(file.buffer)
  const headers = Number(view.getBigUint64(40, true))
  const table = headers + 64 * (view.getUint16(60, true) - 3)
  const [offset, size] = [24, 32].map(n => Number(view.getBigUint64(table + n, true))) as [number, number]
  const symbols = Array.from({ length: size / 24 - 1 }, (_, i) => offset + 24 * (i + 1)).map(at => [
    view.getUint8(at + 4),
    view.getUint8(at + 5),
    view.getBigUint64(at + 8, true),
    view.getBigUint64(at + 16, true),
  ])
  expect(symbols).toEqual([
    [0x12, 3 << 5, 0x1000n, 12n],
    [0x20, 0, 0x100cn, 8n],
    [0x11, 0, 0x1020n, 16n],
  ])
})
