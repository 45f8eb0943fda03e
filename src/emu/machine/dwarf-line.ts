/** Which source line each instruction comes from: the line number information in `.debug_line`. DWARF version 5, 6.2. */
import { DwarfError, DwarfReader } from './dwarf-bytes.ts'
import { type FileEntry, type LineHeader, type LineSections, readLineHeader } from './dwarf-line-header.ts'
import { type LineRow, runLineProgram } from './dwarf-line-program.ts'

export interface SourcePlace {
  /** Index in the table's files. */
  readonly file: number
  /** From 1. */
  readonly line: number
  /** From 1; 0 where the table does not say. */
  readonly column: number
}

export interface LinePlace {
  readonly line: number
  readonly address: bigint
}

/** A row with its file's index in the table; −1 where the file register named none. */
export type TableRow = LineRow

/** Of a row: it is a recommended place for a breakpoint; it ends its sequence. */
const [IS_STATEMENT, END] = [1, 2]
const NO_FILE = -1

/** Rows as columns of numbers: tables of programs have millions. */
class Rows {
  addresses = new BigUint64Array(1024)
  files = new Int32Array(1024)
  lines = new Uint32Array(1024)
  columns = new Uint32Array(1024)
  flags = new Uint8Array(1024)
  length = 0

  private grow(): void {
    const larger = new Rows()
    const size = this.addresses.length * 2
    larger.addresses = new BigUint64Array(size)
    larger.files = new Int32Array(size)
    larger.lines = new Uint32Array(size)
    larger.columns = new Uint32Array(size)
    larger.flags = new Uint8Array(size)
    larger.append(this, 0, this.length)
    Object.assign(this, { ...larger, length: this.length })
  }

  private append(from: Rows, first: number, end: number): void {
    const at = this.length
    this.addresses.set(from.addresses.subarray(first, end), at)
    this.files.set(from.files.subarray(first, end), at)
    this.lines.set(from.lines.subarray(first, end), at)
    this.columns.set(from.columns.subarray(first, end), at)
    this.flags.set(from.flags.subarray(first, end), at)
    this.length = at + end - first
  }

  push({ address, file, line, column, isStatement, endSequence }: LineRow): void {
    if (this.length === this.addresses.length) this.grow()
    const at = this.length++
    this.addresses[at] = address
    this.files[at] = file
    this.lines[at] = line
    this.columns[at] = column
    this.flags[at] = (isStatement ? IS_STATEMENT : 0) | (endSequence ? END : 0)
  }

  row(n: number): TableRow {
    return {
      address: this.addresses[n]!,
      file: this.files[n]!,
      line: this.lines[n]!,
      column: this.columns[n]!,
      isStatement: (this.flags[n]! & IS_STATEMENT) !== 0,
      endSequence: (this.flags[n]! & END) !== 0,
    }
  }

  /** A copy of no more than it needs, of these stretches one after the other. */
  static of(from: Rows, stretches: readonly (readonly [first: number, end: number])[]): Rows {
    const rows = new Rows()
    const size = stretches.reduce((n, [first, end]) => n + end - first, 0)
    rows.addresses = new BigUint64Array(size)
    rows.files = new Int32Array(size)
    rows.lines = new Uint32Array(size)
    rows.columns = new Uint32Array(size)
    rows.flags = new Uint8Array(size)
    for (const [first, end] of stretches) rows.append(from, first, end)
    return rows
  }
}

export class LineTable {
  constructor(
    /** Those that a row names. */
    readonly files: readonly FileEntry[],
    private readonly rows: Rows,
  ) {}

  get size(): number {
    return this.rows.length
  }

  row(n: number): TableRow {
    return this.rows.row(n)
  }

  /** The last row at or below the address; −1 when there is none. */
  private rowBefore(address: bigint): number {
    const { addresses } = this.rows
    let [low, high] = [0, this.rows.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (addresses[middle]! <= address) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  /** Where the instruction at the address comes from; null where no row says. Of several rows at one address, the last that is a statement. */
  at(address: bigint): SourcePlace | null {
    const { addresses, files, lines, columns, flags } = this.rows
    let n = this.rowBefore(address)
    if (n < 0 || flags[n]! & END) return null
    for (let m = n; m >= 0 && addresses[m] === addresses[n] && !(flags[m]! & END); m--)
      if (flags[m]! & IS_STATEMENT) {
        n = m
        break
      }
    const [file, line] = [files[n]!, lines[n]!]
    return file === NO_FILE || line === 0 ? null : { file, line, column: columns[n]! }
  }

  /**
   * Each address at which a statement of the file begins after another line, by line and then by address. Of several lines that begin at
   * one address only the last has an instruction there.
   */
  starts(file: number): LinePlace[] {
    const { addresses, files, lines, flags } = this.rows
    const found: LinePlace[] = []
    let before = -1
    for (let n = 0; n < this.rows.length; n++) {
      if (flags[n]! & END) {
        before = -1
        continue
      }
      if (!(flags[n]! & IS_STATEMENT)) continue
      const line = files[n] === file ? lines[n]! : -1
      const address = addresses[n]!
      if (line > 0 && line !== before) {
        if (found.at(-1)?.address === address) found.pop()
        found.push({ line, address })
      }
      before = line
    }
    return found.sort((a, b) => a.line - b.line || (a.address < b.address ? -1 : a.address > b.address ? 1 : 0))
  }

  /** Where the statements of a line begin. */
  addresses(file: number, line: number): bigint[] {
    return this.starts(file).flatMap(s => (s.line === line ? [s.address] : []))
  }
}

export interface LineInformation {
  /** Null when there is none. */
  readonly table: LineTable | null
  /** What was left out and why; null when all was read. */
  readonly problem: string | null
}

/** Sequences by address, each with its rows in order: those that the linker threw away, and empty ones, are left out. */
function sorted(rows: Rows, holds: (address: bigint) => boolean): Rows {
  const { addresses, flags } = rows
  const stretches: [first: number, end: number][] = []
  let first = 0
  for (let n = 0; n < rows.length; n++) {
    if (!(flags[n]! & END)) continue
    if (n > first && addresses[n]! > addresses[first]! && holds(addresses[first]!)) stretches.push([first, n + 1])
    first = n + 1
  }
  const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0)
  stretches.sort(([a], [b]) => compare(addresses[a]!, addresses[b]!) || a - b)
  return Rows.of(rows, stretches)
}

/** The rows with those of the files that they name. */
function tableOf(rows: Rows, files: readonly FileEntry[]): LineTable | null {
  if (rows.length === 0) return null
  const named: FileEntry[] = []
  const indexes = new Map<number, number>([[NO_FILE, NO_FILE]])
  for (let n = 0; n < rows.length; n++) {
    const file = rows.files[n]!
    let index = indexes.get(file)
    if (index === undefined) {
      index = named.push(files[file]!) - 1
      indexes.set(file, index)
    }
    rows.files[n] = index
  }
  return new LineTable(named, rows)
}

const problemOf = ([first, ...others]: readonly string[]): string | null =>
  first === undefined ? null : others.length === 0 ? first : `${first}, and ${others.length} more`

/** DWARF 6.2.5: addresses in a sequence only grow. Where they do not, no lookup could be trusted. */
function checked(r: DwarfReader, row: (row: LineRow) => void): (row: LineRow) => void {
  let last = 0n
  return now => {
    if (now.address < last) r.fail(`the address goes back from 0x${last.toString(16)} to 0x${now.address.toString(16)}`)
    last = now.endSequence ? 0n : now.address
    row(now)
  }
}

/**
 * Reads all units of `.debug_line`. A unit that is wrong is left out, and the problem says so; the others are kept. `holds` tells
 * whether the program has code at an address: the linker leaves the sequences of functions that it threw away.
 */
export function readLineTable(sections: LineSections, little: boolean, holds: (address: bigint) => boolean = () => true): LineInformation {
  const rows = new Rows()
  const files: FileEntry[] = []
  const known = new Map<string, number>()
  const names = new Map<string, string>()
  const problems: string[] = []
  const fileIndex = (entry: FileEntry | null | undefined): number => {
    if (!entry) return NO_FILE
    const index = known.get(entry.path) ?? files.push(entry) - 1
    known.set(entry.path, index)
    return index
  }
  const readUnit = (unit: DwarfReader, format: 32 | 64): void => {
    const header: LineHeader = readLineHeader(unit, format, sections, names)
    const indexes = new Map<number, number>()
    const put = (row: LineRow): void => {
      let file = indexes.get(row.file)
      if (file === undefined) {
        file = fileIndex(header.files[row.file])
        indexes.set(row.file, file)
      }
      rows.push({ ...row, file })
    }
    runLineProgram(unit, header, checked(unit, put))
  }
  const attempt = (read: () => void): boolean => {
    try {
      read()
      return true
    } catch (e) {
      if (!(e instanceof DwarfError)) throw e
      problems.push(e.message)
      return false
    }
  }
  attempt(() => {
    const reader = new DwarfReader(sections.line, little, '.debug_line')
    while (!reader.done) {
      const { length, format } = reader.initialLength('the length of a unit')
      const from = reader.skip(length, 'a unit')
      const kept = rows.length
      if (!attempt(() => readUnit(new DwarfReader(sections.line, little, '.debug_line', from, from + length), format))) rows.length = kept
    }
  })
  return { table: tableOf(sorted(rows, holds), files), problem: problemOf(problems) }
}
