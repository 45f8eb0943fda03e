/** What one pass over the statements builds: sections with their bytes, and the symbols' values so far. */
import type { Level } from '../isa/levels.ts'
import { Complaint } from './expression.ts'
import type { Token } from './lexer.ts'

/** More than this in one section is a mistake in an `.org` or `.space`, not a program. */
export const LARGEST_SECTION = 64 * 1024 * 1024

export interface SectionFlags {
  readonly executable: boolean
  readonly writable: boolean
  /** Without it the section is no part of the program: notes, comments, debug information. */
  readonly loaded: boolean
}

export class SectionState {
  /** Largest alignment asked for in it. */
  alignment = 4
  size = 0
  bytes = new Uint8Array(0)
  /** Nothing is in it yet, no label either. */
  untouched = true
  /** Set by an `.org` before anything else. */
  start: bigint | null = null

  constructor(
    readonly name: string,
    readonly flags: SectionFlags,
    /** Where the pass before placed it. */
    readonly base: bigint,
  ) {}

  get address(): bigint {
    return this.start ?? this.base
  }

  /** Makes room; the bytes are 0. */
  grow(count: number, at: Token): void {
    if (this.size + count > LARGEST_SECTION)
      throw new Complaint(
        `section ${this.name} would grow beyond ${LARGEST_SECTION >> 20} MiB. For code far away, begin a section of its own with .org`,
        at,
      )
    this.size += count
    this.untouched = false
  }

  /** Enlarges the buffer to hold what `size` says, in few steps. */
  private hold(): void {
    if (this.size <= this.bytes.length) return
    const larger = new Uint8Array(Math.min(LARGEST_SECTION, Math.max(this.size, 2 * this.bytes.length, 4096)))
    larger.set(this.bytes)
    this.bytes = larger
  }

  write(at: number, bytes: ArrayLike<number>): void {
    this.hold()
    this.bytes.set(bytes, at)
  }

  contents(): Uint8Array {
    this.hold()
    return this.bytes.slice(0, this.size)
  }
}

/** Symbols of the pass before, and where it placed the sections. */
export interface Known {
  readonly symbols: ReadonlyMap<string, bigint>
  readonly bases: ReadonlyMap<string, bigint>
  readonly localEntries: ReadonlyMap<string, bigint>
  /** At the end of the source: GNU as pads for that processor. */
  readonly level: Level
}

/** What directives say of a symbol besides its value. */
export interface Described {
  readonly type?: SymbolType
  readonly size?: bigint
}

export type SymbolType = 'notype' | 'function' | 'object' | 'thread'

export class Pass {
  readonly sections = new Map<string, SectionState>()
  /** Labels and assigned symbols as far as this pass has come. */
  readonly symbols = new Map<string, bigint>()
  /** What a symbol was first given: that is what statements before it see. */
  readonly first = new Map<string, bigint>()
  readonly described = new Map<string, Described>()
  /** How far behind a function's address calls within the program enter it (64-bit ELF V2 ABI, 2.3.2.1). */
  readonly localEntries = new Map<string, bigint>()
  section!: SectionState
  private readonly levels: Level[] = []
  private previous: SectionState | null = null
  private readonly stack: SectionState[] = []

  constructor(
    readonly known: Known,
    /** The last pass: bytes are written and everything that is wrong is said. */
    readonly emitting: boolean,
    readonly littleEndian: boolean,
    /** Of the instructions that may follow: `.machine` changes it. */
    public level: Level,
  ) {}

  pushLevel(): void {
    this.levels.push(this.level)
  }

  popLevel(): boolean {
    const before = this.levels.pop()
    if (before) this.level = before
    return before !== undefined
  }

  describe(name: string, more: Described): void {
    this.described.set(name, { ...this.described.get(name), ...more })
  }

  get here(): bigint {
    return BigInt.asUintN(64, this.section.address + BigInt(this.section.size))
  }

  enter(name: string, flags: SectionFlags): void {
    let section = this.sections.get(name)
    if (!section) this.sections.set(name, (section = new SectionState(name, flags, this.known.bases.get(name) ?? 0n)))
    if (section !== this.section) this.previous = this.section ?? null
    this.section = section
  }

  /** Back to the section before this one. */
  swap(): boolean {
    if (!this.previous) return false
    ;[this.section, this.previous] = [this.previous, this.section]
    return true
  }

  push(): void {
    this.stack.push(this.section)
  }

  pop(): boolean {
    const section = this.stack.pop()
    if (section) this.section = section
    return section !== undefined
  }

  define(name: string, value: bigint): void {
    this.symbols.set(name, value)
    if (!this.first.has(name)) this.first.set(name, value)
  }

  label(name: string): void {
    this.section.untouched = false
    this.define(name, this.here)
  }

  value(name: string): bigint | undefined {
    return this.symbols.get(name) ?? this.known.symbols.get(name)
  }

  /** Appends bytes, or room for them while sizing. */
  append(bytes: ArrayLike<number>, at: Token): void {
    const from = this.section.size
    this.section.grow(bytes.length, at)
    if (this.emitting) this.section.write(from, bytes)
  }

  /** Room for `count` bytes, filled with the pattern. */
  fill(count: number, pattern: readonly number[], at: Token): void {
    const from = this.section.size
    this.section.grow(count, at)
    if (!this.emitting || pattern.every(b => b === 0)) return
    const bytes = new Uint8Array(count)
    for (let i = 0; i < count; i++) bytes[i] = pattern[i % pattern.length]!
    this.section.write(from, bytes)
  }

  /** `size` bytes of a value in the order of the program. */
  bytesOf(value: bigint, size: number): number[] {
    const bytes: number[] = []
    for (let rest = BigInt.asUintN(size * 8, value), i = 0; i < size; i++, rest >>= 8n) bytes.push(Number(rest & 0xffn))
    return this.littleEndian ? bytes : bytes.reverse()
  }
}
