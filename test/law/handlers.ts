/**
 * The handlers of the generated guests. Each begins by adding to r31, so that a guest which changes a word of them, or maps another page
 * there, can see it. r1 and r2 hold the NIP and MSR at which the program begins.
 */
import type { Core } from '../../src/emu/core/core.ts'
import { interrupts } from '../../src/emu/isa/interrupts.ts'
import { codeOf } from './assembled.ts'

/**
 * `inline`: at the vector, in one byte order. `both orders`: the word at the vector is `tdi 0,0,0x48` in little-endian order and `b .+8` in
 * big-endian order, and leads to the handler in the byte order that the interrupt gave.
 */
export type Layout = 'inline' | 'both orders'

/**
 * What a handler does besides, its SRR0 and SRR1 saved: nothing; a system call, whose handler is entered within this one; it steps itself for a
 * while; it lets interrupts in for a while.
 */
export const nestings = {
  nothing: '',
  'system call': 'sc; ',
  'SE on': 'mfmsr r25; ori r25,r25,0x400; mtmsrd r25; nop; sc; xori r25,r25,0x400; mtmsrd r25; ',
  'EE on': 'mfmsr r24; ori r24,r24,0x8000; mtmsrd r24,1; addi r31,r31,0x10; nop; xori r24,r24,0x8000; mtmsrd r24,1; ',
} as const
export type Nesting = keyof typeof nestings

/** Goes on behind the culprit; where that lies outside the program's page, the program begins anew. */
const resume = 'addi r20,r20,4; rldicl r25,r20,52,16; cmpldi cr7,r25,0x10; beq cr7,.+12; mr r20,r1; mr r21,r2; mtsrr0 r20; mtsrr1 r21; rfid'
const skip = (nesting: Nesting): string => `mfsrr0 r20; mfsrr1 r21; mfspr r26,28; ${nestings[nesting]}${resume}`
/** Where the vector of scv is not mapped, back to behind the scv. */
const fetchFault = `mfsrr0 r20; mfsrr1 r21; andi. r25,r20,0xbfff; cmplwi cr7,r25,0x3020; bne cr7,.+24; mflr r20; mfctr r21; mtsrr0 r20; mtsrr1 r21; rfid; ${resume}`
/** For vectors of eight words. */
const shortSkip = 'mfsrr0 r20; mfsrr1 r21; addi r20,r20,4; mtsrr0 r20; rfid'

/** By vector, where it is not `skip`. The decrementer is set far ahead. */
const own: Readonly<Record<number, string>> = {
  1024: fetchFault,
  2304: 'lis r24,0x7fff; mtdec r24; rfid',
  // Doorbells: nothing but the return.
  2560: 'mfsrr1 r22; rfid',
  3072: 'mfsrr0 r22; rfid',
  3328: 'mfsrr1 r22; mfspr r26,796; mfspr r24,797; rfid',
  3840: 'lis r24,-32768; mtspr 795,r24; rfid',
}
const vectors = [...new Set(Object.values(interrupts).map(i => i.vector))].filter(v => v < 0x1000)
const handlerAt = (vector: number, nesting: Nesting): string => own[vector] ?? (vector > 0xf00 ? shortSkip : skip(nesting))
const scvHandler = 'mflr r27; rfscv'

/** Page of the vectors, by AIL; of those of scv. */
export const PAGES = { 0: 0, 2: 0x18000, 3: 0x4000 } as const
const SCV = { 2: 0x17000, 3: 0x3000 } as const
const BODIES = { little: 0x6004, big: 0x7000, apart: 0x80 } as const

const texts = [
  ...new Set([...(Object.keys(nestings) as Nesting[]).flatMap(nesting => vectors.map(v => handlerAt(v, nesting))), scvHandler]),
]
const bodyOf = (text: string, little: boolean): number => (little ? BODIES.little : BODIES.big) + texts.indexOf(text) * BODIES.apart

const counted = (text: string, by: number): string => `addi r31,r31,${by}; ${text}`

/** In `other` the handlers count otherwise: what a guest finds that maps another page there. */
function writeAt(core: Core, real: number, at: number, text: string, layout: Layout, little: boolean, other: boolean): void {
  if (layout === 'inline') return core.write(real, codeOf(counted(text, other ? 2 : 1), little))
  const branch = (from: number, inLittle: boolean): Uint8Array =>
    codeOf(`.long ${(0x48000000 | ((bodyOf(text, inLittle) + (other ? 4 : 0) - from) & 0x03fffffc)) >>> 0}`, inLittle)
  core.write(real, codeOf('tdi 0,r0,0x48', true))
  core.write(real + 4, branch(at + 4, true))
  core.write(real + 8, branch(at + 8, false))
}

/** `apart`: how far from the vectors their other page lies. */
export function writeHandlers(core: Core, layout: Layout, little: boolean, apart: number, nesting: Nesting): void {
  for (const text of texts)
    for (const order of [true, false])
      for (const page of [0, apart > 0x1000 ? apart : 0]) core.write(page + bodyOf(text, order), codeOf(counted(text, 1), order))
  for (const page of Object.values(PAGES))
    for (const vector of vectors)
      for (const other of page > 0 ? [false, true] : [false])
        writeAt(core, page + vector + (other ? apart : 0), page + vector, handlerAt(vector, nesting), layout, little, other)
  for (const page of Object.values(SCV)) writeAt(core, page + 32, page + 32, scvHandler, layout, little, false)
}

/** Page of the vectors of scv for the AIL. */
export const scvPage = (ail: 0 | 2 | 3): number => SCV[ail === 3 ? 3 : 2]

/**
 * Of a vector, a byte and the bits of it that a guest flips to change what the handler does: in `inline` of the very word at the vector.
 */
export function flippable(vector: number, layout: Layout, little: boolean): { readonly byte: number; readonly mask: number } {
  if (layout === 'inline') return { byte: vector + (little ? 0 : 3), mask: 0x10 }
  return { byte: vector + (little ? 4 : 11), mask: 4 }
}
