/** Directives that put values, texts and room into a section. */
import { at, atMost, count, type Directive, expression, optional, type Reader } from './directive.ts'
import { Complaint, type Expression, modified, quoted } from './expression.ts'
import type { Statement } from './lexer.ts'
import type { Pass } from './program.ts'

/** Values of a list. A place with nothing in it is 0, as to GNU as. */
function valuesOf(s: Statement, r: Reader): ((pass: Pass) => { v: bigint; e: Expression | null })[] {
  return s.operands.map((tokens, i) => {
    if (tokens.length === 0) {
      r.warn(`value ${i + 1} of ${s.head!.text} is missing; it is taken to be 0`, at(s))
      return () => ({ v: 0n, e: null })
    }
    const e = expression(s, i, 'a number or a symbol')
    return pass => ({ v: r.evaluate(e, pass) ?? 0n, e })
  })
}

export const data =
  (size: number): Directive =>
  (s, r) => {
    const values = valuesOf(s, r)
    const [low, high] = [-(1n << BigInt(8 * size - 1)), (1n << BigInt(8 * size)) - 1n]
    return pass => {
      if (!pass.emitting) return pass.fill(size * values.length, [0], s.head!)
      for (const value of values) {
        const { v: plain, e } = value(pass)
        const v = e?.modifier ? modified(plain, e.modifier) : plain
        if (e && size < 8 && (v < low || v > high))
          r.warn(`${v} does not fit in ${size} byte${size === 1 ? '' : 's'}; the low ${8 * size} bits are kept`, e.at)
        pass.append(pass.bytesOf(v, size), s.head!)
      }
    }
  }

/** `.octa`: 16 bytes, of a number or an expression whose sign goes on. */
export const octa: Directive = (s, r) => {
  const values = s.operands.map((tokens, i) => {
    const minus = tokens[0]?.text === '-' && tokens.length === 2
    const sole = minus ? tokens[1] : tokens.length === 1 ? tokens[0] : undefined
    if (sole?.kind === 'wide' || sole?.kind === 'number') return minus ? -sole.value : sole.value
    return expression(s, i, 'a number or a symbol')
  })
  return pass => {
    for (const v of values) pass.append(pass.bytesOf(typeof v === 'bigint' ? v : (r.evaluate(v, pass) ?? 0n), 16), s.head!)
  }
}

/** Little-endian base 128, seven bits a byte (DWARF 5, 7.6). */
function leb128(value: bigint, signed: boolean): number[] {
  const bytes: number[] = []
  for (let rest = signed ? value : BigInt.asUintN(64, value); ; ) {
    const low = Number(rest & 0x7fn)
    rest >>= 7n
    const ends = signed ? (rest === 0n && low < 0x40) || (rest === -1n && low >= 0x40) : rest === 0n
    bytes.push(ends ? low : low | 0x80)
    if (ends) return bytes
  }
}

export const leb =
  (signed: boolean): Directive =>
  (s, r) => {
    const values = valuesOf(s.operands.length > 0 ? s : { ...s, operands: [[]] }, r)
    return pass => {
      for (const value of values) pass.append(leb128(value(pass).v, signed), s.head!)
    }
  }

export const text =
  (zero: boolean): Directive =>
  s => {
    const bytes: number[] = []
    if (s.operands.length === 0) throw new Complaint(`${s.head!.text} expects a string in double quotes`, at(s))
    for (const operand of s.operands) {
      const bad = operand.find(t => t.kind !== 'string')
      if (bad || operand.length === 0)
        throw new Complaint(`expected a string in double quotes${bad ? `, found ${quoted(bad)}` : ''}`, bad ?? at(s))
      for (const t of operand) for (const b of t.bytes) bytes.push(b)
      if (zero) bytes.push(0)
    }
    return pass => pass.append(bytes, s.head!)
  }

export const space: Directive = (s, r) => {
  atMost(s, 2)
  const size = expression(s, 0, 'a size in bytes')
  const value = optional(s, 1)
  return pass => {
    const byte = value ? (r.evaluate(value, pass) ?? 0n) : 0n
    pass.fill(count(size, pass, r, 'the size'), [Number(byte & 0xffn)], s.head!)
  }
}

/** `.fill repeat, size, value`. */
export const fill: Directive = (s, r) => {
  atMost(s, 3)
  const repeat = expression(s, 0, 'a repeat count')
  const [size, value] = [optional(s, 1), optional(s, 2)]
  return pass => {
    const width = size ? Math.min(8, count(size, pass, r, 'the size')) : s.operands[1] ? 0 : 1
    const v = value ? (r.evaluate(value, pass) ?? 0n) : 0n
    // A unit holds 4 bytes of value, and zeros after them.
    const unit = [...pass.bytesOf(v, Math.min(4, width)), 0, 0, 0, 0].slice(0, width)
    pass.fill(count(repeat, pass, r, 'the repeat count') * width, unit, s.head!)
  }
}
