/**
 * Generates the interpreter: one WebAssembly function whose `br_table` leads to a routine for each instruction (and for common
 * values of some fields). It runs predecoded slots until the budget is used up, or something needs TypeScript.
 */

import type { FieldName } from '../isa/fields.ts'
import type { Instruction } from '../isa/instruction.ts'
import { instructions } from '../isa/instructions.ts'
import { interruptIds } from '../isa/interrupts.ts'
import type { Writes } from '../isa/semantics.ts'
import { Code, ExprEmitter, Locals } from '../wasm/emit.ts'
import { encodeModule, type ImportedFunction, type ValueType } from '../wasm/encoder.ts'
import { Expr } from '../wasm/expr.ts'
import {
  EmittedSemantics,
  NotEmittable,
  nodesOf,
  type Plan,
  planWrites,
  type Routine,
  type Statement,
  statementInputs,
} from './emitted-semantics.ts'
import { offsetOf } from './layout.ts'

/** Why `run` returned before its budget was used up (or with it). Stored in EXIT. */
export const exits = { budget: 0, interrupt: 1, reference: 2, stop: 3, synchronize: 4, fetchFault: 5 } as const
export type Exit = (typeof exits)[keyof typeof exits]

/** Routines that are no instruction. */
export const routines = { pageEnd: 0, reference: 1, stop: 2 } as const
const FIRST_INSTRUCTION = 3

/** What TypeScript does for the generated code; each gets the address of the vCPU's state. Data accesses return 0, or 1 for a fault. */
export interface Services {
  /** Predecodes the page at NIP and returns the address of its slots; 0 when the fetch faults or NIP's page has no such slots. */
  fetch(state: number): number
  /** Load at EA into VALUE (`size` + 16 for the reversed order). */
  load(state: number, size: number): number
  store(state: number, size: number): number
  loadReserve(state: number, size: number): number
  /** SUCCESS tells whether the store was performed. */
  storeConditional(state: number, size: number): number
}
const imports = ['fetch', 'load', 'store', 'loadReserve', 'storeConditional'] as const

/** Every routine, in the order of the br_table. */
function listRoutines(): Routine[] {
  return instructions.flatMap(instruction => {
    if (instruction.rare) return []
    const generic: Routine = { instruction, bound: null }
    const s = instruction.specialise
    return s ? [...s.values.map(value => ({ instruction, bound: { field: s.field, value } })), generic] : [generic]
  })
}

// Parameters of `run`, then its locals.
const STATE = 0
const BUDGET = 1

interface Labels {
  loop: number
  branch: number
  fault: number
  synchronize: number
}

class Generator {
  constructor(private readonly sf: boolean) {}

  readonly code = new Code()
  readonly locals = new Locals(2)
  readonly slot = this.locals.create('i32')
  readonly pageSlots = this.locals.create('i32')
  readonly pageEa = this.locals.create('i64')
  readonly word = this.locals.create('i32')
  readonly nip = this.locals.create('i64')
  readonly tlbLoad = this.locals.create('i32')
  readonly tlbStore = this.locals.create('i32')
  readonly little = this.locals.create('i32')

  /** Address of the instruction whose slot lies before `slot`. */
  private pushCia(): void {
    const c = this.code
    c.get(this.slot).const32(8).i32('sub').get(this.pageSlots).i32('sub').const32(1).i32('shr_u')
    c.op(0xad).get(this.pageEa).i64('add')
  }

  private storeI32(name: string, value: number): void {
    this.code.get(STATE).const32(value).store('i32', 4, offsetOf(name))
  }

  private emitter(): ExprEmitter {
    return new ExprEmitter(this.code, this.locals, { state: STATE, word: this.word })
  }

  /** Body of one routine; throws NotEmittable before anything is emitted. */
  build(routine: Routine): (labels: Labels) => void {
    const cia = new Expr('local', 'i64', [], null, null, 'CIA')
    const time = new Expr('local', 'i64', [], null, null, 'time')
    const s = new EmittedSemantics(routine, this.sf, cia, time)
    const writes = routine.instruction.semantics(s)
    return labels => this.emitRoutine(s, writes, cia, time, labels)
  }

  private emitRoutine(s: EmittedSemantics, writes: Writes, cia: Expr, time: Expr, labels: Labels): void {
    const e = this.emitter()
    const plan = planWrites(s, writes)
    for (const st of s.statements) for (const x of statementInputs(st)) e.use(x)
    for (const w of plan.values) {
      e.use(w.value)
      if (w.index) e.use(w.index)
    }
    if (plan.branch) {
      e.use(plan.branch.target)
      e.use(plan.branch.taken)
    }
    this.prepareClockAndCia(e, s, plan, cia, time)
    let synchronize = false
    for (const st of s.statements) {
      if (st.kind === 'synchronize') synchronize = true
      else this.emitStatement(e, st, labels)
    }
    this.emitWrites(e, plan)
    if (plan.branch) this.emitBranch(plan.branch, plan.cia!, synchronize ? labels.synchronize : labels.branch)
    if (synchronize) {
      this.pushCia()
      this.code.const64(4n).i64('add').set(this.nip).br(labels.synchronize)
    } else this.code.br(labels.loop)
    e.release()
  }

  /** CIA and the time are computed once, up front, where the routine uses them. */
  private prepareClockAndCia(e: ExprEmitter, s: EmittedSemantics, plan: Plan, cia: Expr, time: Expr): void {
    const branch = plan.branch ? [plan.branch.target, plan.branch.taken] : []
    const all = nodesOf([...s.statements.flatMap(statementInputs), ...plan.values.map(w => w.value), ...branch])
    const c = this.code
    if (plan.branch || all.has(cia)) {
      const l = e.temporary('i64')
      this.pushCia()
      c.set(l)
      e.hold(cia, l)
      plan.cia = l
    }
    if (all.has(time)) {
      const l = e.temporary('i64')
      c.get(STATE).load('i64', 8, offsetOf('TIME_END')).get(BUDGET).op(0xad).i64('sub').const64(1n).i64('sub').set(l)
      e.hold(time, l)
    }
  }

  private emitStatement(e: ExprEmitter, st: Exclude<Statement, { kind: 'synchronize' }>, labels: Labels): void {
    const c = this.code
    switch (st.kind) {
      case 'trap': {
        e.push(st.condition)
        c.if()
        e.scope(() => {
          this.storeI32('EXIT', exits.interrupt)
          this.storeI32('INTERRUPT', interruptIds.indexOf(st.interrupt))
          c.get(STATE)
          e.push(st.cause)
          c.store('i64', 8, offsetOf('CAUSE')).br(labels.fault)
        })
        c.end()
        return
      }
      case 'load': {
        const ea = this.hold(e, st.ea)
        const result = e.temporary('i64')
        e.hold(st.result, result)
        if (st.service === 'load') {
          this.pushHit(this.tlbLoad, ea, st.size)
          c.if()
          this.pushHost(this.tlbLoad, ea)
          c.load('i64', st.size).set(result)
          this.reorder(result, st.size, st.reversed)
          c.else()
          this.service('load', st.size + (st.reversed ? 16 : 0), ea, labels)
          c.get(STATE).load('i64', 8, offsetOf('VALUE')).set(result).end()
        } else {
          this.service(st.service, st.size, ea, labels)
          c.get(STATE).load('i64', 8, offsetOf('VALUE')).set(result)
        }
        return
      }
      case 'store': {
        const ea = this.hold(e, st.ea)
        const value = e.temporary('i64')
        e.push(st.value)
        c.set(value)
        this.pushHit(this.tlbStore, ea, st.size)
        c.if()
        this.pushHost(this.tlbStore, ea)
        this.pushReordered(value, st.size, st.reversed)
        c.store('i64', st.size).else()
        c.get(STATE).get(value).store('i64', 8, offsetOf('VALUE'))
        this.service('store', st.size + (st.reversed ? 16 : 0), ea, labels)
        c.end()
        return
      }
      case 'storeConditional': {
        const ea = this.hold(e, st.ea)
        c.get(STATE)
        e.push(st.value)
        c.store('i64', 8, offsetOf('VALUE'))
        this.service('storeConditional', st.size, ea, labels)
        const result = e.temporary('i32')
        c.get(STATE).load('i32', 4, offsetOf('SUCCESS')).set(result)
        e.hold(st.result, result)
      }
    }
  }

  private hold(e: ExprEmitter, value: Expr): number {
    const l = e.temporary('i64')
    e.push(value)
    this.code.set(l)
    return l
  }

  /** Address of the TLB entry of the first byte's page; the tag must be the page of the last byte. */
  private pushEntry(tlb: number, ea: number): void {
    this.code.get(tlb).get(ea).op(0xa7).const32(8).i32('shr_u').const32(0xff0).i32('and').i32('add')
  }

  private pushHit(tlb: number, ea: number, size: number): void {
    const c = this.code
    c.get(ea)
    if (size > 1) c.const64(BigInt(size - 1)).i64('add')
    c.const64(-4096n).i64('and')
    this.pushEntry(tlb, ea)
    c.load('i64', 8).i64('eq')
  }

  private pushHost(tlb: number, ea: number): void {
    const c = this.code
    c.get(ea).op(0xa7)
    this.pushEntry(tlb, ea)
    c.load('i32', 4, 8).i32('add')
  }

  private service(name: (typeof imports)[number], size: number, ea: number, labels: Labels): void {
    const c = this.code
    c.get(STATE).get(ea).store('i64', 8, offsetOf('EA'))
    c.get(STATE).const32(size).call(imports.indexOf(name)).brIf(labels.fault)
  }

  /** The local's bytes are reversed when the access is big-endian. */
  private reorder(local: number, size: number, reversed: boolean): void {
    if (size === 1) return
    const c = this.code
    c.get(this.little)
    if (!reversed) c.i32('eqz')
    c.if()
    this.pushSwapped(local, size)
    c.set(local).end()
  }

  private pushReordered(local: number, size: number, reversed: boolean): void {
    const c = this.code
    if (size === 1) {
      c.get(local)
      return
    }
    c.get(this.little)
    if (!reversed) c.i32('eqz')
    c.if('i64')
    this.pushSwapped(local, size)
    c.else().get(local).end()
  }

  private pushSwapped(local: number, size: number): void {
    const c = this.code
    const part = (m: bigint, by: bigint) => {
      c.get(local).const64(by).i64('shr_u').const64(m).i64('and').get(local).const64(m).i64('and').const64(by).i64('shl').i64('or')
    }
    part(0x00ff00ff00ff00ffn, 8n)
    if (size === 2) return
    const t = this.locals.take('i64')
    const again = (m: bigint, by: bigint) => {
      c.set(t).get(t).const64(by).i64('shr_u').const64(m).i64('and').get(t).const64(m).i64('and').const64(by).i64('shl').i64('or')
    }
    again(0x0000ffff0000ffffn, 16n)
    if (size === 8) c.const64(32n).i64('rotl')
    this.locals.give('i64', t)
  }

  /** All values first, then all stores: a register written early is never read late. */
  private emitWrites(e: ExprEmitter, plan: Plan): void {
    const c = this.code
    const values = plan.values
    const held = values.map((w, n) => {
      if (values.length === 1 && !w.index && !plan.branch) return null
      const indexLocal = w.index ? e.temporary('i32') : null
      if (w.index) {
        e.push(w.index)
        c.const32(3).i32('shl').get(STATE).i32('add').set(indexLocal!)
      }
      if (n === values.length - 1 && !plan.branch) return { indexLocal, local: null }
      const local = e.temporary(w.value.type)
      e.push(w.value)
      c.set(local)
      return { indexLocal, local }
    })
    if (plan.branch) {
      plan.branch.targetLocal = e.temporary('i64')
      e.push(plan.branch.target)
      c.set(plan.branch.targetLocal)
      plan.branch.takenLocal = e.temporary('i32')
      e.push(plan.branch.taken)
      c.set(plan.branch.takenLocal)
    }
    // The last value is computed on the stack, its address pushed before it; nothing is stored before that.
    const last = values.length - 1
    const lastHeld = held[last]
    if (values.length > 0 && !(lastHeld && lastHeld.local !== null)) {
      const w = values[last]!
      c.get(lastHeld?.indexLocal ?? STATE)
      e.push(w.value)
      c.store(w.value.type, w.value.type === 'i64' ? 8 : 4, w.offset)
    }
    values.forEach((w, n) => {
      const h = held[n]
      if (!h || h.local === null) return
      c.get(h.indexLocal ?? STATE)
        .get(h.local)
        .store(w.value.type, w.value.type === 'i64' ? 8 : 4, w.offset)
    })
  }

  private emitBranch(branch: NonNullable<Plan['branch']>, cia: number, label: number): void {
    const c = this.code
    const always = branch.taken.isConst && branch.taken.num !== 0
    if (!always) {
      c.get(branch.takenLocal!)
      c.if()
    }
    c.get(STATE).get(cia).store('i64', 8, offsetOf('CFAR'))
    c.get(branch.targetLocal!).set(this.nip).br(label)
    if (!always) c.end()
  }
}

export interface Interpreter {
  module: WebAssembly.Module
  /** Routine of an instruction word's row. */
  routineOf(instruction: Instruction, fieldValue: (field: FieldName) => number): number
}

const dispatchTypes: ValueType[] = ['i32', 'i32']

/** Generates and compiles the interpreter of 64-bit mode, or of 32-bit mode (MSR[SF]=0). */
export function generateInterpreter(sf: boolean): Interpreter {
  const g = new Generator(sf)
  const emitted: { routine: Routine; emit: (l: Labels) => void }[] = []
  const index = new Map<Instruction, { generic: number; special: Map<number, number> }>()
  for (const routine of listRoutines()) {
    const entry = index.get(routine.instruction) ?? { generic: routines.reference as number, special: new Map<number, number>() }
    index.set(routine.instruction, entry)
    try {
      const emit = g.build(routine)
      const n = FIRST_INSTRUCTION + emitted.length
      emitted.push({ routine, emit })
      if (routine.bound) entry.special.set(routine.bound.value, n)
      else entry.generic = n
    } catch (e) {
      if (!(e instanceof NotEmittable)) throw e
    }
  }
  emitRun(
    g,
    emitted.map(e => e.emit),
  )
  const one: ImportedFunction[] = imports.map(name => ({ name, params: name === 'fetch' ? ['i32'] : ['i32', 'i32'], results: ['i32'] }))
  const bytes = encodeModule(one, [{ export: 'run', params: dispatchTypes, results: ['i32'], locals: g.locals.types, code: g.code.bytes }])
  const module = new WebAssembly.Module(bytes)
  return {
    module,
    routineOf(instruction, fieldValue) {
      const entry = index.get(instruction)
      if (!entry) return routines.reference
      const special = instruction.specialise ? entry.special.get(fieldValue(instruction.specialise.field)) : undefined
      return special ?? entry.generic
    },
  }
}

/**
 * run(state, budget) → budget left. Blocks, from the outside: exit, synchronize, fault, the branch loop, the dispatch loop, then one
 * a routine. `slot` points behind the slot of the instruction that runs; `nip` is the target where control goes to `branch`.
 */
function emitRun(g: Generator, bodies: ((l: Labels) => void)[]): void {
  const c = g.code
  const setNipToSlot = () => {
    c.get(g.slot).get(g.pageSlots).i32('sub').const32(1).i32('shr_u').op(0xad).get(g.pageEa).i64('add').set(g.nip)
  }
  const setExit = (reason: Exit) => c.get(STATE).const32(reason).store('i32', 4, offsetOf('EXIT'))
  const locals = { TLB_LOAD: g.tlbLoad, TLB_STORE: g.tlbStore, LITTLE: g.little }
  for (const [name, local] of Object.entries(locals)) c.get(STATE).load('i32', 4, offsetOf(name)).set(local)
  c.get(STATE).load('i64', 8, offsetOf('NIP')).set(g.nip)
  // No page yet: one in the other half of the address space.
  c.get(g.nip)
    .const64(1n << 63n)
    .i64('xor')
    .const64(-4096n)
    .i64('and')
    .set(g.pageEa)

  const exit = c.block()
  const synchronize = c.block()
  const fault = c.block()
  const branch = c.loop()
  emitFetch(g, exit)
  const loop = c.loop()
  const labels: Labels = { loop, branch, fault, synchronize }
  // labels[n] leads to the code behind the end of block n: the innermost block is routine 0's.
  const routineLabels = [...bodies, ...Object.keys(routines)].map(() => c.block()).reverse()
  const budgetLeft = c.block()
  c.get(BUDGET).brIf(budgetLeft)
  setNipToSlot()
  setExit(exits.budget).br(exit)
  c.end()
  c.get(BUDGET).const32(1).i32('sub').set(BUDGET)
  c.get(g.slot).load('i32', 4, 0).set(g.word)
  c.get(g.slot).load('i32', 4, 4)
  c.get(g.slot).const32(8).i32('add').set(g.slot)
  c.brTable(routineLabels, routineLabels[routines.reference]!)

  c.end() // page end: not an instruction
  c.get(BUDGET).const32(1).i32('add').set(BUDGET)
  c.get(g.pageEa).const64(4096n).i64('add').set(g.nip).br(branch)
  c.end()
  setExit(exits.reference).br(fault)
  c.end()
  setExit(exits.stop).br(fault)
  for (const body of bodies) {
    c.end()
    body(labels)
  }
  c.end().end() // both loops
  c.end() // fault: the instruction did not complete
  c.get(BUDGET).const32(1).i32('add').set(BUDGET)
  c.get(g.slot).const32(8).i32('sub').set(g.slot)
  setNipToSlot()
  c.br(exit)
  c.end() // synchronize: the instruction completed, and nip is set
  setExit(exits.synchronize)
  c.end() // exit
  c.get(STATE).get(g.nip).store('i64', 8, offsetOf('NIP'))
  c.get(BUDGET)
}

/** Makes `slot` that of `nip`: in the same page, by the fetch TLB, or by TypeScript. */
function emitFetch(g: Generator, exit: number): void {
  const c = g.code
  const samePage = c.block()
  c.get(g.nip).get(g.pageEa).i64('xor').const64(4096n).i64('lt_u').brIf(samePage)
  const entry = g.locals.take('i32')
  c.get(STATE)
    .load('i32', 4, offsetOf('TLB_FETCH'))
    .get(g.nip)
    .op(0xa7)
    .const32(8)
    .i32('shr_u')
    .const32(0x3f0)
    .i32('and')
    .i32('add')
    .set(entry)
  c.get(g.nip).const64(-4096n).i64('and').get(entry).load('i64', 8).i64('eq')
  c.if()
  c.get(entry).load('i32', 4, 8).set(g.pageSlots)
  c.else()
  c.get(BUDGET).i32('eqz')
  c.if()
  c.get(STATE).const32(exits.budget).store('i32', 4, offsetOf('EXIT')).br(exit)
  c.end()
  c.get(STATE).get(g.nip).store('i64', 8, offsetOf('NIP'))
  c.get(STATE).call(imports.indexOf('fetch')).tee(g.pageSlots).i32('eqz')
  c.if()
  c.get(STATE).const32(exits.fetchFault).store('i32', 4, offsetOf('EXIT')).br(exit)
  c.end()
  c.end()
  c.get(g.nip).const64(-4096n).i64('and').set(g.pageEa)
  c.end()
  c.get(g.pageSlots).get(g.nip).op(0xa7).const32(0xffc).i32('and').const32(1).i32('shl').i32('add').set(g.slot)
  g.locals.give('i32', entry)
}
