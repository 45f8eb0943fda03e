/** Sources with something wrong: every complaint has a place, and what is assembled is what the places say. */
import { assemble } from '../../src/emu/asm/assemble.ts'
import { imageOfSource } from '../../src/emu/machine/image.ts'
import type { Random } from '../oracle/random.ts'
import { directiveProgram } from '../oracle/snippets.ts'
import { sourceFiles } from './files.ts'
import { assert, target, textBytes } from './target.ts'

const originals = [...sourceFiles(), directiveProgram]
const LONGEST = 20_000

const pieces = [
  '.macro m a,b=1', '.endm', '.rept 3', '.irp x,1,2', '.irpc c,abc', '.endr', '.if 1', '.if a', '.ifdef a', '.else', '.elseif 0', '.endif',
  '.include "a.s"', '.section .bss', '.section x,"aw",@nobits', '.text', '.data', '.previous', '.p2align 31', '.p2align 4,,3', '.balign 7',
  '.fill 3,9,1', '.space 1<<40', '.space -1', '.org 0', '.org .-1', '.set a,.', '.set a,b', 'a=a+1', '.equ b,a', '1:', 'b 1f', 'b 1b', 'bdnz+ 1b',
  '.long 1b-1f', '.quad a@ha', '.ascii "\\', '.string "\\777"', '.asciz', "'", '"', '/*', '*/', '#', '%', '\\@', '\\a', '\\()', '@l(r1)', '(((',
  ')', '-', '~', '<<', '>>64', '/0', '%0', '0x', '0b2', '18446744073709551616', '99999999999999999999999', '4*cr7+so', 'cr8', 'r32', 'm', 'm 1,2',
  '.localentry a,.-a', '.size a,.-a', '.type a,@function', '.globl a', '.comm c,8,8', '.machine power10', '.exitm', '.purgem m', '.err', '\0',
  '\u00e9', '\ud800', '.TOC.', '.', '$', '_start:', '# twostep: map=radix vcpus=8 ram=1G', 'addpcis r3,1', 'lwz r3,a@l(r4)', ';',
] // biome-ignore format: a list

/** Words, numbers, blanks and single characters. */
const tokensOf = (text: string): string[] => text.match(/[\w.$@]+|[ \t]+|\n|[^\w\s]/g) ?? []

function mutate(r: Random, text: string): string {
  const lines = text.split('\n')
  // A stretch of the source, so that changes are close to each other.
  const from = r.below(lines.length)
  const tokens = tokensOf(
    lines
      .slice(r.chance(50) ? 0 : from, from + 1 + r.below(60))
      .join('\n')
      .slice(0, LONGEST),
  )
  const place = () => r.below(tokens.length + 1)
  for (let n = 1 + r.below(r.chance(80) ? 6 : 40); n > 0; n--) {
    switch (r.below(6)) {
      case 0:
        tokens.splice(place(), 1)
        break
      case 1:
        tokens.splice(place(), 0, ...tokens.slice(place()).slice(0, 1 + r.below(12)))
        break
      case 2:
        tokens.splice(place(), 1, r.pick(pieces))
        break
      case 3:
        tokens.splice(place(), 0, ' ', r.pick(pieces), r.chance(50) ? '\n' : ' ')
        break
      case 4:
        tokens.splice(place(), 0, '\n', r.pick(pieces), '\n')
        break
      default:
        tokens.splice(place(), 1, String(r.pick([0, 1, -1, 31, 32, 63, 64, 32767, 32768, 65535, 65536, 2 ** 31, 2 ** 32, 2 ** 53])))
    }
  }
  return tokens.join('')
}

export const sources = target<string>({
  name: 'sources',
  make: r => mutate(r, r.pick(originals)),
  check(source) {
    const count = source.split('\n').length
    for (const littleEndian of [true, false]) {
      const { diagnostics, sections, lines } = assemble(source, {
        littleEndian,
        origin: 0x10000n,
        include: p => (p === 'a.s' ? source : null),
      })
      for (const d of diagnostics) {
        assert(d.line >= 1 && d.line <= count, `line ${d.line} of ${count}: ${d.message}`)
        assert(d.column >= 1 && d.endColumn > d.column, `columns ${d.column} to ${d.endColumn}: ${d.message}`)
        assert(d.message.length > 0 && !/undefined|NaN|\[object/.test(d.message), `message "${d.message}"`)
      }
      if (diagnostics.some(d => d.severity === 'error')) continue
      sections.slice(1).forEach((s, n) => {
        const before = sections[n]!
        const end = before.address + BigInt(before.bytes.length)
        assert(s.address >= end, `${s.name} at 0x${s.address.toString(16)} begins before ${before.name} ends at 0x${end.toString(16)}`)
      })
      assert(
        lines.every(l => l.line >= 1 && l.line <= count),
        'bytes of a line that is not there',
      )
    }
    const { image, diagnostics } = imageOfSource('fuzz.s', source)
    assert(image !== null || diagnostics.some(d => d.severity === 'error'), 'no image, and no error that says why')
    if (image)
      assert(
        image.pieces.every(p => p.real >= 0 && p.real + p.bytes.length <= image.directives.ramBytes),
        'a piece lies outside of RAM',
      )
  },
  file: source => ({ extension: 's', bytes: textBytes(source) }),
})
