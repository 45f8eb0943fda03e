/** Random cases of an instruction: state and operands lean to the edges. Everything follows from the seed. */
import { MSR } from '../../src/emu/isa/bitfields.ts'
import { extractField, type FieldName, fieldMask, fields, fieldWidth, insertField } from '../../src/emu/isa/fields.ts'
import type { Instruction } from '../../src/emu/isa/instruction.ts'
import { sprs } from '../../src/emu/isa/sprs.ts'
import { type Case, CODE, CODE_BYTES, DATA, DATA_BYTES, type Storage } from './one-step.ts'
import { edgeValue, type Random } from './random.ts'

function randomField(r: Random, name: FieldName): number {
  const f = fields[name]
  const width = fieldWidth(f)
  const shift: number = 'shift' in f ? (f.shift ?? 0) : 0
  const unit = 2 ** shift
  const low = f.signed ? -(2 ** (width - 1)) : 0
  const edge = r.pick([0, 1, low, low + 2 ** width - 1, r.word() % 2 ** width])
  const raw = r.chance(40) ? edge : r.word() % 2 ** width
  const inRange = f.signed && raw >= 2 ** (width - 1) ? raw - 2 ** width : raw
  return inRange * unit
}

const { SF, VEC, VSX, EE, PR, FP, ME, FE0, SE, BE, FE1, IR, DR, PMM, RI, LE } = MSR.mask

function randomMsr(r: Random, trace: boolean): bigint {
  let msr = ME
  for (const bit of [VEC, VSX, FP, FE0, FE1, PMM, RI, EE]) if (r.chance(50)) msr |= bit
  if (r.chance(75)) msr |= SF
  if (r.chance(50)) msr |= LE
  if (trace && r.chance(10)) msr |= r.pick([SE, BE, SE | BE])
  const state = r.below(5)
  if (state === 0) return msr
  if (state === 1) return msr | IR | DR
  if (state === 2) return msr | r.pick([IR, DR])
  return msr | PR | IR | DR | EE
}

/** Bytes of the operand's block and its surroundings. */
const BLOCK = 128
const AROUND = 16

/** These reach as far as a block. */
const MULTIPLE = /^(lmw|stmw|lswi|lswx|stswi|stswx)$/

interface Operand {
  ea: number
}

/** An address in the data area: aligned, odd, at the end of a page, across it. */
function dataAddress(r: Random): number {
  const page = DATA + 4096 * (1 + r.below(DATA_BYTES / 4096 - 2))
  const kind = r.below(4)
  if (kind === 0) return page + 8 * r.below(512)
  if (kind === 1) return page + r.below(4096)
  if (kind === 2) return page + 4096 - r.below(17)
  return page + r.below(64)
}

const SPR_NUMBERS = sprs.map(s => s.number)

function sprNumber(r: Random): number {
  return r.chance(90) ? r.pick(SPR_NUMBERS) : r.below(1024)
}

/** The fields of the syntax, the RA of `RA|0`, and those that only the word has. */
function fieldsOf(i: Instruction): FieldName[] {
  return i.operands.flatMap(o => (o.base ? [o.field, o.base.field] : [o.field]))
}

/** Forms that the book calls invalid: an update without a base, or a load that would update its target. */
function invalid(i: Instruction, word: number): boolean {
  if (!/^(l|st).*u(x)?$/.test(i.name) || !(i.trace === 'load' || i.trace === 'store')) return false
  const ra = extractField('RA', word)
  return ra === 0 || (i.trace === 'load' && ra === extractField('RT', word))
}

function randomWord(r: Random, i: Instruction): number {
  for (;;) {
    let word = i.match
    for (const name of fieldsOf(i)) {
      const number =
        name === 'SPR' ? sprNumber(r) : name === 'TBR' ? r.pick([268, 269]) : name === 'LEV' && i.name === 'sc' ? 0 : randomField(r, name)
      word = ((word & ~fieldMask(name)) | insertField(name, number)) >>> 0
    }
    if (!invalid(i, word)) return word
  }
}

/** Gives the registers of the operand's address the values that lead there. */
function aim(r: Random, i: Instruction, word: number, gpr: Record<number, bigint>, ea: number, high: bigint): Operand {
  const memory = i.operands.find(o => o.kind === 'memory')
  const target = BigInt(ea) | high
  if (memory) {
    const base = extractField('RA', word)
    const displacement = extractField(memory.field, word)
    if (memory.base!.zero && base === 0) return { ea: displacement }
    gpr[base] = BigInt.asUintN(64, target - BigInt(displacement))
    return { ea }
  }
  const [ra, rb] = [extractField('RA', word), extractField('RB', word)]
  const zero = i.operands.some(o => o.kind === 'gpr0')
  if (!i.operands.some(o => o.field === 'RB')) {
    if (zero && ra === 0) return { ea: 0 }
    gpr[ra] = target
  } else if (zero && ra === 0) gpr[rb] = target
  else if (ra === rb) {
    gpr[ra] = BigInt.asUintN(64, (target & ~1n) / 2n)
    return { ea: ea & ~1 }
  } else {
    const index = r.chance(50) ? edgeValue(r) : BigInt(r.below(4096))
    gpr[rb] = index
    gpr[ra] = BigInt.asUintN(64, target - index)
  }
  return { ea }
}

const hex = (bytes: readonly number[]): string => bytes.map(b => b.toString(16).padStart(2, '0')).join('')

function randomNip(r: Random, msr: bigint): bigint {
  const low = CODE + (r.chance(10) ? 4092 + 4096 * r.below(CODE_BYTES / 4096) : 4 * r.below(CODE_BYTES / 4))
  return BigInt(low) | (msr & SF && r.chance(30) ? 0xc000000000000000n : 0n)
}

const accessesStorage = (i: Instruction): boolean => i.trace === 'load' || i.trace === 'store'

export function randomCase(r: Random, i: Instruction): Case | null {
  const word = randomWord(r, i)
  const msr = randomMsr(r, i.trace !== 'never')
  const gpr: Record<number, bigint> = {}
  for (const name of ['RT', 'RA', 'RB', 'RC'] as const) if (r.chance(95)) gpr[extractField(name, word)] = edgeValue(r)
  if (/^(tw|td)/.test(i.base) && r.chance(50)) gpr[extractField('RB', word)] = gpr[extractField('RA', word)] ?? 0n
  const storage: Storage[] = []
  if (accessesStorage(i)) {
    // Upper bits that 32-bit mode ignores, or quadrant 3; in real mode the first four bits count for nothing.
    const high = msr & SF ? (r.chance(30) ? 0xc000000000000000n : 0n) : r.chance(50) ? BigInt(r.word()) << 32n : 0n
    const { ea } = aim(r, i, word, gpr, dataAddress(r), high)
    if (ea < DATA || ea >= DATA + DATA_BYTES) return null
    const block = i.name === 'dcbz' || MULTIPLE.test(i.name)
    if (block && ea + BLOCK + AROUND >= DATA + DATA_BYTES) return null
    const at = i.name === 'dcbz' ? (ea & -BLOCK) - AROUND : ea - AROUND
    const bytes = Array.from({ length: block ? BLOCK + 2 * AROUND : 16 + 2 * AROUND }, () =>
      r.chance(30) ? r.pick([0, 0xff, 0x80, 0x7f]) : r.below(256),
    )
    storage.push({ at, bytes: hex(bytes) })
  }
  const branchTarget = (): bigint => (r.chance(50) ? BigInt(CODE + r.below(CODE_BYTES)) : edgeValue(r))
  const spr: Record<string, bigint> = {}
  if (/rfid|rfscv/.test(i.name)) {
    spr.SRR0 = branchTarget()
    spr.SRR1 = r.chance(50) ? randomMsr(r, true) : r.doubleword()
  }
  if (r.chance(20)) spr.FSCR = r.pick([0n, 0x1000n, 0x100n, 0x80n])
  if (i.base === 'bctar') spr.TAR = branchTarget()
  if (i.base === 'rfebb') {
    // QEMU takes the low two bits for a part of the address.
    spr.EBBRR = branchTarget() & ~3n
    spr.BESCR = r.pick([0n, 1n << 63n, (1n << 63n) | 1n])
    spr.FSCR = r.chance(80) ? 0x1080n : 0n
  }
  if (/spr$/.test(i.base)) {
    const s = sprs.find(x => x.number === extractField('SPR', word))
    if (s && !['FSCR', 'LPCR', 'PIDR', 'MMCR0'].includes(s.state)) {
      const value = s.width === 32 ? edgeValue(r) & 0xffffffffn : edgeValue(r)
      // With key 0 of IAMR set, the case's own fetch would fault here; QEMU has no keys under radix.
      spr[s.state] = s.state === 'IAMR' ? value & ~(1n << 62n) : value
    }
  }
  return {
    instruction: i.name,
    word,
    nip: randomNip(r, msr),
    msr,
    cr: r.word(),
    xer: ((r.word() & 0xe00c0000) | (r.chance(20) ? r.word() & 0x7f : 0)) >>> 0,
    lr: branchTarget(),
    ctr: r.chance(50) ? edgeValue(r) : r.pick([0n, 1n, 2n, 0x100000000n, 0x100000001n, branchTarget()]),
    gpr,
    spr,
    storage,
    steps: 1,
    tables: false,
  }
}
