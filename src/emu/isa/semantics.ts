/**
 * What an instruction row may use: field values, register values and the effects of the machine. A row reads registers as they
 * were before the instruction and returns what it writes, so that it cannot read a value that it has just written, and a fault in
 * a load or store leaves every register as it was.
 *
 * Subclasses give the primitives: the interpreter generator emits them, the reference evaluator performs them, the describer names
 * them.
 */
import { type Expr, i32, i64, select } from '../wasm/expr.ts'
import type { FieldName } from './fields.ts'
import type { InterruptId } from './interrupts.ts'

export type Size = 1 | 2 | 4 | 8 | 16

/**
 * New values. RT and RA are the registers that those fields name; BF the CR field and BT the CR bit likewise; NIA is a branch, made
 * when `taken` is not 0; every other key is a register of the state: CA, LR, CTR, MSR, SRR0, …
 */
export type Writes = { readonly [register: string]: Expr | undefined }

/** Effects beyond registers and memory, by name; the core's table says what each does. */
export type EffectName =
  | 'tlbie'
  | 'tlbiel'
  | 'msgsndp'
  | 'msgclrp'
  | 'synchronize'
  | 'attn'
  | 'translation changed'
  | 'any special-purpose register'

export interface SuffixFlags {
  readonly Rc: boolean
  readonly OE: boolean
  readonly LK: boolean
  readonly AA: boolean
}

export abstract class Semantics {
  /** The instruction runs in 64-bit mode (MSR[SF]=1); known when the semantics is used, not read. */
  abstract readonly SF: boolean
  abstract readonly flags: SuffixFlags

  /** Address of this instruction. */
  abstract readonly CIA: Expr
  /** Boundaries that were complete before this instruction. */
  abstract readonly time: Expr

  /** The field as i32; constant where the word is. */
  abstract field(name: FieldName): Expr
  /** A register of the state: i64, but i32 for CA, OV, SO, CA32, OV32. */
  abstract register(name: string): Expr
  abstract gpr(index: Expr): Expr
  /** One CR field as i32: LT 8, GT 4, EQ 2, SO 1. */
  abstract crField(index: Expr): Expr

  /** Zero-extended, in the order of MSR[LE]; `reversed` is the other order. May fault. */
  abstract load(ea: Expr, size: Size, order?: 'reversed'): Expr
  abstract store(ea: Expr, size: Size, value: Expr, order?: 'reversed'): void
  abstract loadReserve(ea: Expr, size: Size): Expr
  /** 1 (i32) when the store was performed. `low` is the second doubleword of 16 bytes. */
  abstract storeConditional(ea: Expr, size: Size, value: Expr, low?: Expr): Expr
  /** Raises what a store to those bytes would; in rare rows only. */
  abstract probeStore(ea: Expr, bytes: number): void
  /** The interrupt of an access at the address; `status` is DSISR. In rare rows only. */
  abstract faultIf(condition: Expr, interrupt: 'alignment' | 'dataStorage', ea: Expr, status: bigint): void
  /**
   * Raises the interrupt before anything is written. `cause` is what it adds to SRR1; for the system calls the level, for the
   * facility interrupts the IC code.
   */
  abstract trapIf(condition: Expr, interrupt: InterruptId, cause: bigint | Expr): void
  abstract effect(name: EffectName, ...args: Expr[]): void

  // ───────── fields ─────────

  private signed(name: FieldName): Expr {
    return this.field(name).sext
  }

  get SI() {
    return this.signed('SI')
  }
  get UI() {
    return this.field('UI').zext
  }
  get D() {
    return this.signed('D')
  }
  get DS() {
    return this.signed('DS')
  }
  get DQ() {
    return this.signed('DQ')
  }
  get DX() {
    return this.signed('DX')
  }
  get BD() {
    return this.signed('BD')
  }
  get LI() {
    return this.signed('LI')
  }
  get SH() {
    return this.field('SH').zext
  }
  get sh() {
    return this.field('sh').zext
  }
  get MB() {
    return this.field('MB').zext
  }
  get ME() {
    return this.field('ME').zext
  }
  get mb() {
    return this.field('mb').zext
  }
  get me() {
    return this.field('me').zext
  }
  get BO() {
    return this.field('BO')
  }
  get TO() {
    return this.field('TO')
  }
  get L() {
    return this.field('L')
  }
  get L15() {
    return this.field('L15')
  }
  get FXM() {
    return this.field('FXM')
  }
  get LEV() {
    return this.field('LEV')
  }

  // ───────── registers ─────────

  get RT() {
    return this.gpr(this.field('RT'))
  }
  get RS() {
    return this.gpr(this.field('RS'))
  }
  get RA() {
    return this.gpr(this.field('RA'))
  }
  get RB() {
    return this.gpr(this.field('RB'))
  }
  get RC() {
    return this.gpr(this.field('RC'))
  }
  /** (RA|0): 0 where the field is 0. */
  get RA0() {
    return select(this.field('RA').eqz, i64(0), this.gpr(this.field('RA')))
  }
  get CA() {
    return this.register('CA')
  }
  get SO() {
    return this.register('SO')
  }
  get LR() {
    return this.register('LR')
  }
  get CTR() {
    return this.register('CTR')
  }
  get MSR() {
    return this.register('MSR')
  }
  get BA() {
    return this.crBit('BA')
  }
  get BB() {
    return this.crBit('BB')
  }
  get BC() {
    return this.crBit('BC')
  }
  get BI() {
    return this.crBit('BI')
  }
  // biome-ignore format: the accessors are a table

  /** The CR bit that a five-bit field names, as i32. */
  crBit(name: FieldName): Expr {
    const n = this.field(name)
    return this.crField(n.shr(2)).shr(i32(3).sub(n.and(3))).and(1)
  }

  /** All 32 bits of CR as i64. */
  get CR(): Expr {
    let cr = i64(0)
    for (let n = 0; n < 8; n++) cr = cr.shl(4).or(this.crField(i32(n)).zext)
    return cr
  }

  get XER(): Expr {
    const at = (name: string, lsb: number) => this.register(name).zext.shl(lsb)
    const flags = at('SO', 31).or(at('OV', 30)).or(at('CA', 29)).or(at('OV32', 19)).or(at('CA32', 18))
    return flags.or(this.register('XERLOW'))
  }

  // ───────── addresses ─────────

  /** In 32-bit mode an address is the low 32 bits. Book I, 1.10.3. */
  address(ea: Expr): Expr {
    return this.SF ? ea : ea.low32
  }

  /** EA of the D, DS and X forms, with and without (RA|0). */
  get eaD() {
    return this.address(this.RA0.add(this.D))
  }
  get eaDS() {
    return this.address(this.RA0.add(this.DS))
  }
  get eaDQ() {
    return this.address(this.RA0.add(this.DQ))
  }
  get eaX() {
    return this.address(this.RA0.add(this.RB))
  }
  get eaDU() {
    return this.address(this.RA.add(this.D))
  }
  get eaDSU() {
    return this.address(this.RA.add(this.DS))
  }
  get eaXU() {
    return this.address(this.RA.add(this.RB))
  }
  // biome-ignore format: a table

  // ───────── conditions ─────────

  /** LT, GT or EQ with SO, from a comparison. */
  condition(lt: Expr, gt: Expr, so: Expr = this.SO): Expr {
    return select(lt, i32(8), select(gt, i32(4), i32(2))).or(so)
  }

  /** CR0 of a result: compared with 0, all bits of the mode. Book I, 2.3.1. */
  resultCondition(result: Expr, so: Expr): Expr {
    const v = this.SF ? result : result.exts32
    return this.condition(v.lt(0), v.gt(0), so)
  }

  /** MSR[PR]=1 takes a Program interrupt (privileged, SRR1 bit 45). */
  privileged(): void {
    this.trapIf(this.MSR.shr(14).and(1).wrap, 'program', 0x40000n)
  }

  alignmentIf(condition: Expr, ea: Expr): void {
    this.faultIf(condition, 'alignment', ea, 0n)
  }

  synchronize(): void {
    this.effect('synchronize')
  }
}

/** Adds what the suffixes ask for: CR0 for Rc; in a row that has OE, OV and SO only with it. */
export function applySuffixes(s: Semantics, writes: Writes, hasOE: boolean): Writes {
  const { OV, OV32, ...rest } = writes
  const out: Record<string, Expr | undefined> = hasOE ? { ...rest } : { ...writes }
  let so = s.SO
  if (s.flags.OE && OV) {
    so = s.SO.or(OV)
    Object.assign(out, { OV, OV32: OV32 ?? OV, SO: so })
  }
  const result = writes.RT ?? writes.RA
  if (s.flags.Rc && result && writes.CR0 === undefined) out.CR0 = s.resultCondition(result, so)
  return out
}
