/**
 * Compilers that write line tables, and the programs that decode them: readelf row by row, llvm-dwarfdump with columns and whole paths, GDB
 * address by address.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const SOURCE = new URL('../programs/source/', import.meta.url).pathname
export const programs = ['arithmetic', 'console', 'control', 'memory', 'storage', 'text'] as const

export interface Build {
  compiler: 'powerpc64-linux-gnu-gcc' | 'powerpc64le-linux-gnu-gcc'
  flags: readonly string[]
  link?: readonly string[]
}

export interface Decoded {
  bytes: Uint8Array
  readelf: string
  dwarfdump: string
}

/** All programs linked into one file, and its line table as others decode it. */
export function decoded({ compiler, flags, link = [] }: Build): Decoded {
  const directory = mkdtempSync(join(tmpdir(), 'dwarf-'))
  const elf = join(directory, 'a.elf')
  const run = (command: string, args: readonly string[]) =>
    execFileSync(command, args, { cwd: directory, encoding: 'utf8', maxBuffer: 1 << 28 })
  try {
    const objects = programs.map(name => {
      run(compiler, [...flags, '-mcpu=power8', '-ffreestanding', '-fno-pic', '-c', join(SOURCE, `${name}.c`)])
      return `${name}.o`
    })
    // Each has a main, and none has the start of a program: for a table of lines the first and none will do.
    const loose = ['-zmuldefs', '--unresolved-symbols=ignore-all', '--build-id=none', '-emain']
    run(compiler, ['-nostdlib', '-static', ...[...loose, ...link].map(o => `-Wl,${o}`), ...objects, '-o', elf])
    return {
      bytes: new Uint8Array(readFileSync(elf)),
      readelf: run(compiler.replace('gcc', 'readelf'), ['--wide', '--debug-dump=decodedline', elf]),
      dwarfdump: run('llvm-dwarfdump', ['--debug-line', elf]),
    }
  } finally {
    rmSync(directory, { recursive: true })
  }
}

function withFile<T>(elf: Uint8Array, act: (file: string, directory: string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), 'dwarf-'))
  const file = join(directory, 'a.elf')
  try {
    writeFileSync(file, elf)
    return act(file, directory)
  } finally {
    rmSync(directory, { recursive: true })
  }
}

const hex = (a: bigint): string => `0x${a.toString(16)}`

/** Which line each address comes from by GDB's `info line`, as "control.c:17"; null where GDB has none. */
export const gdbPlaces = (elf: Uint8Array, addresses: readonly bigint[]): (string | null)[] =>
  withFile(elf, (file, directory) => {
    const script = join(directory, 'a.gdb')
    writeFileSync(script, addresses.map(a => `info line *${hex(a)}\n`).join(''))
    const said = execFileSync('gdb-multiarch', ['-nx', '-batch', '-x', script, file], { encoding: 'utf8', maxBuffer: 1 << 28 })
    return [...said.matchAll(/^(?:Line (\d+) of "(.*?)"|No line number information).*$/gm)].map(([, line, path]) =>
      line ? `${baseName(path!)}:${line}` : null,
    )
  })

/** The same by llvm-symbolizer, which takes the last row at an address, a statement or not. */
export const llvmPlaces = (elf: Uint8Array, addresses: readonly bigint[]): string[] =>
  withFile(elf, file => {
    const options = ['--no-inlines', '--functions=none', '--basenames', `--obj=${file}`]
    const said = execFileSync('llvm-symbolizer', options, { encoding: 'utf8', input: addresses.map(a => `${hex(a)}\n`).join('') })
    return said.split(/\n\n/).map(place => place.replace(/:\d+$/, ''))
  })

/** A row as text, so that differences can be read. */
export type Row = string

/** Sequences by address, those of no length and those at 0, which the linker threw away, left out. */
export function inOrder(rows: readonly { address: bigint; text: Row; end: boolean }[]): Row[] {
  const sequences: { from: bigint; rows: Row[] }[] = []
  let first = 0
  rows.forEach(({ end, address }, n) => {
    if (!end) return
    const from = rows[first]!.address
    if (from !== 0n && address > from) sequences.push({ from, rows: rows.slice(first, n + 1).map(r => r.text) })
    first = n + 1
  })
  return sequences.sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0)).flatMap(s => s.rows)
}

export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
const statement = (is: boolean): string => (is ? ' x' : '')

export const rowOfReadelf = (address: bigint, path: string, line: number, is: boolean, end: boolean): Row =>
  end ? `${address.toString(16)} end` : `${address.toString(16)} ${baseName(path)} ${line}${statement(is)}`

/** "control.c   13   0x3000   1   x", and "control.c   -   0x3100" (or END) at the end of a sequence. */
export function readelfRows(text: string): Row[] {
  const rows = []
  for (const line of text.split('\n')) {
    const found = /^(\S+)\s+(\d+|-)\s+(0x[0-9a-f]+|0)(?:\[\d+\])?(.*)$/.exec(line)
    if (!found) continue
    const [, path, number, at, rest] = found
    const end = number === '-' || /\bEND\b/.test(rest!)
    const address = BigInt(at!)
    rows.push({ address, end, text: rowOfReadelf(address, path!, Number(number), /\bx\b/.test(rest!), end) })
  }
  return inOrder(rows)
}

export const rowOfDwarfdump = (address: bigint, path: string, line: number, column: number, is: boolean, end: boolean): Row =>
  `${address.toString(16)} ${path}:${line}:${column}${statement(is)}${end ? ' end' : ''}`

/** Rows of all units, with whole paths: each prologue names the directories and files of its unit. */
export function dwarfdumpRows(text: string): Row[] {
  const rows = []
  for (const unit of text.split(/^debug_line\[/m).slice(1)) {
    const version = Number(/version: (\d+)/.exec(unit)?.[1])
    const directories = new Map([...unit.matchAll(/include_directories\[\s*(\d+)\] = "(.*)"/g)].map(([, n, name]) => [Number(n), name!]))
    const base = version >= 5 ? directories.get(0)! : ''
    const absolute = (path: string, from: string): string => (path.startsWith('/') || !from ? path : `${from}/${path}`)
    const files = new Map(
      [...unit.matchAll(/file_names\[\s*(\d+)\]:\s+name: "(.*)"\s+dir_index: (\d+)/g)].map(([, n, name, directory]) => [
        Number(n),
        absolute(name!, absolute(directories.get(Number(directory)) ?? '', base)),
      ]),
    )
    for (const [, at, line, column, file, flags] of unit.matchAll(/^(0x[0-9a-f]{16})\s+(\d+)\s+(\d+)\s+(\d+)\s+\d+\s+\d+ (.*)$/gm)) {
      const [address, end] = [BigInt(at!), flags!.includes('end_sequence')]
      const path = files.get(Number(file))!
      rows.push({ address, end, text: rowOfDwarfdump(address, path, Number(line), Number(column), flags!.includes('is_stmt'), end) })
    }
  }
  return inOrder(rows)
}
