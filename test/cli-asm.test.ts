/** `twostep asm`: listings, included files, levels of the processor, and the lines in an ELF. */
import { expect, test } from 'vitest'
import { main } from '../src/cli/main.ts'
import { readElf } from '../src/emu/machine/elf.ts'
import { TestIo } from './test-io.ts'

function twostep(line: string, files: Record<string, string>) {
  const io = new TestIo(files)
  return { status: main(line.split(' '), io), out: io.text, errors: io.errors, io }
}

test('--listing writes the listing, with or without a file', () => {
  const files = { 'a.s': '_start: li r3, 1\n' }
  const listed = '   1 0000000000000000 01006038         _start: li r3, 1\n\nSymbols\n_start 0000000000000000 local\n'
  expect(twostep('asm a.s --listing', files)).toMatchObject({ status: 0, out: listed, errors: [] })
  const both = twostep('asm a.s -o a.bin --listing --endian big', files)
  expect(both.out).toContain('38600001')
  expect([...both.io.files.get('a.bin')!]).toEqual([0x38, 0x60, 0, 1])
})

test('a listing shows what could be made of a source that is wrong', () => {
  const { status, out, errors } = twostep('asm a.s --listing', { 'a.s': 'nop\nfoo\n' })
  expect(status).toBe(1)
  expect(out).toContain('   1 0000000000000000 00000060         nop\n')
  expect(errors).toEqual(['a.s:2:1: error: no instruction "foo". Nearest: nop.', 'twostep: a.s has 1 error; nothing was written.'])
})

test('.include reads files beside the source', () => {
  const files = {
    'd/a.s': '.include "m.inc"\n.include "sub/k.inc"\n m K\n',
    'd/m.inc': '.macro m x\n.byte \\x\n.endm\n',
    'd/sub/k.inc': 'K = 7\n',
  }
  expect([...twostep('asm d/a.s -o a.bin', files).io.files.get('a.bin')!]).toEqual([7])
  expect(twostep('asm a.s -o a.bin', { 'a.s': '.include "none.inc"\n' }).errors[0]).toBe(
    'a.s:1:10: error: no file "none.inc" to include. Twostep comes with hcall.inc, msr.inc, spr.inc, vectors.inc',
  )
})

test('--cpu refuses instructions of later processors', () => {
  const files = { 'a.s': 'modsd 3,4,5\n' }
  expect(twostep('asm a.s -o a.bin --cpu power9', files).status).toBe(0)
  expect(twostep('asm a.s -o a.bin --cpu power8', files).errors[0]).toBe(
    'a.s:1:1: error: modsd needs power9; what is assembled here is for power8',
  )
  expect(twostep('asm a.s -o a.bin --cpu power5', files).errors[0]).toContain('expected power7 or power8 or power9 or power10')
})

test.each(['little', 'big'])('an ELF has the lines of its source, those of a macro at its call (%s-endian)', endian => {
  const source = '_start: nop\n.macro m\n li r3,1\n li r4,2\n.endm\n m\n b .\n.section .init,"ax"\n blr\n'
  const elf = readElf(twostep(`asm a.s -o a.elf --endian ${endian}`, { 'a.s': source }).io.files.get('a.elf')!)
  expect(elf.lines.problem).toBeNull()
  const table = elf.lines.table!
  const rows = Array.from({ length: table.size }, (_, n) => table.row(n))
  expect(rows.map(r => [table.files[r.file]!.path, Number(r.address), r.endSequence ? 'end' : r.line])).toEqual([
    ['./a.s', 0, 1],
    ['./a.s', 4, 6],
    ['./a.s', 12, 7],
    ['./a.s', 16, 'end'],
    ['./a.s', 16, 9],
    ['./a.s', 20, 'end'],
  ])
})
