/**
 * The table of floating-point, vector, VSX and transactional instructions against GNU binutils: which words are such instructions,
 * under which names, and of which register file.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MSR } from '../../src/emu/isa/bitfields.ts'
import { type Facility, type FacilityRow, facilities, facilityOf, facilityRows } from '../../src/emu/isa/facility.ts'
import { interrupts } from '../../src/emu/isa/interrupts.ts'
import { gnuDisassemble } from './binutils.ts'
import { CODE, DATA } from './one-step.ts'
import { QemuGuest } from './qemu-guest.ts'

interface Line {
  word: number
  name: string
  operands: string
}

/** What objdump makes of each word, as POWER9, without extended mnemonics. `.long` where it is none. */
function disassemble(words: readonly number[]): Line[] {
  const texts = gnuDisassemble(words, 'power9,raw')
  if (texts.length !== words.length) throw new Error(`objdump printed ${texts.length} lines for ${words.length} words`)
  return texts.map((text, i) => {
    const [name = '', operands = ''] = text.split(' ')
    return { word: words[i]!, name, operands }
  })
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

// ───────── QEMU ─────────

/** QEMU 7.2 tests another facility: the target of lxsd is a vector register, and the rotates with mask are vector instructions. */
const QEMU_TESTS_VSX = new Set(['lxsd', 'vrlwmi', 'vrlwnm', 'vrldmi', 'vrldnm'])

const PROGRAM = BigInt(interrupts.program.vector)
const REGISTERS = Object.fromEntries(Array.from({ length: 32 }, (_, n) => [n, n === 0 ? 0n : BigInt(DATA)]))

describe('in QEMU', () => {
  let qemu: QemuGuest
  beforeAll(async () => {
    qemu = await QemuGuest.start()
  })
  afterAll(() => qemu.stop())

  /** Where the thread is after the word, with these facilities on. */
  const landing = async (word: number, on: readonly Facility[]): Promise<bigint> => {
    const msr = on.reduce((m, f) => m | MSR.mask[facilities[f].msr], MSR.mask.SF | MSR.mask.ME)
    const storage = [{ at: DATA, bytes: '00'.repeat(64) }]
    const rest = { cr: 0, xer: 0, lr: 0n, ctr: 0n, gpr: REGISTERS, spr: {}, steps: 1, tables: false }
    return (await qemu.step({ instruction: 'facility', word, nip: BigInt(CODE), msr, ...rest, storage })).nip
  }

  /** QEMU takes reserved bits for illegal: the first set of operands with which it knows the row, and null where there is none. */
  async function known(row: FacilityRow, more: number): Promise<number | null> {
    const all: Facility[] = row.facility === 'tm' ? [] : ['fp', 'vec', 'vsx']
    for (const operands of [(2 << 16) | (6 << 11), 2 << 16, 6 << 11, 0]) {
      const word = (row.match | more | (operands & ~row.mask)) >>> 0
      if ((await landing(word, all)) !== PROGRAM) return word
    }
    return null
  }

  test('each instruction takes the interrupt of its facility, and needs no other', async () => {
    const found: string[] = []
    const unknown: string[] = []
    for (const row of facilityRows)
      for (const more of row.upper ? [0, row.upper.bit] : [0]) {
        const word = await known(row, more)
        if (word === null) {
          unknown.push(row.name)
          continue
        }
        const facility = QEMU_TESTS_VSX.has(row.name) ? 'vsx' : facilityOf(word)!.facility
        const vector = BigInt(interrupts[facilities[facility].interrupt].vector)
        const others = (['fp', 'vec', 'vsx'] as const).filter(f => f !== facility)
        const next = facility === 'tm' ? vector : BigInt(CODE + 4)
        const seen = [await landing(word, []), await landing(word, others), await landing(word, facility === 'tm' ? [] : [facility])]
        if (seen[0] !== vector || seen[1] !== vector || seen[2] !== next)
          found.push(`${row.name} 0x${word.toString(16)}: ${facility}, but ${seen.map(v => v.toString(16)).join(' ')}`)
      }
    expect(found).toEqual([])
    expect(unknown).toEqual([])
  })
})
