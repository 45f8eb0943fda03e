/** Whole C programs as GCC writes them: our bytes are those of GNU as and ld. */
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { assemble, type Section } from '../../src/emu/asm/assemble.ts'
import { gccProgram, gnuSections } from './binutils.ts'

const SOURCES = fileURLToPath(new URL('../programs/source/', import.meta.url))
/** What crt0.s offers to the C parts; and the table of contents where ld lets one begin. */
const REST = '\n.text\n.globl hypercall\nhypercall: sc 1\nblr\n'
const FIRST = '.section ".toc","aw"\n.p2align 8\n.text\n'

const ADDIS_2_12 = 0x3c4c
const LIS_2 = 0x3c40
const ADDI_2_2 = 0x3842

/** The address in r2 behind `addis r2,r12,h; addi r2,r2,l` at `address`, or behind ld's `lis r2,h; addi r2,r2,l`. */
function tocAfter(high: number, low: number, address: bigint): bigint | null {
  if (low >>> 16 !== ADDI_2_2) return null
  const sum = BigInt((high << 16) + ((low << 16) >> 16))
  if (high >>> 16 === ADDIS_2_12) return address + sum
  return high >>> 16 === LIS_2 ? sum : null
}

/** Words that differ, except where ld writes the same r2 in its shorter way. */
function differences(ours: Section, gnu: Uint8Array, little: boolean): string[] {
  if (ours.bytes.length !== gnu.length) return [`${ours.name}: ${ours.bytes.length} bytes, as and ld ${gnu.length}`]
  const [a, b] = [new DataView(ours.bytes.buffer, ours.bytes.byteOffset), new DataView(gnu.buffer, gnu.byteOffset)]
  const found: string[] = []
  for (let at = 0; at + 4 <= gnu.length; at += 4) {
    const [x, y] = [a.getUint32(at, little), b.getUint32(at, little)]
    if (x === y) continue
    const next = at + 8 <= gnu.length
    const toc = (v: DataView) => (next ? tocAfter(v.getUint32(at, little), v.getUint32(at + 4, little), ours.address + BigInt(at)) : null)
    if (ours.executable && toc(a) !== null && toc(a) === toc(b)) at += 4
    else found.push(`${ours.name}+0x${at.toString(16)}: ${x.toString(16)}, as and ld ${y.toString(16)}`)
  }
  return found
}

for (const program of ['arithmetic', 'control', 'nothing', 'storage', 'text'])
  for (const options of ['-O0', '-O2', '-O3 -g', '-O1 -fno-pic'])
    test.each([true, false])(`${program}.c with ${options} (little-endian: %s)`, littleEndian => {
      const c = ['console', 'memory', program].map(name => `#include "${SOURCES}${name}.c"\n`).join('')
      const source = FIRST + gccProgram(c, options.split(' '), littleEndian) + REST
      const a = assemble(source, { littleEndian, origin: 0x10000000n, dataOrigin: 0x10020000n })
      expect(a.diagnostics).toEqual([])
      const kept = a.sections.filter(s => !s.name.startsWith('.bss'))
      const gnu = gnuSections(source, littleEndian, new Map(a.sections.map(s => [s.name, s.address])))
      expect(kept.flatMap(s => differences(s, gnu.get(s.name)!, littleEndian)).slice(0, 10)).toEqual([])
      expect(kept.length).toBeGreaterThan(2)
    })
