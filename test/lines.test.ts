/** The line tables of `fixtures/lines/`, row by row as readelf and llvm-dwarfdump have them; the live comparison is `oracle/dwarf.oracle.ts`. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { main } from '../src/cli/main.ts'
import type { TableRow } from '../src/emu/machine/dwarf-line.ts'
import { readElf } from '../src/emu/machine/elf.ts'
import { dwarfdumpRows, readelfRows, rowOfDwarfdump, rowOfReadelf } from './oracle/dwarf.ts'
import { TestIo } from './test-io.ts'

const fixture = (name: string) => readFileSync(new URL(`fixtures/lines/${name}`, import.meta.url))

test.each(['sum.le', 'sum.be'])('%s.elf', name => {
  const { lines, localEntries, symbols } = readElf(new Uint8Array(fixture(`${name}.elf`)))
  const table = lines.table!
  expect(lines.problem).toBeNull()
  const rows = Array.from({ length: table.size }, (_, n) => table.row(n))
  const path = (r: TableRow) => table.files[r.file]!.path
  const text = rows.map(r => rowOfReadelf(r.address, path(r), r.line, r.isStatement, r.endSequence))
  expect(text.length).toBeGreaterThan(50)
  expect(text).toEqual(readelfRows(fixture(`${name}.readelf.txt`).toString()))
  expect(rows.map(r => rowOfDwarfdump(r.address, path(r), r.line, r.column, r.isStatement, r.endSequence))).toEqual(
    dwarfdumpRows(fixture(`${name}.dwarfdump.txt`).toString()),
  )
  const main = symbols.find(s => s.name === 'main')!.address
  expect(localEntries.get(main)).toBe(main + 8n)
})

test.each(['little', 'big'])('what our assembler makes of a source names its lines, %s-endian', endian => {
  const source = '# one\n_start: li r3, 0\n\nloop: addi r3, r3, 1\n b loop\n .data\n .long 1\n'
  const io = new TestIo({ 'dir/a.s': source })
  expect(main(`asm dir/a.s -o a.elf --endian ${endian}`.split(' '), io)).toBe(0)
  const { table, problem } = readElf(io.files.get('a.elf')!).lines
  expect(problem).toBeNull()
  expect(table!.files.map(f => f.path.slice(f.path.lastIndexOf('/') + 1))).toEqual(['a.s'])
  expect([0n, 4n, 8n, 12n].map(a => table!.at(a)?.line ?? null)).toEqual([2, 4, 5, null])
  expect(table!.addresses(0, 4)).toEqual([4n])
})
