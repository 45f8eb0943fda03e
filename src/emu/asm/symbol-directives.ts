/** Directives about symbols: their values, who sees them, what linkers and debuggers are told of them; and the processor. */
import { levelOfMachine, levels } from '../isa/levels.ts'
import { type Action, at, atMost, count, DATA, type Directive, expression, nameAt, optional, type Reader } from './directive.ts'
import { Complaint, type Expression, modified, quoted } from './expression.ts'
import type { SymbolType } from './program.ts'

export const assign =
  (name: string, e: Expression, r: Reader): Action =>
  pass => {
    const v = r.evaluate(e, pass)
    if (v !== undefined) pass.define(name, BigInt.asUintN(64, e.modifier ? modified(v, e.modifier) : v))
  }

export const set =
  (once: boolean): Directive =>
  (s, r) => {
    atMost(s, 2)
    const token = nameAt(s, 0, 'a symbol and its value')
    const value = expression(s, 1, 'a symbol and its value')
    return assign(r.declareAssigned(token, once), value, r)
  }

export const globals =
  (weak: boolean): Directive =>
  (s, r) => {
    if (s.operands.length === 0) throw new Complaint(`${s.head!.text} expects a symbol`, at(s))
    s.operands.forEach((_, i) => {
      r.declareGlobal(nameAt(s, i, 'a symbol'), weak)
    })
    return null
  }

const symbolTypes: Readonly<Record<string, SymbolType>> = {
  function: 'function', stt_func: 'function', gnu_indirect_function: 'function', stt_gnu_ifunc: 'function',
  object: 'object', stt_object: 'object', gnu_unique_object: 'object', common: 'object', stt_common: 'object',
  notype: 'notype', stt_notype: 'notype', tls_object: 'thread', stt_tls: 'thread',
} // biome-ignore format: a table

/** `.type name, @function`, with `@`, `%`, quotes, or STT_FUNC. */
export const type: Directive = s => {
  // The comma may be left out.
  const [name, ...rest] = s.operands.flat()
  if (name?.kind !== 'name') throw new Complaint(`${s.head!.text} expects a symbol and its type`, name ?? at(s))
  const word = rest.find(t => t.kind === 'name' || t.kind === 'string')
  const text = (word?.kind === 'string' ? String.fromCharCode(...word.bytes) : (word?.text ?? '')).toLowerCase()
  const known = Object.hasOwn(symbolTypes, text) ? symbolTypes[text] : undefined
  if (!known)
    throw new Complaint(
      `${s.head!.text} expects a type such as @function or @object${word ? `, found ${quoted(word)}` : ''}`,
      word ?? at(s),
    )
  return pass => pass.describe(name.text, { type: known })
}

export const size: Directive = (s, r) => {
  atMost(s, 2)
  const name = nameAt(s, 0, 'a symbol and its size')
  const e = expression(s, 1, 'a symbol and its size')
  return pass => {
    const v = r.evaluate(e, pass)
    if (v !== undefined) pass.describe(name.text, { size: v })
  }
}

/** What st_other can say of a distance: 0, or a power of two from 4 to 64. */
const LOCAL_ENTRIES = new Set([0n, 1n, 4n, 8n, 16n, 32n, 64n])

export const localEntry: Directive = (s, r) => {
  atMost(s, 2)
  const name = nameAt(s, 0, 'a function and the distance of its local entry')
  const e = expression(s, 1, 'a function and the distance of its local entry')
  return pass => {
    const v = r.evaluate(e, pass)
    if (v === undefined) return
    if (pass.emitting && !LOCAL_ENTRIES.has(v)) throw new Complaint(`the distance ${v} is not 0, 4, 8, 16, 32 or 64`, e.at)
    if (v > 1n) pass.localEntries.set(name.text, v)
  }
}

export const machine: Directive = s => {
  const [token] = s.operands.flat()
  const written = s.operands
    .flat()
    .map(t => (t.kind === 'string' ? String.fromCharCode(...t.bytes) : t.text))
    .join('')
  if (!token) throw new Complaint(`${s.head!.text} expects a processor, push or pop`, at(s))
  if (written === 'push') return pass => pass.pushLevel()
  if (written === 'pop')
    return pass => {
      if (!pass.popLevel() && pass.emitting) throw new Complaint('.machine pop without .machine push', token)
    }
  const level = levelOfMachine(written)
  // A facility such as altivec adds to what there is.
  if (!level && !/^(altivec|vsx|htm|spe|vle)$/.test(written))
    throw new Complaint(`no processor "${written}". Known: ${levels.join(', ')}`, token)
  return pass => {
    if (level) pass.level = level
  }
}

/** `.loc`: lines are those of this source, so it says nothing here; the number of its view is a symbol of debug information. */
export const loc: Directive = (s, r) => {
  const tokens = s.operands.flat()
  const name = tokens[tokens.findIndex(t => t.text === 'view') + 1]
  if (!tokens.some(t => t.text === 'view') || name?.kind !== 'name') return null
  const symbol = r.declareAssigned(name, true)
  return pass => pass.define(symbol, 0n)
}

/** Says something to a linker, an unwinder or a person; changes no byte. */
export const ignored: Directive = () => null

/** `.comm name, size, alignment`: room in .bss, the same for every object where it is not local. */
export const common =
  (local: boolean): Directive =>
  (s, r) => {
    const token = nameAt(s, 0, 'a symbol, a size and an alignment')
    const size = expression(s, 1, 'a symbol, a size and an alignment')
    const alignment = optional(s, 2)
    const name = r.declareCommon(token)
    if (!local) r.declareGlobal(token, false)
    return pass => {
      pass.describe(name, { type: 'object', size: BigInt(count(size, pass, r, 'the size')) })
      pass.push()
      pass.enter('.bss', DATA)
      const bytes = BigInt(alignment ? Math.max(1, count(alignment, pass, r, 'the alignment', 65536n)) : 8)
      pass.section.alignment = Math.max(pass.section.alignment, Number(bytes))
      pass.fill(Number((bytes - (pass.here % bytes)) % bytes), [0], s.head!)
      pass.define(name, pass.here)
      pass.fill(count(size, pass, r, 'the size'), [0], s.head!)
      pass.pop()
    }
  }
