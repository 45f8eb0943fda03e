/** The line tables of `fixtures/lines/`, row by row as readelf and llvm-dwarfdump have them; the live comparison is `oracle/dwarf.oracle.ts`. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { TableRow } from '../src/emu/machine/dwarf-line.ts'
import { readElf } from '../src/emu/machine/elf.ts'
import { dwarfdumpRows, readelfRows, rowOfDwarfdump, rowOfReadelf } from './oracle/dwarf.ts'

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
