/** Where QEMU 7.2 differs from us, and why we are right by the ISA. Short, and reviewed; any other difference is a bug. */
import { MSR } from '../../src/emu/isa/bitfields.ts'
import { extractField } from '../../src/emu/isa/fields.ts'
import type { Instruction } from '../../src/emu/isa/instruction.ts'
import { sprByNumber, undefinedSprs } from '../../src/emu/isa/sprs.ts'
import { type Case, type Difference, gprPattern, type Result, trackedSprs } from './one-step.ts'

export interface Compared {
  readonly c: Case
  readonly i: Instruction
  readonly d: Difference
  readonly ours: Result
  readonly theirs: Result
}

export interface Deviation {
  readonly what: string
  readonly reason: string
  when(x: Compared): boolean
}

const SE_BE = MSR.mask.SE | MSR.mask.BE
const WRITTEN_BY_TRACE = new Set(['SRR0', 'SRR1', 'SIAR', 'SDAR'])

const gpr = (c: Case, n: number): bigint => c.gpr[n] ?? gprPattern(n)
const operand = (c: Case, field: 'RA' | 'RB'): bigint => gpr(c, extractField(field, c.word))
const differing = (d: Difference): bigint => BigInt(d.ours) ^ BigInt(d.theirs)
const only = (d: Difference, mask: bigint): boolean => (differing(d) & ~mask) === 0n
const isTarget = ({ c, d }: Compared, field: 'RT' | 'RA' = 'RT'): boolean => d.register === `r${extractField(field, c.word)}`
const bitsOf = (n: number): number => n.toString(2).replaceAll('0', '').length
/** QEMU took a Program interrupt, illegal instruction. */
const refused = ({ theirs, ours }: Compared): boolean =>
  theirs.nip === 0x700n && ours.nip !== 0x700n && (theirs.spr.SRR1! & 0x80000n) !== 0n
/** The instruction left everything as it was here, but for the address and, where it was traced, the Trace interrupt. */
const didNothing = ({ c, ours }: Compared): boolean => {
  const traced = (c.msr & SE_BE) !== 0n && ours.nip === 0xd00n
  const next = BigInt.asUintN((c.msr & MSR.mask.SF) === 0n ? 32 : 64, c.nip + 4n)
  return (
    (traced || (ours.nip === next && ours.msr === c.msr)) &&
    ours.cr === c.cr &&
    ours.xer === c.xer &&
    ours.lr === c.lr &&
    ours.ctr === c.ctr &&
    ours.gpr.every((v, n) => v === gpr(c, n)) &&
    trackedSprs.every(([name, , initial]) => ours.spr[name] === (c.spr[name] ?? initial) || (traced && WRITTEN_BY_TRACE.has(name)))
  )
}
const CR0 = 0xf0000000n
/** The result that is undefined, and CR0 made of it. */
const undefinedResult = (x: Compared): boolean => isTarget(x) || (x.i.flags.Rc && x.d.register === 'CR' && only(x.d, CR0))

type Division = { width: 32 | 64; signed: boolean; extended: boolean }
const divisions: Readonly<Record<string, Division>> = {
  divd: { width: 64, signed: true, extended: false },
  divdu: { width: 64, signed: false, extended: false },
  divw: { width: 32, signed: true, extended: false },
  divwu: { width: 32, signed: false, extended: false },
  divde: { width: 64, signed: true, extended: true },
  divdeu: { width: 64, signed: false, extended: true },
  divwe: { width: 32, signed: true, extended: true },
  divweu: { width: 32, signed: false, extended: true },
  modsd: { width: 64, signed: true, extended: false },
  modud: { width: 64, signed: false, extended: false },
  modsw: { width: 32, signed: true, extended: false },
  moduw: { width: 32, signed: false, extended: false },
}

/** The quotient does not exist, or does not fit. */
function undefinedDivision(c: Case, { width, signed, extended }: Division): boolean {
  const cast = signed ? BigInt.asIntN : BigInt.asUintN
  const [a, b] = [cast(width, operand(c, 'RA')), cast(width, operand(c, 'RB'))]
  if (b === 0n) return true
  const q = (extended ? a << BigInt(width) : a) / b
  return q !== cast(width, q)
}

const sprOf = (c: Case): number => extractField('SPR', c.word)
const accessesSpr = (i: Instruction): boolean => i.base === 'mfspr' || i.base === 'mtspr'
const PROGRAM = 0x700n
/** An access that has no effect in QEMU, or is refused there: the register that it reaches here, or the interrupt. */
const missing = (x: Compared, state: string): boolean =>
  (x.theirs.nip === PROGRAM && x.ours.nip !== PROGRAM) || (x.i.base === 'mfspr' ? isTarget(x) : x.d.register === state)
const isTargetOf = (c: Case, d: Difference): boolean => d.register === `r${extractField('RT', c.word)}`
const clocks = new Set(['tb', 'tbu', 'dec', 'hdec', 'vtb', 'purr', 'ic'])
const misaligned = ({ c, theirs, ours }: Compared): boolean => ours.nip === 0x600n && theirs.nip !== 0x600n && c.storage.length > 0
const TM = 0x700000000n
const TRACE_CAUSES = 0x78100000n

const BIG_ENDIAN_ONLY = /^(lmw|stmw|lswi|lswx|stswi|stswx)$/
/** Of the three low digits of either half of a word: one above 9. */
const hasNoDigit = (v: bigint): boolean => [0n, 32n].some(w => [0, 1, 2, 3, 4, 5].some(n => ((v >> (w + 4n * BigInt(n))) & 15n) > 9n))

export const deviations: readonly Deviation[] = [
  {
    what: 'Trace sets none of SRR1[33:36], SRR1[43], SIAR and SDAR',
    reason: 'Book III, 6.5.15: SRR1[33] is 1, 35 and 36 say load and store, SIAR and SDAR hold the instruction and its operand.',
    when: ({ c, d }) =>
      (c.msr & SE_BE) !== 0n && (d.register === 'SIAR' || d.register === 'SDAR' || (d.register === 'SRR1' && only(d, TRACE_CAUSES))),
  },
  {
    what: 'rfid and rfscv with SE=1 are traced',
    reason: 'Book III, 6.5.15: returns from interrupts are not traced.',
    when: ({ c, i, theirs }) => i.trace === 'never' && (c.msr & SE_BE) !== 0n && theirs.nip === 0xd00n,
  },
  {
    what: 'mfocrf and mtocrf with no or several FXM bits',
    reason: 'Book I, 3.3.17: the instruction is invalid, the result undefined; POWER9 takes the first field, or CR7.',
    when: x => /^m[ft]ocrf$/.test(x.i.base) && bitsOf(extractField('FXM', x.c.word)) !== 1 && (isTarget(x) || x.d.register === 'CR'),
  },
  {
    what: 'words with reserved fields that are not 0 are illegal: addex CY, dcbf L',
    reason: 'Book I, 1.3.3: reserved fields are ignored by the processor; POWER9 does. dcbf with L=3 is dcbflp, Book II, 4.3.2.',
    when: x =>
      refused(x) &&
      ((x.i.base === 'addex' && extractField('CY', x.c.word) !== 0) || (x.i.base === 'dcbf' && extractField('L2', x.c.word) >= 2)),
  },
  {
    what: 'icbt is illegal',
    reason: 'Book II, 4.3.1: icbt is an instruction of the server environment since 2.07.',
    when: x => x.i.base === 'icbt' && refused(x),
  },
  {
    what: 'mulhw[u]: the upper half of the result',
    reason: 'Book I, 3.3.9: RT 0:31 is undefined, and so CR0 in 64-bit mode; POWER9 repeats the product.',
    when: x => /^mulhwu?$/.test(x.i.base) && ((isTarget(x) && only(x.d, 0xffffffff00000000n)) || (!isTarget(x) && undefinedResult(x))),
  },
  {
    what: 'quotients and remainders that are undefined',
    reason: 'Book I, 3.3.9: division by 0 or with overflow leaves RT, and with Rc CR0, undefined; POWER9 gives 0.',
    when: x => {
      const division = divisions[x.i.base]
      return division !== undefined && undefinedDivision(x.c, division) && undefinedResult(x)
    },
  },
  {
    what: 'divde, divwe: an overflow by exactly one is missed',
    reason: 'Book I, 3.3.9: a quotient of 2^63 (2^31) does not fit: OV and OV32 are 1.',
    when: ({ c, i, d }) =>
      /^div[dw]e$/.test(i.base) &&
      undefinedDivision(c, divisions[i.base]!) &&
      (d.register === 'XER' || (d.register === 'CR' && only(d, CR0))),
  },
  {
    what: 'divw, divwe and kin: the upper half of a 32-bit quotient',
    reason: 'Book I, 3.3.9: RT 0:31 is undefined, and so CR0 in 64-bit mode; POWER9 extends with zeros.',
    when: x =>
      divisions[x.i.base]?.width === 32 && ((isTarget(x) && only(x.d, 0xffffffff00000000n)) || (!isTarget(x) && undefinedResult(x))),
  },
  {
    what: 'an Alignment interrupt writes DSISR',
    reason: 'Book III, 6.5.8 since 3.0: DSISR is not written.',
    when: ({ d, ours, theirs }) => d.register === 'DSISR' && ours.nip === 0x600n && theirs.nip === 0x600n,
  },
  {
    what: 'a misaligned store-conditional without a reservation is no Alignment interrupt',
    reason: 'Book II, 4.6.2: the operand must be aligned; if it is not, the Alignment interrupt handler is invoked.',
    when: x => /^st[bhwd]cx\.$/.test(x.i.name) && misaligned(x),
  },
  {
    what: 'lq, stq and atomic memory operations that are misaligned, or leave their block of 32 bytes, are performed',
    reason: 'Book I, 3.3.4 and Book II, 4.5: the Alignment interrupt handler is invoked.',
    when: x => /^(lq|stq|stqcx\.|lwat|ldat|stwat|stdat)$/.test(x.i.name) && misaligned(x),
  },
  {
    what: 'lwat and stwat compare words for the signed maximum and minimum as if they were not signed',
    reason: 'Book II, 4.5.1: the functions 5 and 7 compare signed words.',
    when: ({ c, i, d }) => /^(l|st)wat$/.test(i.name) && [5, 7].includes(extractField('FC', c.word)) && d.register.startsWith('storage'),
  },
  {
    what: 'a segment lookaside buffer is kept, read and refused indices under radix too',
    reason: 'Book III, 5.7.10: under radix there are no segments; none is kept here, and what is read is 0.',
    when: x => /^slb(mte|mfee|mfev|fee\.)$/.test(x.i.name) && (isTarget(x) || x.d.register === 'CR' || refused(x)),
  },
  {
    what: 'there is no branch history: mfbhrbe and clrbhrb are illegal',
    reason: 'Book III, 9.5: they are instructions since 2.07, subject to HFSCR[BHRB] and MMCR0[BHRBA].',
    when: x => /bhrb/.test(x.i.name) && x.theirs.nip === 0x700n,
  },
  {
    what: 'rfebb takes its S from r0 or r1',
    reason: 'Book II, 7.1: BESCR[GE] becomes the field S.',
    when: ({ c, i, d, theirs }) =>
      i.name === 'rfebb' &&
      d.register === 'BESCR' &&
      only(d, 1n << 63n) &&
      (gpr(c, extractField('S', c.word)) !== 0n) === (theirs.spr.BESCR! >> 63n === 1n),
  },
  {
    what: 'rfebb is not traced',
    reason: 'Book III, 6.5.15 names the instructions that are not traced; rfebb is none of them.',
    when: ({ i, ours, theirs }) => i.name === 'rfebb' && ours.nip === 0xd00n && theirs.nip !== 0xd00n,
  },
  {
    what: 'rfebb asks for no facility',
    reason: 'Book III, 6.2.10: without FSCR[EBB] it takes the Facility Unavailable interrupt in problem state.',
    when: ({ i, ours }) => i.name === 'rfebb' && ours.nip === 0xf60n,
  },
  {
    what: 'slbfee. is illegal in problem state',
    reason: 'Book III, 5.9.3.2: it is privileged.',
    when: ({ i, d, ours, theirs }) => i.name === 'slbfee.' && d.register === 'SRR1' && ours.nip === theirs.nip && only(d, 0xc0000n),
  },
  {
    what: 'load and store multiple and string in little-endian mode: the Alignment interrupt leaves DAR',
    reason: 'Book III, 6.5.8: DAR is set to the effective address of the operand.',
    when: ({ i, d, ours, theirs }) => BIG_ENDIAN_ONLY.test(i.name) && d.register === 'DAR' && ours.nip === 0x600n && theirs.nip === 0x600n,
  },
  {
    what: 'a function code of an atomic memory operation that is none: DAR and DSISR stay',
    reason: 'Book II, 4.5, and Book III, 6.5.3: a Data Storage interrupt with DAR and DSISR[61].',
    when: ({ i, d, ours, theirs }) =>
      /^(l|st)[wd]at$/.test(i.name) && (d.register === 'DAR' || d.register === 'DSISR') && ours.nip === 0x300n && theirs.nip === 0x300n,
  },
  {
    what: 'Fetch and Decrement Bounded compares with the operand that follows',
    reason: 'Book II, 4.5.1: it is bounded by the operand before it, of mem(EA−s, 3×s).',
    when: ({ c, i }) => /^l[wd]at$/.test(i.name) && extractField('FC', c.word) === 28,
  },
  {
    what: 'a bound that is met gives RT the least number of 32 bits, extended by its sign',
    reason: 'Book II, 4.5.1: RT gets 2^31 or 2^63, as the operand is wide, with zeros before it.',
    when: x =>
      /^l[wd]at$/.test(x.i.name) && extractField('FC', x.c.word) >= 24 && isTarget(x) && BigInt(x.d.theirs) === 0xffffffff80000000n,
  },
  {
    what: 'cbcdtd of digits above 9',
    reason: 'Book I, appendix B.1: the declet of what is no decimal digit is undefined.',
    when: x => x.i.name === 'cbcdtd' && isTarget(x, 'RA') && hasNoDigit(gpr(x.c, extractField('RS', x.c.word))),
  },
  {
    what: 'rfid and rfscv change ME in HV=0',
    reason: 'Book III, 3.3.1: ME changes only in hypervisor state, and not by rfscv.',
    when: ({ i, d }) => /^(rfid|rfscv)$/.test(i.base) && d.register === 'MSR' && only(d, MSR.mask.ME),
  },
  {
    what: 'MSR[TS] and MSR[TM] can be set',
    reason: 'Transactional memory is absent here, as firmware reports it on later POWER9: MSR[29:31] stays 0.',
    when: ({ i, d }) =>
      /^(rfid|rfscv|mtmsrd)$/.test(i.base) &&
      (d.register === 'MSR' || d.register === 'SRR1') &&
      only(d, TM | (i.base === 'mtmsrd' ? (d.register === 'SRR1' ? TRACE_CAUSES : 0n) : MSR.mask.ME)),
  },
  {
    what: 'a 32-bit register keeps 64 bits',
    reason: 'Book III, 4.4.4: DSISR, PIDR, CTRL, VRSAVE and PMC1 to PMC6 have 32 bits; the upper half reads 0.',
    when: ({ c, i, d }) => {
      const spr = accessesSpr(i) ? sprByNumber(sprOf(c)) : undefined
      return spr?.width === 32 && (d.register === spr.state || isTargetOf(c, d)) && only(d, 0xffffffff00000000n)
    },
  },
  {
    what: 'problem state may use PURR, SPURR, TBL and TBU by their privileged numbers',
    reason: 'Book III, 4.4.4: a number with bit 0x10 is privileged: a Program interrupt in problem state.',
    when: ({ c, i, ours, theirs }) =>
      accessesSpr(i) && (c.msr & MSR.mask.PR) !== 0n && (sprOf(c) & 0x10) !== 0 && ours.nip === 0x700n && theirs.nip !== 0x700n,
  },
  {
    what: 'there is no SPR 3 (DSCR)',
    reason: 'Book II, 4.2.2: SPR 3 is the problem-state number of DSCR, subject to FSCR[DSCR].',
    when: x => accessesSpr(x.i) && sprOf(x.c) === 3 && missing(x, 'DSCR'),
  },
  {
    what: 'an SPR refused to problem state is called privileged, whatever its number',
    reason: 'Book III, 4.4.4 and 9.4.4: without bit 0x10 the number is illegal, which a hypervisor gives the guest as SRR1[44].',
    when: ({ c, i, d, ours, theirs }) =>
      accessesSpr(i) && (c.msr & MSR.mask.PR) !== 0n && ours.nip === theirs.nip && d.register === 'SRR1' && only(d, 0xc0000n),
  },
  {
    what: 'SPRs 13 and 768 are registers of their own',
    reason: 'Book III, 5.7.13 and 9.4: they are the problem-state numbers of AMR, 29, and of SIER, 784.',
    when: ({ c, i, d }) => i.base === 'mfspr' && [13, 768].includes(sprOf(c)) && isTargetOf(c, d),
  },
  {
    what: 'performance monitor counters count the cycles of the host',
    reason: 'No deviation: an mtspr of MMCR0 sets them running there and so they cannot be compared; here they stand still.',
    when: ({ c, i, d }) => accessesSpr(i) && /^PMC[1-6]$/.test(d.register) && sprByNumber(sprOf(c))?.state !== d.register,
  },
  {
    what: 'SPRs 800 to 803 are registers of their own, or none',
    reason: 'Book II, 6.2.1: BESCRS, BESCRSU, BESCRR and BESCRRU set and reset bits of BESCR, and read as it.',
    when: ({ c, i, d }) => {
      const n = accessesSpr(i) ? sprOf(c) : 0
      return n >= 800 && n <= 803 && (d.register === 'BESCR' || isTargetOf(c, d))
    },
  },
  {
    what: 'mtmsrd that clears SF above 4 GiB goes on there',
    reason:
      'Book III, 12.1: such an implicit branch is not allowed; in 32-bit mode the address of the next instruction has its upper half 0.',
    when: ({ c, i, d }) =>
      i.base === 'mtmsrd' && c.nip > 0xffffffffn && (d.register === 'NIP' || d.register === 'SRR0') && only(d, 0xffffffff00000000n),
  },
  {
    what: 'mtxer keeps reserved bits',
    reason: 'Book I, 3.2.2: bits 35:43, 46:56 of XER are reserved; POWER9 keeps SO, OV, CA, OV32, CA32 and the low 18 bits.',
    when: ({ c, i, d }) => i.base === 'mtspr' && sprOf(c) === 1 && d.register === 'XER' && only(d, 0x1ff00000n),
  },
  {
    what: 'there is no SPR 823',
    reason: 'Book III, 3.2.1: 823 is the number of PSSCR for privileged non-hypervisor state.',
    when: ({ c, i, d }) => accessesSpr(i) && sprOf(c) === 823 && (d.register === 'PSSCR' || isTargetOf(c, d)),
  },
  {
    what: 'there is no PPR32',
    reason: 'Book II, 3.1: SPR 898 is the upper half of PPR.',
    when: x => accessesSpr(x.i) && sprOf(x.c) === 898 && missing(x, 'PPR'),
  },
  {
    what: 'clocks run by the host',
    reason: 'No deviation: time here counts boundaries, so values of TB, DEC, VTB, PURR, SPURR and IC cannot be compared.',
    when: ({ c, i, d }) => {
      const spr = i.base === 'mftb' || i.base === 'mfspr' ? sprByNumber(sprOf(c)) : undefined
      return spr !== undefined && clocks.has(spr.kind) && isTargetOf(c, d)
    },
  },
  {
    what: 'after or 1,1,1 and its kin one more instruction runs in the same step, and the word 0 behind it is illegal',
    reason: 'QEMU gives up its turn (pause) and steps after it; the book knows no such thing. Book II, 3.2.',
    when: ({ c, i, d, theirs }) =>
      i.base === 'or' &&
      !i.flags.Rc &&
      theirs.nip === 0x700n &&
      ['NIP', 'MSR', 'SRR0', 'SRR1', 'SIAR', 'SDAR'].includes(d.register) &&
      (['RS', 'RA', 'RB'] as const).every(f => extractField(f, c.word) === extractField('RS', c.word)) &&
      extractField('RS', c.word) !== 0,
  },
  {
    what: 'the upper half of XER',
    reason: 'No deviation: GDB gives XER 32 bits, which QEMU extends by sign into the register that mfxer reads.',
    when: x => x.i.base === 'mfspr' && sprOf(x.c) === 1 && isTarget(x) && only(x.d, 0xffffffff00000000n),
  },
  {
    what: 'a register of the hypervisor, or the other direction of one that is only read, is a Program interrupt (privileged) in privileged state',
    reason: 'Book III, 4.4.4: with LPCR[EVIRT] = 0 the access does nothing.',
    when: x => {
      const { c, i, theirs } = x
      const spr = accessesSpr(i) && (c.msr & MSR.mask.PR) === 0n && theirs.nip === PROGRAM ? sprByNumber(sprOf(c)) : undefined
      const access = spr && (i.base === 'mfspr' ? spr.read : spr.write)
      return (access === 'hypervisor' || access === 'none') && didNothing(x)
    },
  },
  {
    what: 'SPR numbers that 3.0B does not define exist, for the hypervisor or for all, and 284 and 285 can be read',
    reason: 'Book III, 4.4.4: in privileged state an undefined number does nothing; 284 and 285 are the numbers for writing TB.',
    when: x => {
      const n = sprOf(x.c)
      const undefinedNumber = sprByNumber(n) === undefined || (x.i.base === 'mfspr' && (n === 284 || n === 285))
      return accessesSpr(x.i) && (x.c.msr & MSR.mask.PR) === 0n && undefinedNumber && didNothing(x)
    },
  },
  {
    what: 'SPRs that are illegal in every state are called privileged',
    reason: 'Book I, 3.3.17: mfspr of 0, 4, 5, 6 and mtspr of 0 are Hypervisor Emulation Assistance, given to the guest as SRR1[44].',
    when: ({ c, i, d, ours, theirs }) =>
      accessesSpr(i) &&
      undefinedSprs.alwaysIllegal[i.base === 'mfspr' ? 'read' : 'write'].some(n => n === sprOf(c)) &&
      ours.nip === theirs.nip &&
      d.register === 'SRR1' &&
      only(d, 0xc0000n),
  },
  {
    what: 'SIAR, SDAR and MMCR1 can be written by their problem-state numbers',
    reason: 'Book III, 4.4.4: 780, 781 and 782 are for reading.',
    when: ({ c, i, d }) => i.base === 'mtspr' && [780, 781, 782].includes(sprOf(c)) && ['SIAR', 'SDAR', 'MMCR1'].includes(d.register),
  },
  {
    what: 'tlbie and tlbiel are illegal with values of RIC, PRS, R, and of IS and AP in RB, that do not go together',
    reason:
      'Book III, 5.9.3.3: such forms are invalid, and the result undefined; here every translation is dropped, which none can notice.',
    when: x => /^tlbiel?$/.test(x.i.base) && refused(x) && didNothing(x),
  },
  {
    what: 'darn gives other random numbers',
    reason: 'No deviation: they are random there, and follow from the time here. Book I, 3.3.9: with L = 3 the number is all ones.',
    when: x => x.i.base === 'darn' && isTarget(x) && extractField('L14', x.c.word) !== 3,
  },
]

/** What explains the difference, or null. */
export const explanation = (x: Compared): Deviation | null => deviations.find(e => e.when(x)) ?? null
