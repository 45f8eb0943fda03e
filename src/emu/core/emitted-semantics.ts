/** A row's semantics as the interpreter's generator sees it: statements in order, and what is written at the end. */
import { type FieldName, fields } from '../isa/fields.ts'
import type { Instruction } from '../isa/instruction.ts'
import type { InterruptId } from '../isa/interrupts.ts'
import { type EffectName, Semantics, type Size, type SuffixFlags, type Writes } from '../isa/semantics.ts'
import { Expr, i32, i64, read } from '../wasm/expr.ts'
import { stateRegister } from './layout.ts'

export interface Routine {
  instruction: Instruction
  /** The routine is for this value alone; null: for all values but those that have one of their own. */
  bound: { field: FieldName; value: number } | null
}

/** Where RA is (RA|0), the register and the value 0 are two routines. */
const zeroRegister: Instruction['specialise'] = { field: 'RA', values: [0] }

/** The field whose values have routines of their own. */
export function specialised(i: Instruction): Instruction['specialise'] {
  return i.specialise ?? (i.operands.some(o => o.kind === 'gpr0' || o.base?.zero) ? zeroRegister : null)
}

export type Statement =
  | { kind: 'trap'; condition: Expr; interrupt: InterruptId; cause: Expr }
  | { kind: 'load'; ea: Expr; size: Size; reversed: boolean; service: 'load' | 'loadReserve'; result: Expr }
  | { kind: 'store'; ea: Expr; size: Size; value: Expr; reversed: boolean }
  | { kind: 'storeConditional'; ea: Expr; size: Size; value: Expr; result: Expr }
  | { kind: 'synchronize' }

/** An instruction that the generator leaves to the reference evaluator. */
export class NotEmittable extends Error {}

const fieldDescription = (name: FieldName): string => {
  const f = fields[name]
  return `${f.bits.map(([a, b]) => `${a}-${b}`).join(',')};${f.signed ? 1 : 0};${f.shift ?? 0}`
}

/** Collects a row's statements and its expressions over run-time fields. */
export class EmittedSemantics extends Semantics {
  readonly flags: SuffixFlags
  readonly statements: Statement[] = []
  private readonly known = new Map<string, Expr>()

  constructor(
    private readonly routine: Routine,
    readonly SF: boolean,
    readonly CIA: Expr,
    readonly time: Expr,
  ) {
    super()
    this.flags = routine.instruction.flags
  }

  private once(key: string, make: () => Expr): Expr {
    let e = this.known.get(key)
    if (!e) this.known.set(key, (e = make()))
    return e
  }

  field(name: FieldName): Expr {
    const b = this.routine.bound
    if (b?.field === name) return i32(b.value)
    if (fields[name].zero !== undefined) throw new NotEmittable(name)
    return this.once(`field ${name}`, () => new Expr('word', 'i32', [], null, null, fieldDescription(name)))
  }

  register(name: string): Expr {
    const { offset, type } = stateRegister(name)
    return this.once(name, () => read(type, { offset, index: null, bytes: type === 'i64' ? 8 : 4, name }))
  }

  override get RA0(): Expr {
    const apart = specialised(this.routine.instruction) === zeroRegister
    return apart && !this.routine.bound ? this.RA : super.RA0
  }

  private readonly indexed = new Map<Expr, Expr>()

  private file(name: string, index: Expr): Expr {
    const { offset, type } = stateRegister(name)
    const bytes = type === 'i64' ? 8 : 4
    if (index.isConst)
      return this.once(`${name}${index.num}`, () => read(type, { offset: offset + 8 * index.num, index: null, bytes, name }))
    const held = this.indexed.get(index)
    if (held && held.place!.name === name) return held
    const e = read(type, { offset, index, bytes, name })
    this.indexed.set(index, e)
    return e
  }

  gpr(index: Expr): Expr {
    return this.file('GPR', index)
  }

  crField(index: Expr): Expr {
    return this.file('CRF', index)
  }

  private loading(ea: Expr, size: Size, reversed: boolean, service: 'load' | 'loadReserve'): Expr {
    const result = new Expr('effect', 'i64', [], null, null, service)
    this.statements.push({ kind: 'load', ea, size, reversed, service, result })
    return result
  }

  load(ea: Expr, size: Size, order?: 'reversed'): Expr {
    return this.loading(ea, size, order === 'reversed', 'load')
  }

  loadReserve(ea: Expr, size: Size): Expr {
    return this.loading(ea, size, false, 'loadReserve')
  }

  store(ea: Expr, size: Size, value: Expr, order?: 'reversed'): void {
    this.statements.push({ kind: 'store', ea, size, value, reversed: order === 'reversed' })
  }

  storeConditional(ea: Expr, size: Size, value: Expr): Expr {
    const result = new Expr('effect', 'i32', [], null, null, 'storeConditional')
    this.statements.push({ kind: 'storeConditional', ea, size, value, result })
    return result
  }

  probeStore(): void {
    throw new NotEmittable('probeStore')
  }

  faultIf(): void {
    throw new NotEmittable('faultIf')
  }

  trapIf(condition: Expr, interrupt: InterruptId, cause: bigint | Expr): void {
    if (condition.isConst && condition.num === 0) return
    this.statements.push({ kind: 'trap', condition, interrupt, cause: cause instanceof Expr ? cause : i64(cause) })
  }

  effect(name: EffectName): void {
    if (name !== 'synchronize') throw new NotEmittable(name)
    this.statements.push({ kind: 'synchronize' })
  }
}

export interface PlannedWrite {
  offset: number
  /** Scaled by 8 and added to the offset. */
  index: Expr | null
  value: Expr
}

export interface Branch {
  readonly target: Expr
  /** Where the target is CIA + displacement. */
  readonly displacement: Expr | null
  readonly taken: Expr
  targetLocal?: number
  takenLocal?: number
}

export interface Plan {
  values: PlannedWrite[]
  branch: Branch | null
  cia?: number
}

export const statementInputs = (st: Statement): Expr[] => {
  switch (st.kind) {
    case 'trap':
      return [st.condition, st.cause]
    case 'load':
      return [st.ea]
    case 'store':
    case 'storeConditional':
      return [st.ea, st.value]
    default:
      return []
  }
}

/** Every node below the expressions, once. */
export function nodesOf(roots: readonly Expr[]): Set<Expr> {
  const seen = new Set<Expr>()
  const visit = (e: Expr): void => {
    if (seen.has(e)) return
    seen.add(e)
    if (e.place?.index) visit(e.place.index)
    e.args.forEach(visit)
  }
  roots.forEach(visit)
  return seen
}

/** Where each written value goes; a row without a written 'foldOnly' value can be emitted. */
export function planWrites(s: EmittedSemantics, writes: Writes): Plan {
  const values: PlannedWrite[] = []
  const push = (name: string, index: Expr | null, value: Expr, at = 0) => {
    const r = stateRegister(name)
    values.push({ offset: r.offset + 8 * at, index, value: r.type === value.type ? value : r.type === 'i32' ? value.wrap : value.zext })
  }
  let branch: Plan['branch'] = null
  for (const [key, value] of Object.entries(writes)) {
    if (!value) continue
    switch (key) {
      case 'RT':
      case 'RA':
        push('GPR', s.field(key), value)
        break
      case 'BF':
        push('CRF', s.field('BF'), value)
        break
      case 'CR0':
        push('CRF', null, value)
        break
      case 'BT': {
        const bit = s.field('BT')
        const shift = i32(3).sub(bit.and(3))
        push('CRF', bit.shr(2), s.crField(bit.shr(2)).and(i32(1).shl(shift).not).or(value.shl(shift)))
        break
      }
      case 'CR':
        for (let n = 0; n < 8; n++) push('CRF', null, value.shr(28 - 4 * n).and(0xf).wrap, n)
        break
      case 'NIA':
        branch = {
          target: value,
          displacement: value.op === 'add' && value.args[0] === s.CIA ? value.args[1]! : null,
          taken: writes.taken!,
        }
        break
      case 'taken':
        break
      case 'MSR':
        s.effect('synchronize')
        push('MSR', null, value)
        break
      default:
        push(key, null, value)
    }
  }
  for (const e of nodesOf(values.map(v => v.value))) if (e.op === 'foldOnly') throw new NotEmittable(e.name)
  return { values, branch }
}
