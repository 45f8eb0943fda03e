/** GNU as and objdump as functions: many instructions a call. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const PREFIX = 'powerpc64le-linux-gnu-'

function inDirectory<T>(act: (path: (name: string) => string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), 'binutils-'))
  try {
    return act(name => join(directory, name))
  } finally {
    rmSync(directory, { recursive: true })
  }
}

export interface GnuOptions {
  littleEndian?: boolean
  cpu?: string
}

/** The bytes of .text (no linking, so no undefined symbols), or the messages of the lines that are refused. */
export function gnuImage(
  source: string,
  { littleEndian = false, cpu = 'power9' }: GnuOptions = {},
): { bytes: Uint8Array | null; errors: Map<number, string> } {
  return inDirectory(path => {
    writeFileSync(path('a.s'), source)
    const { stderr, status } = spawnSync(
      `${PREFIX}as`,
      [littleEndian ? '-mlittle' : '-mbig', `-m${cpu}`, '-mregnames', '-o', path('a.o'), path('a.s')],
      {
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      },
    )
    const errors = new Map<number, string>()
    for (const [, line, message] of stderr.matchAll(/a\.s:(\d+): Error: (.*)/g)) errors.set(Number(line), message!)
    if (status !== 0) return { bytes: null, errors }
    execFileSync(`${PREFIX}objcopy`, ['-O', 'binary', '-j', '.text', path('a.o'), path('a.bin')])
    return { bytes: new Uint8Array(readFileSync(path('a.bin'))), errors }
  })
}

/** The sections that as and ld make of a program, in hex. */
export function gnuProgram(source: string, o: { littleEndian: boolean; text: bigint; data: bigint }): { text: string; data: string } {
  return inDirectory(path => {
    writeFileSync(path('a.s'), source)
    execFileSync(`${PREFIX}as`, [o.littleEndian ? '-mlittle' : '-mbig', '-mpower9', '-mregnames', '-o', path('a.o'), path('a.s')])
    const places = [`-Ttext=0x${o.text.toString(16)}`, `-Tdata=0x${o.data.toString(16)}`]
    execFileSync(`${PREFIX}ld`, [
      o.littleEndian ? '-EL' : '-EB',
      '-m',
      o.littleEndian ? 'elf64lppc' : 'elf64ppc',
      ...places,
      '-o',
      path('a.elf'),
      path('a.o'),
    ])
    const [text, data] = ['.text', '.data'].map(section => {
      execFileSync(`${PREFIX}objcopy`, ['-O', 'binary', '-j', section, path('a.elf'), path('a.bin')])
      return readFileSync(path('a.bin')).toString('hex')
    })
    return { text: text!, data: data! }
  })
}

/** Assembly that GCC makes of C, without anything that needs a table of contents, and without the machine that changes how as pads. */
export function gccAssembly(c: string, options: readonly string[]): string {
  const plain = [
    '-mno-vsx',
    '-mno-altivec',
    '-msoft-float',
    '-mabi=elfv2',
    '-ffreestanding',
    '-fno-stack-protector',
    '-fno-pic',
    '-fno-pie',
  ]
  const direct = ['-fno-jump-tables', '-fno-tree-switch-conversion', '-S', '-o', '-', '-x', 'c', '-']
  const source = execFileSync(`${PREFIX}gcc`, [...options, ...plain, ...direct], { input: c, encoding: 'utf8' })
  return source.replace(/^\s*\.machine .*$/gm, '')
}

/** What readelf, nm, objdump and GDB say of an executable; `complaints` is what any of them wrote to stderr. */
export function inspectElf(file: Uint8Array): { header: string; symbols: string; code: string; gdb: string; complaints: string } {
  return inDirectory(path => {
    writeFileSync(path('a.elf'), file)
    const run = (command: string, ...args: string[]) => spawnSync(command, [...args, path('a.elf')], { encoding: 'utf8' })
    const header = run(`${PREFIX}readelf`, '-a', '-W')
    const symbols = run(`${PREFIX}nm`)
    const code = run(`${PREFIX}objdump`, '-d', '-M', 'power9')
    const gdb = run('gdb-multiarch', '-batch', '-nx', '-ex', 'info address _start', '-ex', 'x/1gx &value')
    const complaints = [header, symbols, code, gdb].map(r => r.stderr).join('')
    return { header: header.stdout, symbols: symbols.stdout, code: code.stdout, gdb: gdb.stdout, complaints }
  })
}

/** One word for each line, or why GNU as refuses it. Line i lies at 4·i, so that targets can be absolute. */
export function gnuAssemble(lines: readonly string[]): (number | string)[] {
  const placed = (text: string, i: number) => `.org ${4 * i}\n${text}\n`
  const first = gnuImage(lines.map(placed).join(''))
  const refused = new Map([...first.errors].map(([line, message]) => [(line - 2) / 2, message]))
  const { bytes } = refused.size === 0 ? first : gnuImage(lines.map((text, i) => placed(refused.has(i) ? '.long 0' : text, i)).join(''))
  if (!bytes) throw new Error(`as refuses: ${[...first.errors.values()].slice(0, 5).join('; ')}`)
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  return lines.map((_, i) => refused.get(i) ?? view.getUint32(4 * i))
}

/** The text of each word, at 4·i, with single spaces. */
export function gnuDisassemble(words: readonly number[], options = 'power9'): string[] {
  return inDirectory(path => {
    const view = new DataView(new ArrayBuffer(4 * words.length))
    words.forEach((w, i) => {
      view.setUint32(4 * i, w)
    })
    writeFileSync(path('a.bin'), new Uint8Array(view.buffer))
    const text = execFileSync(
      `${PREFIX}objdump`,
      ['-D', '-z', '-b', 'binary', '-m', 'powerpc:common64', '-EB', '-M', options, path('a.bin')],
      {
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      },
    )
    const rows = [...text.matchAll(/^ *[0-9a-f]+:\t(?:[0-9a-f]{2} ){4}\t(.*)$/gm)]
    return rows.map(([, row]) => row!.trim().replace(/\s+/g, ' '))
  })
}

export const squeezed = (text: string): string => text.trim().replace(/\s+/g, ' ')

/** Assembly that GCC makes of C for POWER9 without floating point and vectors, the table of contents and its machine included. */
export function gccProgram(c: string, options: readonly string[], littleEndian: boolean): string {
  const target = [
    '-mcpu=power9',
    '-mno-vsx',
    '-mno-altivec',
    '-msoft-float',
    '-mabi=elfv2',
    littleEndian ? '-mlittle-endian' : '-mbig-endian',
  ]
  const plain = ['-ffreestanding', '-nostdlib', '-fno-merge-constants', '-w', '-S', '-o', '-', '-x', 'c', '-']
  return execFileSync(`${PREFIX}gcc`, [...options, ...target, ...plain], { input: c, encoding: 'utf8', maxBuffer: 1 << 28 })
}

/** Sections that as and ld make of a source, each placed at the address given for it. */
export function gnuSections(source: string, littleEndian: boolean, places: ReadonlyMap<string, bigint>): Map<string, Uint8Array> {
  return inDirectory(path => {
    writeFileSync(path('a.s'), source)
    const rows = [...places].map(([name, address]) => `${name} 0x${address.toString(16)} : { *(${name}) }`)
    writeFileSync(path('a.ld'), `SECTIONS { ${rows.join('\n')} /DISCARD/ : { *(.eh_frame) } }`)
    execFileSync(`${PREFIX}as`, [littleEndian ? '-mlittle' : '-mbig', '-mpower9', '-mregnames', '-o', path('a.o'), path('a.s')])
    const emulation = ['-m', littleEndian ? 'elf64lppc' : 'elf64ppc', littleEndian ? '-EL' : '-EB']
    execFileSync(`${PREFIX}ld`, [...emulation, '--no-toc-optimize', '-e', '0', '-T', path('a.ld'), '-o', path('a.elf'), path('a.o')])
    return new Map(
      [...places.keys()].map(name => {
        execFileSync(`${PREFIX}objcopy`, ['-O', 'binary', '-j', name, path('a.elf'), path('a.bin')])
        return [name, new Uint8Array(readFileSync(path('a.bin')))]
      }),
    )
  })
}
