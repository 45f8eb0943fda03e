/** Emits expressions into one function's code. A node used more than once is computed once, into a local. */
import { signedLeb, unsignedLeb, type ValueType } from './encoder.ts'
import type { Expr, Op, Type } from './expr.ts'

const codes: Partial<Record<Op, readonly [i32: number, i64: number]>> = {
  eqz: [0x45, 0x50], eq: [0x46, 0x51], ne: [0x47, 0x52], lt_s: [0x48, 0x53], lt_u: [0x49, 0x54], gt_s: [0x4a, 0x55], gt_u: [0x4b, 0x56],
  le_s: [0x4c, 0x57], le_u: [0x4d, 0x58], ge_s: [0x4e, 0x59], ge_u: [0x4f, 0x5a],
  clz: [0x67, 0x79], ctz: [0x68, 0x7a], popcnt: [0x69, 0x7b], add: [0x6a, 0x7c], sub: [0x6b, 0x7d], mul: [0x6c, 0x7e],
  div_s: [0x6d, 0x7f], div_u: [0x6e, 0x80], rem_s: [0x6f, 0x81], rem_u: [0x70, 0x82], and: [0x71, 0x83], or: [0x72, 0x84], xor: [0x73, 0x85],
  shl: [0x74, 0x86], shr_s: [0x75, 0x87], shr_u: [0x76, 0x88], rotl: [0x77, 0x89],
  extend8_s: [0xc0, 0xc2], extend16_s: [0xc1, 0xc3], extend32_s: [0, 0xc4], wrap: [0xa7, 0xa7], extend_s: [0xac, 0xac], extend_u: [0xad, 0xad],
} // biome-ignore format: a table

/** Locals of a function: named ones, and a pool that is used again from one routine to the next. */
export class Locals {
  readonly types: ValueType[] = []
  private readonly free: Record<ValueType, number[]> = { i32: [], i64: [] }

  constructor(private readonly params: number) {}

  create(type: ValueType): number {
    this.types.push(type)
    return this.params + this.types.length - 1
  }

  take(type: ValueType): number {
    return this.free[type].pop() ?? this.create(type)
  }

  give(type: ValueType, index: number): void {
    this.free[type].push(index)
  }
}

export class Code {
  readonly bytes: number[] = []
  /** Open blocks, innermost last; a label is the number that `block` or `loop` gave. */
  private open = 0

  op(...bytes: number[]): this {
    for (const b of bytes) this.bytes.push(b)
    return this
  }
  leb(n: number): this { return this.op(...unsignedLeb(n)) }
  get(local: number): this { return this.op(0x20).leb(local) }
  set(local: number): this { return this.op(0x21).leb(local) }
  tee(local: number): this { return this.op(0x22).leb(local) }
  const32(n: number): this { return this.op(0x41, ...signedLeb(BigInt(n | 0))) }
  const64(n: bigint): this { return this.op(0x42, ...signedLeb(BigInt.asIntN(64, n))) }
  call(f: number): this { return this.op(0x10).leb(f) }
  block(): number { this.op(0x02, 0x40); return ++this.open }
  loop(): number { this.op(0x03, 0x40); return ++this.open }
  /** Takes the condition from the stack. */
  if(type: ValueType | null = null): number { this.op(0x04, type === null ? 0x40 : type === 'i32' ? 0x7f : 0x7e); return ++this.open }
  else(): this { return this.op(0x05) }
  end(): this { this.open--; return this.op(0x0b) }
  br(label: number): this { return this.op(0x0c).leb(this.open - label) }
  brIf(label: number): this { return this.op(0x0d).leb(this.open - label) }
  brTable(labels: readonly number[], otherwise: number): this {
    this.op(0x0e).leb(labels.length)
    for (const l of labels) this.leb(this.open - l)
    return this.leb(this.open - otherwise)
  }
  /** Address from the stack. */
  load(type: Type, bytes: number, offset = 0): this {
    const code = type === 'i32' ? { 1: 0x2d, 2: 0x2f, 4: 0x28 }[bytes] : { 1: 0x31, 2: 0x33, 4: 0x35, 8: 0x29 }[bytes]
    return this.op(code!, 0).leb(offset)
  }
  /** Address and value from the stack. */
  store(type: Type, bytes: number, offset = 0): this {
    const code = type === 'i32' ? { 1: 0x3a, 2: 0x3b, 4: 0x36 }[bytes] : { 1: 0x3c, 2: 0x3d, 4: 0x3e, 8: 0x37 }[bytes]
    return this.op(code!, 0).leb(offset)
  }
  i32(op: Op): this { return this.op(codes[op]![0]) }
  i64(op: Op): this { return this.op(codes[op]![1]) }
} // biome-ignore format: one instruction a line

/** What an emitter needs to know of the function around it. */
export interface Frame {
  /** Address of the state page. */
  readonly state: number
  /** Local with the instruction word. */
  readonly word: number
}

/** An unsigned field of one run of bits, or its upper bits, as `(word >>> right) & mask`. */
function fieldRun(e: Expr): { right: number; mask: number } | null {
  if (e.op === 'shr_u' && e.args[1]!.isConst) {
    const run = fieldRun(e.args[0]!)
    return run && { right: run.right + e.args[1]!.num, mask: run.mask >>> e.args[1]!.num }
  }
  const m = e.op === 'word' ? /^(\d+)-(\d+);0;0$/.exec(e.name) : null
  return m && { right: 31 - Number(m[2]), mask: 2 ** (Number(m[2]) - Number(m[1]) + 1) - 1 }
}

/** One routine's expressions: counts uses first, then emits in order. */
export class ExprEmitter {
  private readonly uses = new Map<Expr, number>()
  private readonly held = new Map<Expr, number>()
  private readonly taken: [ValueType, number][] = []

  constructor(
    private readonly code: Code,
    private readonly locals: Locals,
    private readonly frame: Frame,
  ) {}

  /** Declares that `e` will be emitted once more. */
  use(e: Expr): void {
    const n = this.uses.get(e) ?? 0
    this.uses.set(e, n + 1)
    if (n === 0) for (const a of this.children(e)) this.use(a)
  }

  private children(e: Expr): readonly Expr[] {
    if (e.op === 'named') return [e.args[0]!]
    if (e.op === 'read' && e.place!.index) return [e.place!.index]
    return e.args
  }

  temporary(type: ValueType): number {
    const local = this.locals.take(type)
    this.taken.push([type, local])
    return local
  }

  /** Makes a local stand for the node: results of effects. */
  hold(e: Expr, local: number): void {
    this.held.set(e, local)
  }

  /** Values that are computed within a branch of the code are not known after it. */
  scope(body: () => void): void {
    const before = new Map(this.held)
    body()
    this.held.clear()
    for (const [e, l] of before) this.held.set(e, l)
  }

  release(): void {
    for (const [type, local] of this.taken) this.locals.give(type, local)
    this.taken.length = 0
  }

  /** Leaves the value on the stack. */
  push(e: Expr): void {
    const local = this.held.get(e)
    if (local !== undefined) {
      this.code.get(local)
      return
    }
    this.compute(e)
    const trivial = e.op === 'const' || e.op === 'local'
    if (!trivial && (this.uses.get(e) ?? 0) > 1) {
      const l = this.temporary(e.type)
      this.held.set(e, l)
      this.code.tee(l)
    }
  }

  private compute(e: Expr): void {
    const c = this.code
    switch (e.op) {
      case 'const':
        if (e.type === 'i64') c.const64(e.big)
        else c.const32(e.num)
        return
      case 'local':
        c.get(e.num)
        return
      case 'word':
        this.field(e)
        return
      case 'read':
        this.read(e)
        return
      case 'named':
        this.push(e.args[0]!)
        return
      case 'select':
        for (const a of e.args) this.push(a)
        c.op(0x1b)
        return
      case 'effect':
      case 'foldOnly':
        throw new Error(`${e.op} ${e.name} cannot be emitted as an expression`)
      default:
        for (const a of e.args) this.push(a)
        c.op(codes[e.op]![e.args[0]!.type === 'i32' && e.op !== 'extend_s' && e.op !== 'extend_u' ? 0 : 1])
    }
  }

  private read(e: Expr): void {
    const { offset, index, bytes } = e.place!
    if (index) this.pushScaled(index)
    else this.code.const32(0)
    this.code.load(e.type, bytes, this.frame.state + offset)
  }

  /** A register file's index times 8; of a field, its bits are left 8 times as high as they would be put. */
  pushScaled(index: Expr): void {
    const run = fieldRun(index)
    if (!run) {
      this.push(index)
      this.code.const32(3).i32('shl')
      return
    }
    const right = run.right - 3
    this.code.get(this.frame.word)
    if (right !== 0) this.code.const32(Math.abs(right)).i32(right > 0 ? 'shr_u' : 'shl')
    this.code.const32(run.mask << 3).i32('and')
  }

  /** The runs of a field's bits, joined, sign-extended and shifted. Its description is in `name` as "first-last,…;signed;shift". */
  private field(e: Expr): void {
    const [runs, signed, shift] = e.name.split(';') as [string, string, string]
    const bits = runs.split(',').map(r => r.split('-').map(Number) as [number, number])
    const c = this.code
    let width = 0
    bits.forEach(([first, last], n) => {
      const size = last - first + 1
      if (n > 0) c.const32(size).i32('shl')
      c.get(this.frame.word)
      if (last !== 31) c.const32(31 - last).i32('shr_u')
      if (first !== 0 || last !== 31) c.const32(2 ** size - 1).i32('and')
      if (n > 0) c.i32('or')
      width += size
    })
    const left = 32 - width
    if (signed === '1')
      c.const32(left)
        .i32('shl')
        .const32(left - Number(shift))
        .i32('shr_s')
    else if (shift !== '0') c.const32(Number(shift)).i32('shl')
    if (signed === '1' && shift !== '0') c.const32(-(2 ** Number(shift))).i32('and')
  }
}
