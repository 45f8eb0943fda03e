/**
 * The table of floating-point, vector, VSX and transactional instructions against GNU binutils: which words are such instructions,
 * under which names, and of which register file.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Facility, facilityOf, facilityRows } from '../../src/emu/isa/facility.ts'

interface Line {
  word: number
  name: string
  operands: string
}

/** What objdump makes of each word, as POWER9, without extended mnemonics. `.long` where it is none. */
function disassemble(words: readonly number[]): Line[] {
  const folder = mkdtempSync(join(tmpdir(), 'facility-'))
  try {
    const file = join(folder, 'words')
    const bytes = Buffer.alloc(words.length * 4)
    for (const [i, w] of words.entries()) bytes.writeUInt32BE(w, i * 4)
    writeFileSync(file, bytes)
    const options = ['-b', 'binary', '-m', 'powerpc:common64', '-M', 'power9,raw', '-EB', '-D', '-z', file]
    const text = execFileSync('powerpc64le-linux-gnu-objdump', options, { maxBuffer: 1 << 28, encoding: 'utf8' })
    const lines = text.split('\n').flatMap(line => {
      const [, hex, instruction] = line.split('\t')
      if (hex === undefined || instruction === undefined) return []
      const [name = '', ...operands] = instruction.trim().split(/\s+/)
      return [{ word: Number.parseInt(hex.replaceAll(' ', ''), 16), name, operands: operands.join('') }]
    })
    if (lines.length !== words.length) throw new Error(`objdump printed ${lines.length} lines for ${words.length} words`)
    return lines
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Each field of 6:20 in all its values with the others 0, and a few of all three. */
const upperFields = [0, 0x03ff_f800, 0x02aa_2800, 0x0064_2800]
for (const shift of [21, 16, 11]) for (let v = 1; v < 32; v++) upperFields.push(v << shift)

/** With every value of bits 21:31 under opcodes that have extended ones; without, a few displacements. */
const wordsOf = (opcode: number, extended: boolean): number[] => {
  const lows = extended ? Array.from({ length: 2048 }, (_, i) => i) : [0, 8, 2047]
  return lows.flatMap(low => upperFields.map(upper => ((opcode << 26) | upper | low) >>> 0))
}

/** Phased out: no-ops on POWER9. Vector in binutils' eyes, but they need no facility. */
const DATA_STREAM = /^ds(t|st|tt|stt|s|sall)$/
const TRANSACTIONAL = /^t(begin|end|check|sr|abort\w*|reclaim|rechkpt)\.?$/
/** Written out by objdump even with `raw`. */
const EXTENDED: Readonly<Record<string, string>> = { 'tendall.': 'tend.' }

/** What the operands of objdump's text say of the facility; null where it is none of ours. */
function byOperands({ word, name, operands }: Line): Facility[] | null {
  const opcode = word >>> 26
  if (TRANSACTIONAL.test(name) || name in EXTENDED) return ['tm']
  if (name === '.long' || DATA_STREAM.test(name)) return null
  const files = new Set(operands.match(/\b(vs|v|f)(?=\d)/g))
  if (opcode === 63 && name.startsWith('xs')) return ['vsx']
  if (files.has('vs')) return ['fp', 'vec', 'vsx']
  if (files.has('v')) return ['vec']
  return files.has('f') || opcode === 59 || opcode === 63 ? ['fp'] : null
}

const extended = [4, 17, 19, 30, 31, 56, 57, 58, 59, 60, 61, 62, 63]
const opcodes = Array.from({ length: 64 }, (_, n) => n)

describe.each(opcodes)('primary opcode %i', opcode => {
  test('the words that use floating-point, vector or VSX registers are those of the table', () => {
    const differences = new Set<string>()
    for (const line of disassemble(wordsOf(opcode, extended.includes(opcode)))) {
      if (line.name === '.long') continue
      const expected = byOperands(line)
      const ours = facilityOf(line.word)
      const name = EXTENDED[line.name] ?? line.name
      if (expected ? ours?.name !== name || !expected.includes(ours.facility) : ours !== null)
        differences.add(`${line.name}: ${ours ? `${ours.name} (${ours.facility})` : 'not in the table'}, operands ${line.operands}`)
    }
    expect([...differences]).toEqual([])
  })
})

test('every row is an instruction of POWER9 under its name', () => {
  const plain = disassemble(facilityRows.map(r => r.match))
  // An update form with RA = 0 is invalid, and no .long only with another RA.
  const withBase = disassemble(facilityRows.map(r => (r.match | (1 << 16)) >>> 0))
  const names = plain.map((line, i) => (line.name === '.long' ? withBase[i]!.name : line.name))
  expect(names).toEqual(facilityRows.map(r => r.name))
})
