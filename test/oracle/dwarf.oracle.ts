/** Our reader of line tables against readelf and llvm-dwarfdump, on the tables that GCC and GNU as write: every row. */
import { describe, expect, test } from 'vitest'
import type { TableRow } from '../../src/emu/machine/dwarf-line.ts'
import { readElf } from '../../src/emu/machine/elf.ts'
import { type Build, decoded, dwarfdumpRows, readelfRows, rowOfDwarfdump, rowOfReadelf } from './dwarf.ts'

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
