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
  type Branch,
  EmittedSemantics,
  NotEmittable,
  nodesOf,
  type Plan,
  type PlannedWrite,
  planWrites,
  type Routine,
  type Statement,
  specialised,
  statementInputs,
} from './emitted-semantics.ts'
import { stateRegister } from './layout.ts'

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
/** Of a page's 1024 slots, without the one behind them. */
const SLOTS_BYTES = 1024 * 8

const imports = ['fetch', 'load', 'store', 'loadReserve', 'storeConditional'] as const

/** Every routine, in the order of the br_table. */
function listRoutines(): Routine[] {
  return instructions.flatMap(instruction => {
    if (instruction.rare) return []
    const generic: Routine = { instruction, bound: null }
    const s = specialised(instruction)
    return s ? [...s.values.map(value => ({ instruction, bound: { field: s.field, value } })), generic] : [generic]
  })
}

/** What the code of an interpreter takes for granted of the vCPU that it runs. */
export interface Variant {
  /** MSR[SF]. */
  readonly sf: boolean
  /** MSR[LE]. */
  readonly little: boolean
  /** Address of its state. */
  readonly state: number
}

// The parameter of `run`; its locals follow.
const BUDGET = 0

/** Emits a routine's body; `tail` takes the place of the way back to the dispatch. */
type Emit = (labels: Labels, tail?: () => void) => void

interface Labels {
  loop: number
  branch: number
  fault: number
  synchronize: number
}

class Generator {
  constructor(readonly variant: Variant) {}

  readonly code = new Code()
  readonly locals = new Locals(1)
  /** Behind the slot of the instruction that runs. */
  readonly slot = this.locals.create('i32')
  readonly pageSlots = this.locals.create('i32')
  /** Added to half the address behind a slot it gives the address of the slot's instruction. */
  readonly pageBias = this.locals.create('i64')
  readonly word = this.locals.create('i32')
  readonly nip = this.locals.create('i64')
  readonly tlbLoad = this.locals.create('i32')
  readonly tlbStore = this.locals.create('i32')

  /** Address of the instruction whose slot lies before `slot`. */
  pushCia(): void {
    this.code.get(this.slot).const32(1).i32('shr_u').op(0xad).get(this.pageBias).i64('add')
  }

  /** The bias is that of page `page`, its slots at `pageSlots`. */
  setBias(pushPage: () => void): void {
    pushPage()
    this.code.get(this.pageSlots).const32(1).i32('shr_u').op(0xad).i64('sub').const64(4n).i64('sub').set(this.pageBias)
  }

  pushState(name: string): void {
    const { type, offset } = stateRegister(name)
    this.code.const32(0).load(type, type === 'i64' ? 8 : 4, this.variant.state + offset)
  }

  storeState(name: string, pushValue: () => void): void {
    const { type, offset } = stateRegister(name)
    this.code.const32(0)
    pushValue()
    this.code.store(type, type === 'i64' ? 8 : 4, this.variant.state + offset)
  }

  storeI32(name: string, value: number): void {
    this.storeState(name, () => this.code.const32(value))
  }

  private emitter(): ExprEmitter {
    return new ExprEmitter(this.code, this.locals, { state: this.variant.state, word: this.word })
  }

  /** Body of one routine; throws NotEmittable before anything is emitted. */
  build(routine: Routine): Emit {
    const cia = new Expr('local', 'i64', [], null, null, 'CIA')
    const time = new Expr('local', 'i64', [], null, null, 'time')
    const s = new EmittedSemantics(routine, this.variant.sf, cia, time)
    const writes = routine.instruction.semantics(s)
    return (labels, tail) => this.emitRoutine(s, writes, { cia, time }, labels, tail)
  }

  private emitRoutine(
    s: EmittedSemantics,
    writes: Writes,
    { cia, time }: { cia: Expr; time: Expr },
    labels: Labels,
    tail?: () => void,
  ): void {
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
    if (plan.branch) this.emitBranch(e, plan.branch, plan.cia!, synchronize ? labels.synchronize : labels.branch, labels.loop)
    if (synchronize) {
      this.pushCia()
      this.code.const64(4n).i64('add').set(this.nip).br(labels.synchronize)
    } else if (!tail) this.code.br(labels.loop)
    e.release()
    tail?.()
  }

  /** Two routines as one: the second follows without a dispatch, unless the budget ends between them. */
  pair(first: Emit, second: Emit): Emit {
    return labels =>
      first(labels, () => {
        const c = this.code
        c.get(BUDGET).i32('eqz').brIf(labels.loop)
        c.get(BUDGET).const32(1).i32('sub').set(BUDGET)
        c.get(this.slot).load('i32', 4, 0).set(this.word)
        c.get(this.slot).const32(8).i32('add').set(this.slot)
        second(labels)
      })
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
      this.pushState('TIME_END')
      c.get(BUDGET).op(0xad).i64('sub').const64(1n).i64('sub').set(l)
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
          this.storeState('CAUSE', () => e.push(st.cause))
          c.br(labels.fault)
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
          if (this.swaps(st)) {
            this.pushSwapped(result, st.size)
            c.set(result)
          }
          c.else()
          this.service('load', st.size + (st.reversed ? 16 : 0), ea, labels)
          this.pushState('VALUE')
          c.set(result).end()
        } else {
          this.service(st.service, st.size, ea, labels)
          this.pushState('VALUE')
          c.set(result)
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
        if (this.swaps(st)) this.pushSwapped(value, st.size)
        else c.get(value)
        c.store('i64', st.size).else()
        this.storeState('VALUE', () => c.get(value))
        this.service('store', st.size + (st.reversed ? 16 : 0), ea, labels)
        c.end()
        return
      }
      case 'storeConditional': {
        const ea = this.hold(e, st.ea)
        this.storeState('VALUE', () => e.push(st.value))
        this.service('storeConditional', st.size, ea, labels)
        const result = e.temporary('i32')
        this.pushState('SUCCESS')
        c.set(result)
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
    this.storeState('EA', () => c.get(ea))
    c.const32(this.variant.state).const32(size).call(imports.indexOf(name)).brIf(labels.fault)
  }

  /** WebAssembly's order is little-endian. */
  private swaps({ size, reversed }: { size: number; reversed: boolean }): boolean {
    return size > 1 && this.variant.little === reversed
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
    // Both may be the same register: then the order of the writes decides.
    const overlap = values.filter(w => w.index).length > 1
    const held = values.map((w, n) => {
      if (values.length === 1 && !w.index && !plan.branch) return null
      const indexLocal = w.index ? e.temporary('i32') : null
      if (w.index) {
        e.pushScaled(w.index)
        c.set(indexLocal!)
      }
      if (n === values.length - 1 && !plan.branch && !overlap) return { indexLocal, local: null }
      const local = e.temporary(w.value.type)
      e.push(w.value)
      c.set(local)
      return { indexLocal, local }
    })
    if (plan.branch) {
      if (!plan.branch.displacement) {
        plan.branch.targetLocal = e.temporary('i64')
        e.push(plan.branch.target)
        c.set(plan.branch.targetLocal)
      }
      plan.branch.takenLocal = e.temporary('i32')
      e.push(plan.branch.taken)
      c.set(plan.branch.takenLocal)
    }
    // The last value is computed on the stack, its address pushed before it; nothing is stored before that.
    const last = values.length - 1
    const lastHeld = held[last]
    if (values.length > 0 && !(lastHeld && lastHeld.local !== null)) {
      const w = values[last]!
      this.pushDistance(lastHeld?.indexLocal)
      e.push(w.value)
      this.storeWrite(w)
    }
    values.forEach((w, n) => {
      const h = held[n]
      if (!h || h.local === null) return
      this.pushDistance(h.indexLocal)
      c.get(h.local)
      this.storeWrite(w)
    })
  }

  /** Of an entry of a register file from its beginning; 0 for a register. */
  private pushDistance(indexLocal: number | null | undefined): void {
    if (indexLocal == null) this.code.const32(0)
    else this.code.get(indexLocal)
  }

  private storeWrite(w: PlannedWrite): void {
    this.code.store(w.value.type, w.value.type === 'i64' ? 8 : 4, this.variant.state + w.offset)
  }

  private emitBranch(e: ExprEmitter, branch: Branch, cia: number, label: number, loop: number): void {
    const c = this.code
    const always = branch.taken.isConst && branch.taken.num !== 0
    if (!always) {
      c.get(branch.takenLocal!)
      c.if()
    }
    this.storeState('CFAR', () => c.get(cia))
    if (branch.displacement) this.emitRelative(e, branch.displacement, cia, loop)
    else c.get(branch.targetLocal!)
    c.set(this.nip).br(label)
    if (!always) c.end()
  }

  /** Within the page a slot leads to a slot; else the target is left on the stack. */
  private emitRelative(e: ExprEmitter, displacement: Expr, cia: number, loop: number): void {
    const c = this.code
    const slot = this.locals.take('i32')
    e.scope(() => {
      e.push(displacement)
      c.op(0xa7).const32(1).i32('shl').get(this.slot).i32('add').const32(8).i32('sub').tee(slot)
      c.get(this.pageSlots).i32('sub').const32(SLOTS_BYTES).i32('lt_u')
      c.if()
      c.get(slot).set(this.slot).br(loop).end()
      c.get(cia)
      e.push(displacement)
      c.i64('add')
    })
    this.locals.give('i32', slot)
  }
}

export interface Interpreter {
  module: WebAssembly.Module
  /** Routine of an instruction word's row. */
  routineOf(instruction: Instruction, fieldValue: (field: FieldName) => number): number
  /** Routine that also performs the instruction behind, by the routine of each; the first alone where there is none for the two. */
  pairOf(first: number, second: number): number
}

/**
 * What compiled integer programs are mostly made of: instructions that begin a pair, and those that end one. Few, as the product of the two
 * is compiled.
 */
const goingOn = ['add', 'addi', 'or', 'xor', 'and', 'rlwinm', 'rldicl', 'ld', 'lwz', 'cmpi', 'cmpl']
const pairEnds = ['add', 'addi', 'or', 'xor', 'rlwinm', 'ld', 'bc']
/** BO of the branches among them: on a false and a true condition, and on CTR. */
const pairedBranches = [4, 12, 16]

const inPairs = ({ instruction, bound }: Routine): boolean =>
  instruction.name === 'bc' ? bound !== null && pairedBranches.includes(bound.value) : bound === null

/** More than there are routines. */
const PAIR = 1 << 16

const dispatchTypes: ValueType[] = ['i32']

/** Generates and compiles the interpreter of a variant. The routines have the same numbers in all. */
export function generateInterpreter(variant: Variant): Interpreter {
  const g = new Generator(variant)
  const emitted: { routine: Routine; emit: Emit }[] = []
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
  const numbersOf = (names: readonly string[]) =>
    emitted.flatMap((e, n) => (names.includes(e.routine.instruction.name) && inPairs(e.routine) ? [n] : []))
  const pairs = new Map<number, number>()
  const fused: Emit[] = []
  for (const a of numbersOf(goingOn))
    for (const b of numbersOf(pairEnds)) {
      pairs.set((FIRST_INSTRUCTION + a) * PAIR + FIRST_INSTRUCTION + b, FIRST_INSTRUCTION + emitted.length + fused.length)
      fused.push(g.pair(emitted[a]!.emit, emitted[b]!.emit))
    }
  emitRun(g, [...emitted.map(e => e.emit), ...fused])
  const one: ImportedFunction[] = imports.map(name => ({ name, params: name === 'fetch' ? ['i32'] : ['i32', 'i32'], results: ['i32'] }))
  const bytes = encodeModule(one, [{ export: 'run', params: dispatchTypes, results: ['i32'], locals: g.locals.types, code: g.code.bytes }])
  const module = new WebAssembly.Module(bytes)
  return {
    module,
    routineOf(instruction, fieldValue) {
      const entry = index.get(instruction)
      if (!entry) return routines.reference
      const apart = specialised(instruction)
      return (apart && entry.special.get(fieldValue(apart.field))) ?? entry.generic
    },
    pairOf: (first, second) => pairs.get(first * PAIR + second) ?? first,
  }
}

/**
 * run(budget) → budget left. Blocks, from the outside: exit, synchronize, fault, the branch loop, the dispatch loop, then one a routine.
 * `slot` points behind the slot of the instruction that runs; `nip` is the target where control goes to `branch`.
 */
function emitRun(g: Generator, bodies: ((l: Labels) => void)[]): void {
  const c = g.code
  /** Where `slot` points at the slot of the instruction itself. */
  const setNipToSlot = () => {
    g.pushCia()
    c.const64(4n).i64('add').set(g.nip)
  }
  const setExit = (reason: Exit) => {
    g.storeI32('EXIT', reason)
    return c
  }
  for (const [name, local] of Object.entries({ TLB_LOAD: g.tlbLoad, TLB_STORE: g.tlbStore, NIP: g.nip })) {
    g.pushState(name)
    c.set(local)
  }
  // No page yet: one in the other half of the address space.
  g.setBias(() =>
    c
      .get(g.nip)
      .const64(1n << 63n)
      .i64('xor')
      .const64(-4096n)
      .i64('and'),
  )

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

  c.end() // page end: not an instruction, the next page begins at its address
  c.get(BUDGET).const32(1).i32('add').set(BUDGET)
  g.pushCia()
  c.set(g.nip).br(branch)
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
  g.pushCia()
  c.set(g.nip).br(exit)
  c.end() // synchronize: the instruction completed, and nip is set
  setExit(exits.synchronize)
  c.end() // exit
  g.storeState('NIP', () => c.get(g.nip))
  c.get(BUDGET)
}

/** Makes `slot` that of `nip`: in the same page, by the fetch TLB, or by TypeScript. */
function emitFetch(g: Generator, exit: number): void {
  const c = g.code
  // Book I, 1.10.3: in 32-bit mode the address after 0xfffffffc is 0.
  if (!g.variant.sf) c.get(g.nip).const64(0xffffffffn).i64('and').set(g.nip)
  const samePage = c.block()
  // Half a slot's distance from the slots is the instruction's distance from the page.
  c.get(g.nip).get(g.pageBias).i64('sub').const64(4n).i64('sub')
  c.get(g.pageSlots).const32(1).i32('shr_u').op(0xad).i64('sub').const64(4096n).i64('lt_u').brIf(samePage)
  const entry = g.locals.take('i32')
  g.pushState('TLB_FETCH')
  c.get(g.nip).op(0xa7).const32(8).i32('shr_u').const32(0x3f0).i32('and').i32('add').set(entry)
  c.get(g.nip).const64(-4096n).i64('and').get(entry).load('i64', 8).i64('eq')
  c.if()
  c.get(entry).load('i32', 4, 8).set(g.pageSlots)
  c.else()
  c.get(BUDGET).i32('eqz')
  c.if()
  g.storeI32('EXIT', exits.budget)
  c.br(exit)
  c.end()
  g.storeState('NIP', () => c.get(g.nip))
  c.const32(g.variant.state).call(imports.indexOf('fetch')).tee(g.pageSlots).i32('eqz')
  c.if()
  g.storeI32('EXIT', exits.fetchFault)
  c.br(exit)
  c.end()
  c.end()
  g.setBias(() => c.get(g.nip).const64(-4096n).i64('and'))
  c.end()
  c.get(g.pageSlots).get(g.nip).op(0xa7).const32(0xffc).i32('and').const32(1).i32('shl').i32('add').set(g.slot)
  g.locals.give('i32', entry)
}
