/** Our reader of line tables against readelf and llvm-dwarfdump, on the tables that GCC and GNU as write: every row. */
import { describe, expect, test } from 'vitest'
import type { TableRow } from '../../src/emu/machine/dwarf-line.ts'
import { readElf } from '../../src/emu/machine/elf.ts'
import { type Build, baseName, decoded, dwarfdumpRows, gdbPlaces, llvmPlaces, readelfRows, rowOfDwarfdump, rowOfReadelf } from './dwarf.ts'

const compilers = ['powerpc64le-linux-gnu-gcc', 'powerpc64-linux-gnu-gcc'] as const

/** Who writes the table, in which version: GNU as from .loc, or GCC itself. */
const writers: readonly { name: string; flags: readonly string[] }[] = [
  { name: 'as, version 3', flags: ['-gdwarf-4'] },
  { name: 'as, version 4', flags: ['-gdwarf-4', '-Wa,-gdwarf-4'] },
  { name: 'as, version 5', flags: ['-gdwarf-5', '-Wa,-gdwarf-5'] },
  { name: 'GCC, version 4', flags: ['-gdwarf-4', '-gno-as-loc-support'] },
  { name: 'GCC, version 5', flags: ['-gdwarf-5', '-gno-as-loc-support'] },
  { name: 'GCC, version 5, 64-bit format', flags: ['-gdwarf-5', '-gdwarf64', '-gno-as-loc-support'] },
  { name: 'GCC, version 4, 64-bit format', flags: ['-gdwarf-4', '-gdwarf64', '-gno-as-loc-support'] },
]
const levels: readonly Pick<Build, 'flags' | 'link'>[] = [
  { flags: ['-O0'] },
  { flags: ['-O2'] },
  { flags: ['-O2', '-ffunction-sections'], link: ['--gc-sections'] },
]

for (const compiler of compilers)
  describe(compiler, () => {
    for (const { name, flags } of writers)
      for (const level of levels)
        test(`${name}, ${[...level.flags, ...(level.link ?? [])].join(' ')}`, () => {
          const { bytes, readelf, dwarfdump } = decoded({ ...level, compiler, flags: [...flags, ...level.flags] })
          const { table, problem } = readElf(bytes).lines
          expect(problem).toBeNull()
          const rows = Array.from({ length: table!.size }, (_, n) => table!.row(n))
          const path = (r: TableRow) => table!.files[r.file]!.path
          const wanted = readelfRows(readelf)
          expect(wanted.length).toBeGreaterThan(100)
          expect(rows.map(r => rowOfReadelf(r.address, path(r), r.line, r.isStatement, r.endSequence))).toEqual(wanted)
          expect(rows.map(r => rowOfDwarfdump(r.address, path(r), r.line, r.column, r.isStatement, r.endSequence))).toEqual(
            dwarfdumpRows(dwarfdump),
          )
          for (const version of dwarfdump.matchAll(/version: (\d)/g)) expect(name).toContain(`version ${version[1]}`)
        })
  })

describe('each instruction comes from the line that GDB says', () => {
  for (const compiler of compilers)
    for (const version of [4, 5])
      for (const level of ['-O0', '-O1', '-O2', '-O3'])
        test(`${compiler}, version ${version}, ${level}`, () => {
          const { bytes } = decoded({ compiler, flags: [`-gdwarf-${version}`, `-Wa,-gdwarf-${version}`, level] })
          const { segments, lines } = readElf(bytes)
          const code = segments.filter(s => s.executable)
          const addresses = code.flatMap(s => Array.from({ length: s.bytes.length >> 2 }, (_, n) => s.address + BigInt(4 * n)))
          const ours = addresses.map(a => {
            const place = lines.table!.at(a)
            return place && `${baseName(lines.table!.files[place.file]!.path)}:${place.line}`
          })
          expect(ours.filter(Boolean).length).toBeGreaterThan(500)
          const gdb = gdbPlaces(bytes, addresses)
          expect(gdb.length).toBe(addresses.length)
          // GDB drops rows that repeat a line and have a discriminator: there the line before goes on. Such rows stand as LLVM says.
          const others = addresses.flatMap((address, n) => (ours[n] === gdb[n] ? [] : [{ address, ours: ours[n], gdb: gdb[n] }]))
          const llvm = others.length
            ? llvmPlaces(
                bytes,
                others.map(o => o.address),
              )
            : []
          expect(others.filter((o, n) => o.ours !== llvm[n])).toEqual([])
          expect(others.length).toBeLessThan(addresses.length / 100)
        })
})
