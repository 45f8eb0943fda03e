/**
 * Random programs that both machines can run to the same place: loads and stores stay in a window, branches in the code, interrupts go to
 * handlers that save what they find. Left out is what cannot be compared (`deviations.ts`), the clocks, and what turns interrupts on.
 */
import { MSR } from '../../src/emu/isa/bitfields.ts'
import { type FieldName, fieldMask, insertField } from '../../src/emu/isa/fields.ts'
import type { Instruction } from '../../src/emu/isa/instruction.ts'
import { instructions } from '../../src/emu/isa/instructions.ts'
import { type Case, CODE, type Storage } from './one-step.ts'
import { edgeValue, type Random } from './random.ts'

/** Of data; a multiple of 64 KiB lies in its middle. */
export const WINDOW = 0x7f8000
export const WINDOW_BYTES = 0x10000
/** What one packet of the GDB stub holds. */
export const PIECE = 1024

const { SF, ME, IR, DR, RI, LE } = MSR.mask

/** Fixed point, logic, rotates, condition register: results depend on operands alone. */
const COMPUTING =
  /^(cr(and|andc|eqv|nand|nor|or|orc|xor)|mcrf|mcrxrx|mfcr|mtcrf|add\w*|subf\w*|neg|mull[wd]|mulli|mulhdu?|madd\w+|cmp\w*|isel|setb|and\w*|x?or\w*|nand|nor|eqv|ext\w+|cnt\w+|popcnt\w|prty\w|bpermd|rl\w+|s[lr][wd]|sra\w+|addg6s|cdtbcd)\.?$/
const LOADING = /^(l[bhwd]zx?|lha?x?|lhax|lwax?|ldx?|l[hwd]brx)$/
const STORING = /^(st[bhwd]x?|st[hwd]brx|dcbz)$/
const UPDATING = /^(l(bz|hz|ha|wz|wa|d)ux?|st[bhwd]ux?)$/
const HINTING = /^(dcbt|dcbtst|dcbst|icbi|sync|isync|eieio)$/
const DIVIDING = /^(divdu?|mod[su]d)$/
const TRAPPING = /^(twi|tdi|tw|td)$/
const named = (r: RegExp): readonly Instruction[] => instructions.filter(i => r.test(i.base) && i.base !== 'addpcis')
const rows = {
  computing: named(COMPUTING).filter(i => i.base !== 'addex'),
  loading: named(LOADING),
  storing: named(STORING),
  updating: named(UPDATING),
  hinting: named(HINTING),
  // By a divisor that is positive and small: neither overflow nor division by 0. Of a 32-bit quotient the upper half is undefined.
  dividing: named(DIVIDING),
  trapping: named(TRAPPING),
}
const row = (name: string): Instruction => instructions.find(i => i.name === name)!

/** Registers: 1 to 8 point into the window, 9 is set before each update, 10 to 13 are indices, 14 and 15 divisors, from 16 on results. */
const POINTERS = 8
const UPDATED = 9
const [FIRST_INDEX, INDICES] = [10, 4]
const [FIRST_DIVISOR, DIVISORS] = [14, 2]
const [FIRST_RESULT, RESULTS] = [16, 16]
/** Readable without a difference (of XER the upper half has one), and those that a program may also write. */
const READ = [8, 9, 18, 19, 26, 27, 272, 273, 274, 275]
const WRITTEN = [9, 272, 273, 274, 275]

type Fields = Partial<Record<FieldName, number>>

const word = (i: Instruction, any: number, fields: Fields): number => {
  let w = (i.match | (any & ~i.mask)) >>> 0
  for (const [name, value] of Object.entries(fields) as [FieldName, number][])
    if (i.operands.some(o => o.field === name || o.base?.field === name)) w = ((w & ~fieldMask(name)) | insertField(name, value)) >>> 0
  // Without the reserved bits, of which some mean something to QEMU.
  const known = i.operands.reduce((m, o) => m | fieldMask(o.field) | (o.base ? fieldMask(o.base.field) : 0), i.mask)
  return (w & known) >>> 0
}

const result = (r: Random): number => FIRST_RESULT + r.below(RESULTS)
const source = (r: Random): number => (r.chance(80) ? result(r) : r.below(32))
const displacement = (r: Random, most: number): number => 4 * (r.below((2 * most) / 4) - most / 4)

function memoryFields(r: Random, most: number, base: number): Fields {
  return { RT: result(r), RS: source(r), RA: base, RB: FIRST_INDEX + r.below(INDICES), D: displacement(r, most), DS: displacement(r, most) }
}

/** Words away, mostly ahead, so that a loop ends. */
function near(r: Random, at: number, length: number): number {
  const away = r.chance(93) ? 1 + r.below(24) : -1 - r.below(12)
  return 4 * (Math.max(0, Math.min(length - 1, at + away)) - at)
}

function branch(r: Random, at: number, length: number): number {
  const target = { BD: near(r, at, length), LI: near(r, at, length), BI: r.below(32), BH: 0 }
  const kind = r.below(20)
  if (kind < 2) return word(row(r.pick(['b', 'bl'])), 0, target)
  if (kind === 2) return word(row(r.pick(['bclr', 'bclrl'])), 0, { ...target, BO: r.pick([4, 12, 20, 16, 18]) })
  return word(row(r.chance(90) ? 'bc' : 'bcl'), 0, { ...target, BO: r.pick([4, 12, 4, 12, 16, 18, 0, 2, 8, 10]) })
}

/** The words of one statement: some need a word before them. */
function statement(r: Random, at: number, length: number): number[] {
  const any = r.word()
  const kind = r.below(100)
  const common: Fields = { RT: result(r), RS: source(r), RA: source(r), RB: source(r), RC: source(r) }
  if (kind < 48) {
    const i = r.pick(rows.computing)
    // Of logical instructions the target is RA.
    const toRa = i.operands[0]?.field === 'RA'
    return [word(i, any, toRa ? { ...common, RA: result(r) } : common)].filter(w => !isHint(w))
  }
  if (kind < 62) return [word(r.pick(rows.loading), any, memoryFields(r, 2048, 1 + r.below(POINTERS)))]
  if (kind < 74) {
    const i = r.pick(rows.storing)
    return [word(i, any, memoryFields(r, 2048, 1 + r.below(i.base === 'dcbz' ? POINTERS - 1 : POINTERS)))]
  }
  if (kind < 77) {
    const pointer = word(row('addis'), 0, { RT: UPDATED, RA: 0, SI: (WINDOW + WINDOW_BYTES / 2) >> 16 })
    return [pointer, word(r.pick(rows.updating), any, { ...memoryFields(r, 8, UPDATED), RB: FIRST_INDEX })]
  }
  if (kind < 80) return [word(r.pick(rows.dividing), any, { ...common, RB: FIRST_DIVISOR + r.below(DIVISORS) })]
  if (kind < 82) {
    // Adjacent, so that no interrupt comes between: QEMU's ends the reservation.
    const [size, base] = [r.pick(['b', 'h', 'w', 'd']), 1]
    const fields = { ...common, RA: 0, RB: base }
    return [word(row(`l${size}arx`), 0, fields), word(row(`st${size}cx.`), 0, { ...fields, RS: source(r) })]
  }
  // Where an access to a block faults, DAR is the address of any byte of it (Book III, 6.5.3): here of the operand, in QEMU of the first.
  if (kind < 84) return [word(r.pick(rows.hinting), 0, { RA: 1 + r.below(POINTERS - 1), RB: FIRST_INDEX })]
  if (kind < 87) return [word(row('mfspr'), 0, { RT: result(r), SPR: r.pick(READ) })]
  if (kind < 89) return [word(row('mtspr'), 0, { RS: source(r), SPR: r.pick(WRITTEN) })]
  if (kind < 91) return [word(r.pick(rows.trapping), any, common)]
  if (kind < 92) return [r.chance(30) ? 0x44000002 : r.chance(50) ? word(row('mfmsr'), 0, common) : 4]
  return [branch(r, at, length)]
}

/** `or x,x,x` sets a priority, or ends QEMU's turn. */
const isHint = (w: number): boolean =>
  w >>> 26 === 31 && ((w >>> 1) & 0x3ff) === 444 && ((w >>> 21) & 31) === ((w >>> 16) & 31) && ((w >>> 21) & 31) === ((w >>> 11) & 31)

export function codeOf(r: Random, length: number): number[] {
  const words: number[] = []
  while (words.length < length - 1) words.push(...statement(r, words.length, length))
  words.length = length - 1
  words.push((0x48000000 | ((-4 * (length - 1)) & 0x3fffffc)) >>> 0)
  return words
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const piecesOf = (at: number, bytes: Uint8Array): Storage[] =>
  Array.from({ length: Math.ceil(bytes.length / PIECE) }, (_, n) => ({
    at: at + n * PIECE,
    bytes: hex(bytes.subarray(n * PIECE, (n + 1) * PIECE)),
  }))

/** Saves SRR1, DAR and DSISR in registers that are results, goes on behind the culprit. Big-endian: LPCR[ILE] is 0. */
const HANDLER = [
  0x7fdb02a6, // mfsrr1 r30
  0x7fb302a6, // mfdar r29
  0x7f9202a6, // mfdsisr r28
  0x7ffa02a6, // mfsrr0 r31
  0x3bff0004, // addi r31,r31,4
  0x7ffa03a6, // mtsrr0 r31
  0x4c000024, // rfid
] // biome-ignore format: a list of instructions

function handlers(): Uint8Array {
  const bytes = new Uint8Array(0x1000)
  const view = new DataView(bytes.buffer)
  for (let at = 0x100; at < 0x1000; at += 0x80) HANDLER.forEach((w, n) => view.setUint32(at + 4 * n, w))
  return bytes
}

export interface ProgramCase extends Case {
  /** Words of the program. */
  readonly length: number
}

/** `problem` state cannot run free in QEMU: MSR[EE] is 1 there, and the decrementer interrupts. */
export function randomProgram(r: Random, length: number, problem: boolean): ProgramCase {
  const little = r.chance(50)
  const translated = problem || r.chance(50)
  let msr = ME | RI
  if (r.chance(75)) msr |= SF
  if (little) msr |= LE
  if (translated) msr |= IR | DR
  if (problem) msr |= MSR.mask.PR | MSR.mask.EE
  const code = new DataView(new ArrayBuffer(4 * length))
  codeOf(r, length).forEach((w, n) => code.setUint32(4 * n, w, little))
  const data = new Uint8Array(WINDOW_BYTES)
  for (let n = 0; n < data.length; n++) data[n] = r.chance(30) ? r.pick([0, 0xff, 0x80, 0x7f]) : r.below(256)
  const gpr: Record<number, bigint> = {}
  for (let n = 0; n < 32; n++) gpr[n] = edgeValue(r)
  for (let n = 1; n <= POINTERS; n++) gpr[n] = BigInt(WINDOW + 0x1000 * (n + 3) + (n === 1 ? 0 : r.below(64)))
  // A branch may come behind the word that sets it.
  gpr[UPDATED] = BigInt(WINDOW + WINDOW_BYTES / 2)
  // Of one pointer most uses are Data Storage interrupts.
  if (translated && r.chance(50)) gpr[POINTERS] = BigInt(0x2000000 - r.below(4096))
  for (let n = 0; n < INDICES; n++) gpr[FIRST_INDEX + n] = BigInt(n === 0 ? 8 : r.below(256))
  for (let n = 0; n < DIVISORS; n++) gpr[FIRST_DIVISOR + n] = BigInt(1 + r.below(1000))
  return {
    instruction: 'program',
    word: code.getUint32(0, little),
    nip: BigInt(CODE),
    msr,
    cr: r.word(),
    xer: (r.word() & 0xe00c0000) >>> 0,
    lr: BigInt(CODE + 4 * r.below(length)),
    ctr: BigInt(r.below(1000)),
    gpr,
    spr: { SRR0: 0n, SRR1: 0n, DAR: 0n, DSISR: 0n },
    storage: [...piecesOf(WINDOW, data), ...piecesOf(CODE, new Uint8Array(code.buffer)), ...piecesOf(0, handlers())],
    steps: 0,
    tables: false,
    length,
  }
}
