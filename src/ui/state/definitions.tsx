/** What a panel says of a thing that is pointed at: its name, the ISA's meaning, and what it holds now. */
import type { ReactNode } from 'react'
import { LPCR } from '../../emu/isa/bitfields.ts'
import { type InterruptId, interrupts } from '../../emu/isa/interrupts.ts'
import type { StateView } from '../../emu/worker/protocol.ts'
import { plainHex } from './digits.ts'
import { bitOf, bitsOf, crBits, crMask, inWords, meaningOf, msrBits, xerBits } from './registers.ts'

interface Definition {
  title: string
  text: string | null
  now: string | null
}

type Define = (state: StateView, words: string[]) => Definition | null

const register: Define = (state, [name = '']) => {
  const value = state.registers[name]
  const guest = state.guest[name]
  const now =
    value === undefined
      ? null
      : `Now: ${plainHex(value, bitsOf(name))}${guest === undefined ? '' : `; guest ${plainHex(guest, bitsOf(name))}`}.`
  return { title: name, text: meaningOf(name), now }
}

const msr: Define = (state, [name = '']) => {
  const row = msrBits.find(b => b.name === name)
  if (!row) return null
  const physical = bitOf(state.registers.MSR ?? 0n, row.bit)
  const guest = bitOf(state.guest.MSR ?? state.registers.MSR ?? 0n, row.bit)
  const who = state.differences.find(d => d.startsWith(`${name} differs`))
  const now = physical === guest ? `Now: ${physical}.` : (who ?? `Now: ${physical} in the processor, ${guest} for the guest.`)
  return { title: `${name}, MSR bit ${row.bit}`, text: row.meaning, now }
}

const cr: Define = (state, [field = '', name = '']) => {
  const row = crBits.find(b => b.name === name)
  if (!row) return null
  const set = ((state.registers.CR ?? 0n) & crMask(Number(field), row.bit)) !== 0n
  return { title: `${name}, CR bit ${Number(field) * 4 + row.bit + 32}, field cr${field}`, text: row.meaning, now: `Now: ${set ? 1 : 0}.` }
}

const xer: Define = (state, [name = '']) => {
  const row = xerBits.find(b => b.name === name)
  return row ? { title: `${name}, XER bit ${row.bit}`, text: row.meaning, now: `Now: ${bitOf(state.registers.XER ?? 0n, row.bit)}.` } : null
}

const srr1: Define = (state, [id = '', bit = '']) => {
  const interrupt = interrupts[id as InterruptId]
  const row = interrupt.causes.find(r => r.bit <= Number(bit) && Number(bit) <= r.last)
  const text = row ? row.meaning : `Not used by the ${interrupt.name} interrupt.`
  return {
    title: `SRR1 bit ${bit}${row ? `: ${inWords(row.name)}` : ''}`,
    text,
    now: `Now: ${bitOf(state.registers.SRR1 ?? 0n, Number(bit))}.`,
  }
}

const lpcr: Define = (state, [name = '']) => {
  const row = LPCR.bits.find(b => b.name === name)
  return row ? { title: `LPCR[${name}], bits ${row.bit}:${row.last}`, text: row.meaning, now: `Now: ${state.ail.value}.` } : null
}

const kinds: Record<string, Define> = { register, msr, cr, xer, srr1, lpcr, ail: state => lpcr(state, ['AIL']) }

/** Content for a `data-tip`: a kind and its words, else the text as it stands. */
export function define(state: StateView | undefined, key: string): ReactNode {
  const [kind = '', ...words] = key.split(' ')
  const found = state && Object.hasOwn(kinds, kind) ? kinds[kind]!(state, words) : null
  if (!found) return key
  return (
    <>
      <b>{found.title}</b>
      {found.text && <span>{found.text}</span>}
      {found.now && <small>{found.now}</small>}
    </>
  )
}
