/**
 * The reference evaluator: executes one instruction by folding alone. Every read is a constant, so the row's expressions are its
 * result. Slow and obviously right: the oracle of the interpreter, and the executor of instructions that it leaves out.
 */

import { extractField, type FieldName } from '../isa/fields.ts'
import type { Instruction } from '../isa/instruction.ts'
import type { InterruptId } from '../isa/interrupts.ts'
import { type EffectName, Semantics, type Size, type SuffixFlags } from '../isa/semantics.ts'
import { Expr, i32, i64 } from '../wasm/expr.ts'
import { stateRegister } from './layout.ts'
import type { State } from './state.ts'

/** Thrown by an access or a trap: the instruction does not complete. */
export class Raised {
  constructor(
    readonly interrupt: InterruptId,
    /** SRR1 cause bits, system call level, or IC. */
    readonly cause: bigint,
  ) {}
}

/** Storage and effects as the vCPU performs them; accesses throw `Raised` or what the vCPU throws for a fault. */
export interface Performer {
  load(ea: bigint, size: Size, reversed: boolean): bigint
  store(ea: bigint, size: Size, value: bigint, reversed: boolean): void
  loadReserve(ea: bigint, size: Size): bigint
  /** `value` has all bytes, as in a big-endian register or pair. */
  storeConditional(ea: bigint, size: Size, value: bigint): boolean
  probeStore(ea: bigint, bytes: number): void
  fault(interrupt: 'alignment' | 'dataStorage', ea: bigint, status: bigint): never
  effect(name: EffectName, args: bigint[]): void
}

class ReferenceSemantics extends Semantics {
  readonly SF: boolean
  readonly flags: SuffixFlags
  readonly CIA: Expr
  readonly time: Expr

  constructor(
    private readonly state: State,
    private readonly word: number,
    instruction: Instruction,
    private readonly performer: Performer,
  ) {
    super()
    this.SF = state.msr('SF')
    this.flags = instruction.flags
    this.CIA = i64(state.get('NIP'))
    this.time = i64(state.get('TIME'))
  }

  field(name: FieldName): Expr {
    return i32(extractField(name, this.word))
  }

  register(name: string): Expr {
    const v = this.state.get(name)
    return stateRegister(name).type === 'i64' ? i64(v) : i32(v)
  }

  gpr(index: Expr): Expr {
    return i64(this.state.get('GPR', index.num))
  }

  crField(index: Expr): Expr {
    return i32(this.state.get('CRF', index.num))
  }

  load(ea: Expr, size: Size, order?: 'reversed'): Expr {
    return i64(this.performer.load(ea.big, size, order === 'reversed'))
  }

  store(ea: Expr, size: Size, value: Expr, order?: 'reversed'): void {
    this.performer.store(ea.big, size, value.big, order === 'reversed')
  }

  loadReserve(ea: Expr, size: Size): Expr {
    return i64(this.performer.loadReserve(ea.big, size))
  }

  storeConditional(ea: Expr, size: Size, value: Expr, low?: Expr): Expr {
    const whole = low ? (value.big << 64n) | low.big : value.big
    return i32(this.performer.storeConditional(ea.big, size, whole) ? 1 : 0)
  }

  probeStore(ea: Expr, bytes: number): void {
    this.performer.probeStore(ea.big, bytes)
  }

  faultIf(condition: Expr, interrupt: 'alignment' | 'dataStorage', ea: Expr, status: bigint): void {
    if (condition.num !== 0) this.performer.fault(interrupt, ea.big, status)
  }

  trapIf(condition: Expr, interrupt: InterruptId, cause: bigint | Expr): void {
    if (condition.num !== 0) throw new Raised(interrupt, cause instanceof Expr ? cause.big : cause)
  }

  effect(name: EffectName, ...args: Expr[]): void {
    this.performer.effect(
      name,
      args.map(a => a.big),
    )
  }
}

/** Executes the instruction at NIP: registers, NIP and CFAR are updated; throws where it does not complete. */
export function executeReference(state: State, word: number, instruction: Instruction, performer: Performer): void {
  const s = new ReferenceSemantics(state, word, instruction, performer)
  const next = s.address(s.CIA.add(4)).big
  const writes = instruction.semantics(s)
  state.set('NIP', next)
  for (const [key, value] of Object.entries(writes)) {
    if (!value) continue
    switch (key) {
      case 'RT':
      case 'RA':
        state.set('GPR', value.big, extractField(key, word))
        break
      case 'BF':
        state.set('CRF', value.big, extractField('BF', word))
        break
      case 'CR0':
        state.set('CRF', value.big, 0)
        break
      case 'BT': {
        const bit = extractField('BT', word)
        const m = 8n >> BigInt(bit & 3)
        const old = state.get('CRF', bit >> 2)
        state.set('CRF', value.num ? old | m : old & ~m, bit >> 2)
        break
      }
      case 'CR':
        state.cr = value.big & 0xffffffffn
        break
      case 'NIA':
        if (writes.taken!.num === 0) break
        state.set('NIP', value.big)
        state.set('CFAR', s.CIA.big)
        break
      case 'taken':
        break
      default:
        if (GPR_KEY.test(key)) state.set('GPR', value.big, Number(key.slice(1)))
        else state.set(key, value.big)
    }
  }
}

/** A register that an instruction writes besides those of its fields. */
const GPR_KEY = /^r\d+$/

/** Operand address of a load or store, from the registers before it: SDAR of a Trace interrupt. */
export function operandAddress(state: State, word: number, instruction: Instruction): bigint | null {
  if (instruction.trace !== 'load' && instruction.trace !== 'store') return null
  let address: bigint | null = null
  class Found {}
  const noting = (ea: bigint): never => {
    address ??= ea
    throw new Found()
  }
  const performer: Performer = {
    load: noting,
    store: noting,
    loadReserve: noting,
    storeConditional: noting,
    probeStore: noting,
    fault: (_interrupt, ea) => noting(ea),
    effect: () => {},
  }
  try {
    const s = new ReferenceSemantics(state, word, instruction, performer)
    instruction.semantics(s)
    // Touches that access nothing: dcbt and its kin.
    return s.eaX.big
  } catch (e) {
    if (e instanceof Found || e instanceof Raised) return address
    throw e
  }
}
