/** Our assembler and disassembler against GNU as and objdump 2.40, with fresh random operands for every row and extended mnemonic. */
import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { assemble } from '../../src/emu/asm/assemble.ts'
import { disassemble } from '../../src/emu/asm/disassemble.ts'
import { writeElf } from '../../src/emu/asm/elf-writer.ts'
import { gccAssembly, gnuAssemble, gnuDisassemble, gnuImage, gnuProgram, inspectElf } from './binutils.ts'
import { explained, isRewritten, ourText, ourWords, textCases, wordCases } from './binutils-cases.ts'
import { expansionSnippets } from './expansion-snippets.ts'
import { seeded } from './samples.ts'
import { directiveProgram, snippets } from './snippets.ts'

const SEED = Number(process.env.SEED ?? Date.now() % 2 ** 32)
const CASES = Number(process.env.CASES ?? 500)
const hex = (w: number | string): string => (typeof w === 'number' ? w.toString(16).padStart(8, '0') : w)

test(`words: ours are those of GNU as (seed ${SEED}, ${CASES} cases a spelling)`, () => {
  const cases = textCases(seeded(SEED), () => CASES)
  const lines = cases.map(c => c.text)
  const [ours, gnu] = [ourWords(lines), gnuAssemble(lines)]
  const different = lines.flatMap((text, i) => (ours[i] === gnu[i] ? [] : [`${text}: ours ${hex(ours[i]!)}, as ${hex(gnu[i]!)}`]))
  expect(different.slice(0, 40)).toEqual([])
  console.log(`${lines.length} texts of ${new Set(cases.map(c => c.name)).size} mnemonics`)
})

for (const raw of [false, true])
  test(`text${raw ? ' without extended mnemonics' : ''}: ours is that of objdump (seed ${SEED})`, () => {
    const words = wordCases(seeded(SEED + 1), CASES)
    const gnu = gnuDisassemble(words, raw ? 'power9,raw' : 'power9')
    const reasons = new Map<string, number>()
    const different = words.flatMap((word, i) => {
      const ours = ourText(word, 4 * i, raw)
      if (ours === gnu[i]) return []
      const reason = explained(word, ours, gnu[i]!)
      if (reason) reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
      return reason ? [] : [`${hex(word)}: ours ${ours}, objdump ${gnu[i]}`]
    })
    expect(different.slice(0, 40)).toEqual([])
    console.log(`${words.length} words; explained: ${[...reasons].map(([reason, n]) => `${n} ${reason}`).join(', ')}`)
  })

test(`special-purpose registers: all 1024 numbers read and write as objdump names them`, () => {
  const swapped = (n: number) => ((n & 31) << 16) | ((n >> 5) << 11)
  const words = Array.from({ length: 1024 }, (_, n) => [0x7c6002a6 | swapped(n), 0x7c6003a6 | swapped(n)]).flat()
  const gnu = gnuDisassemble(words)
  expect(words.map((w, i) => ourText(w, 4 * i))).toEqual(gnu)
})

test(`there and back: the text of a word assembles to that word (seed ${SEED})`, () => {
  const words = wordCases(seeded(SEED + 2), CASES)
  const back = ourWords(words.map((w, i) => disassemble(w, BigInt(4 * i)).text))
  const different = words.flatMap((w, i) => {
    const b = back[i]!
    return b === w || (typeof b === 'number' && isRewritten(w, b)) ? [] : [`${hex(w)}: ${ourText(w, 4 * i)} gives ${hex(b)}`]
  })
  expect(different.slice(0, 40)).toEqual([])
})

test.each([true, false])('snippets of syntax: the same bytes, or an error from both (little-endian: %s)', littleEndian => {
  const different = [...snippets, ...expansionSnippets].flatMap(source => {
    const a = assemble(`${source}\n`, { littleEndian, origin: 0n })
    const failed = a.diagnostics.some(d => d.severity === 'error')
    const ours = failed ? 'an error' : Buffer.from(a.sections.find(s => s.name === '.text')?.bytes ?? []).toString('hex')
    const { bytes } = gnuImage(`${source}\n`, { littleEndian })
    const gnu = bytes === null ? 'an error' : Buffer.from(bytes).toString('hex')
    return ours === gnu ? [] : [`${JSON.stringify(source)}: ours ${ours}, as ${gnu}`]
  })
  expect(different).toEqual([])
})

test.each([true, false])('a program with code and data: the same sections as as and ld make (little-endian: %s)', littleEndian => {
  const [origin, dataOrigin] = [0x10000000n, 0x10020000n]
  const a = assemble(directiveProgram, { littleEndian, origin, dataOrigin })
  expect(a.diagnostics).toEqual([])
  const gnu = gnuProgram(directiveProgram, { littleEndian, text: origin, data: dataOrigin })
  const bytes = (name: string) => Buffer.from(a.sections.find(s => s.name === name)!.bytes).toString('hex')
  expect(bytes('.text')).toBe(gnu.text)
  expect(bytes('.data')).toBe(gnu.data)
})

const C = `
typedef unsigned long u64; typedef unsigned u32;
static u64 gcd(u64 a, u64 b) { while (b) { u64 t = a % b; a = b; b = t; } return a; }
u64 mix(u64 a, u64 b, int n) { u64 r = 0; for (int i = 0; i < n; i++) { r ^= gcd(a + i, b ^ i); r = (r << 13) | (r >> 51); if (r & 256) r *= 31; } return r; }
void sort(int *a, int n) { for (int i = 1; i < n; i++) { int v = a[i], j = i - 1; while (j >= 0 && a[j] > v) { a[j + 1] = a[j]; j--; } a[j + 1] = v; } }
u32 crc(const unsigned char *p, u64 n) { u32 c = ~0u; while (n--) { c ^= *p++; for (int k = 0; k < 8; k++) c = (c >> 1) ^ (0xedb88320 & -(c & 1)); } return ~c; }
int choose(int x) { switch (x) { case 0: return 5; case 1: return 77; case 2: return x * 9; case 4: return -4; case 5: return 123; case 9: return 1; } return 0; }
short mean(short *p, signed char *q) { return p[2] + q[3] * p[1] / 7; }
u64 swap(u64 *p) { return __builtin_bswap64(p[0]) + __builtin_popcountl(p[1]) + __builtin_clzl(p[2]); }
int take(int *p) { int v; do v = __atomic_load_n(p, 5); while (!__atomic_compare_exchange_n(p, &v, v + 1, 0, 5, 5)); return v; }
`

test.each([true, false])('what GCC writes assembles to the same bytes (little-endian: %s)', littleEndian => {
  for (const options of ['-O2', '-O1', '-O3', '-O2 -mcpu=power9']) {
    const source = gccAssembly(C, ['-mcpu=power8', ...options.split(' '), littleEndian ? '-mlittle-endian' : '-mbig-endian'])
    const a = assemble(source, { littleEndian, origin: 0n })
    expect(a.diagnostics).toEqual([])
    const { bytes } = gnuImage(source, { littleEndian })
    expect(Buffer.from(a.sections.find(s => s.name === '.text')!.bytes).toString('hex')).toBe(Buffer.from(bytes!).toString('hex'))
  }
})

test.each([true, false])('an executable is one to readelf, nm, objdump and GDB (little-endian: %s)', littleEndian => {
  const source = '.globl _start\n_start: li r3,5\nlocal: b local\n.data\nvalue: .quad 5\n.bss\nroom: .space 64\n'
  const a = assemble(source, { littleEndian, origin: 0x10000000n })
  const { header, symbols, code, gdb, complaints } = inspectElf(writeElf(a, { littleEndian, entry: a.symbols.get('_start')! }))
  expect(complaints).toBe('')
  expect(header).toMatch(/Entry point address: +0x10000000\n[\s\S]*abiv2/)
  expect(header).toMatch(/LOAD +0x\w+ 0x0*10000000 0x0*10000000 0x0*8 0x0*8 R E/)
  expect(symbols.trim().split('\n')).toEqual([
    '0000000010000000 T _start',
    '0000000010000004 t local',
    '0000000010000020 b room',
    '0000000010000010 d value',
  ])
  expect(code).toMatch(/<_start>:\n.*li +r3,5\n\n[\s\S]*<local>:\n.*b +10000004 <local>/)
  expect(gdb).toMatch(/Symbol "_start" is at 0x10000000[\s\S]*<value>:\t0x0*5/)
})

test.runIf(process.env.RECORD)('record what binutils answers', () => {
  const cases = textCases(seeded(1), s => (s.slots.length === s.instruction.operands.length && s.assignments.length === 0 ? 20 : 12))
  const lines = cases.map(c => c.text)
  const words = gnuAssemble(lines).map(w => {
    if (typeof w === 'string') throw new Error(w)
    return w
  })
  const texts = gnuDisassemble(words)
  const rows = lines.map((text, i) => `${hex(words[i]!)}\t${text}\t${texts[i] === text ? '=' : texts[i]}`)
  const header =
    '# GNU binutils 2.40: word, text given to as, text of objdump -M power9 (= where it is the same). Row i, from 0, lies at 4·i.\n'
  writeFileSync(new URL('../fixtures/binutils.tsv', import.meta.url), `${header}${rows.join('\n')}\n`)
})
