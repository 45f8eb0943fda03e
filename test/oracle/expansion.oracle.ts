/** Macros, conditions and levels of the processor against GNU as; lines of our ELF files against objdump and GDB. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { assemble } from '../../src/emu/asm/assemble.ts'
import { writeElf } from '../../src/emu/asm/elf-writer.ts'
import { levels } from '../../src/emu/isa/levels.ts'
import { gnuImage } from './binutils.ts'
import { textCases } from './binutils-cases.ts'
import { randomSource } from './random-sources.ts'
import { seeded } from './samples.ts'

const SEED = Number(process.env.SEED ?? Date.now() % 2 ** 32)
const SOURCES = Number(process.env.SOURCES ?? 150)

const ours = (source: string, littleEndian: boolean) => {
  const a = assemble(source, { littleEndian, origin: 0n })
  const errors = a.diagnostics.filter(d => d.severity === 'error')
  const bytes = Buffer.from(a.sections.find(s => s.name === '.text')?.bytes ?? []).toString('hex')
  return { bytes: errors.length > 0 ? 'an error' : bytes, errors }
}

test.each([
  true,
  false,
])(`random macros and conditions: the same bytes, or an error from both (seed ${SEED}, little-endian: %s)`, littleEndian => {
  const random = seeded(SEED)
  let good = 0
  for (let n = 0; n < SOURCES; n++) {
    const source = randomSource(random)
    const { bytes, errors } = ours(source, littleEndian)
    const gnu = gnuImage(source, { littleEndian })
    const theirs = gnu.bytes === null ? 'an error' : Buffer.from(gnu.bytes).toString('hex')
    if (theirs !== 'an error') good++
    const why = `${source}\nours: ${errors[0]?.line} ${errors[0]?.message}\nas: ${[...gnu.errors.entries()][0]}`
    expect(bytes, why).toBe(theirs)
  }
  expect(good).toBeGreaterThan(SOURCES / 2)
})

/** `tlbie` and `tlbiel` have other operands before POWER9, which ours do not have. */
const OTHER_OPERANDS = /^tlbiel?$/
/** Refused by GNU as below POWER9 for some operands only. */
const SOME_OPERANDS = /^slbmfe[ev]$/

test('levels: each spelling is refused for the processors for which GNU as refuses it', () => {
  const cases = textCases(seeded(SEED), () => 2).filter(c => !OTHER_OPERANDS.test(c.name) && !SOME_OPERANDS.test(c.name))
  const source = cases.map((c, i) => `.org ${4 * i}\n${c.text}\n`).join('')
  for (const cpu of levels) {
    const gnu = gnuImage(source, { cpu }).errors
    const { diagnostics } = assemble(source, { littleEndian: false, origin: 0n, cpu })
    const refused = new Set(diagnostics.filter(d => d.severity === 'error').map(d => d.line))
    const different = cases.flatMap((c, i) =>
      refused.has(2 * i + 2) === gnu.has(2 * i + 2) ? [] : [`${c.text}: as ${gnu.get(2 * i + 2) ?? 'takes it'}`],
    )
    // More than a thousand errors are not all shown.
    expect(different.slice(0, 20), cpu).toEqual([])
  }
})

const PROGRAM = `.globl _start
.type _start,@function
_start: li r3,1
 nop

.macro twice a
 addi r3,r3,\\a
 addi r4,r4,\\a
.endm
 twice 5
 .rept 2
 mr r5,r6
 .endr
 b .
.size _start,.-_start
.section .init,"ax"
.org 0x10000000
 blr
.data
value: .quad 5
`

test.each([true, false])('lines of an ELF: objdump and GDB know them (little-endian: %s)', littleEndian => {
  const a = assemble(PROGRAM, { littleEndian, origin: 0x10010000n })
  expect(a.diagnostics).toEqual([])
  const directory = mkdtempSync(join(tmpdir(), 'lines-'))
  try {
    const path = join(directory, 'a.elf')
    writeFileSync(path, writeElf(a, { littleEndian, entry: 0x10010000n, source: 'program.s' }))
    writeFileSync(join(directory, 'program.s'), PROGRAM)
    const run = (command: string, ...args: string[]) => spawnSync(command, [...args, path], { encoding: 'utf8', cwd: directory })
    const dump = run('powerpc64le-linux-gnu-objdump', '--dwarf=decodedline')
    expect(dump.stderr).toBe('')
    const rows = [...dump.stdout.matchAll(/^program\.s +(\d+|-) +(0x\w+)/gm)].map(([, line, address]) => `${line} ${address}`)
    expect(rows).toEqual([
      '18 0x10000000',
      '- 0x10000004',
      '3 0x10010000',
      '4 0x10010004',
      '10 0x10010008',
      '12 0x10010010',
      '14 0x10010018',
      '- 0x1001001c',
    ])
    const ask = ['info line *0x1001000c', 'info line *0x10000000', 'list *0x10010018', 'info address _start'].flatMap(c => ['-ex', c])
    const gdb = run('gdb-multiarch', '-batch', '-nx', ...ask)
    expect(gdb.stderr).toBe('')
    expect(gdb.stdout).toMatch(/Line 10 of ".*program\.s" starts at address 0x10010008 <_start\+8> and ends at 0x10010010/)
    expect(gdb.stdout).toMatch(/Line 18 of ".*program\.s" starts at address 0x10000000/)
    expect(gdb.stdout).toMatch(/0x10010018 is (in _start \(.*\)|at .*program\.s:14)/)
    expect(gdb.stdout).toMatch(/^14\t b \.$/m)
    const { stdout, stderr } = run('powerpc64le-linux-gnu-readelf', '-W', '-s', '-S', '-wi')
    expect(stderr).toBe('')
    expect(stdout).toMatch(/28 FUNC +GLOBAL +DEFAULT +\d+ _start/)
  } finally {
    rmSync(directory, { recursive: true })
  }
})
