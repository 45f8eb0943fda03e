/** What the word under the pointer means, as Markdown. Facts come from the ISA's tables, values from the state shown. */
import { MSR } from '../../../emu/isa/bitfields.ts'
import type { Document } from '../../../emu/isa/document.ts'
import { type Access, sprs } from '../../../emu/isa/sprs.ts'
import type { ProgramView, StateView } from '../../../emu/worker/protocol.ts'
import { hex } from '../address.ts'

export interface HoverContext {
  /** The ISA's table: null for what is no instruction. */
  describe: (mnemonic: string) => Document | null
  state: StateView | null
  symbols: ProgramView['symbols']
}

const escaped = (text: string) => text.replace(/[\\`*_{}[\]()#+\-.!|<>~]/g, '\\$&')
const code = (text: string) => `\`${text.replaceAll('`', "'")}\``
const block = (lines: readonly string[]) => ['```text', ...lines, '```'].join('\n')

/** Markdown paragraphs for a word of the source, or null where there is nothing to say. */
export function hoverText(word: string, kind: 'mnemonic' | 'operand', context: HoverContext): string[] | null {
  if (kind === 'mnemonic') {
    const facts = context.describe(word)
    return facts && mnemonicText(facts)
  }
  const bare = word.replace(/^%/, '')
  return symbolText(bare, context) ?? gprText(bare, context) ?? sprText(bare, context) ?? bitText(bare, context)
}

function mnemonicText({ syntax, form, fields, rtl, privilege, interrupts, section, note, supportText }: Document): string[] {
  const about = [...(form ? [`${form} form`] : []), ...(privilege === 'problem' ? [] : [privilege]), ...(note ? [note] : [])]
  const paragraphs = [`**${escaped(syntax)}**  \n${escaped(about.join(', '))}`, escaped(supportText)]
  if (rtl.length) paragraphs.push(block(rtl))
  if (fields.length) paragraphs.push(fields.map(f => `${escaped(f.name)} ${code(f.bits)}`).join(', '))
  if (interrupts.length) paragraphs.push(`Can take: ${escaped(interrupts.join(', '))}`)
  return [...paragraphs, escaped(section)]
}

const now = (value: bigint | undefined, hint?: string) =>
  value === undefined ? [] : [`Now: ${code(hex(value))}${hint ? ` ${escaped(hint)}` : ''}`]

function gprText(word: string, { state }: HoverContext): string[] | null {
  const number = /^r(\d{1,2})$/i.exec(word)?.[1]
  if (number === undefined || Number(number) > 31) return null
  const name = `r${Number(number)}`
  return [`**${name}**, general purpose register ${Number(number)}`, ...now(state?.registers[name], state?.hints[name])]
}

const who: Record<Access, string> = {
  problem: 'any state',
  privileged: 'privileged state',
  hypervisor: 'hypervisor state',
  none: 'nobody',
}

function sprText(word: string, { state }: HoverContext): string[] | null {
  const spr = sprs.find(s => s.name === word.toLowerCase())
  if (!spr) return null
  const name = Object.keys(state?.registers ?? {}).find(r => r.toLowerCase() === spr.name)
  return [
    `**${escaped(spr.name.toUpperCase())}**, SPR ${spr.number}, ${spr.width} bits`,
    escaped(spr.meaning),
    `Read: ${who[spr.read]}. Write: ${who[spr.write]}.`,
    ...now(name === undefined ? undefined : state?.registers[name]),
  ]
}

function bitText(word: string, { state }: HoverContext): string[] | null {
  const name = word.replace(/^MSR_/, '')
  const row = MSR.bits.find(b => b.name === name)
  if (!row) return null
  const mask = MSR.mask[row.name]
  const where = row.last === row.bit ? `bit ${row.bit}` : `bits ${row.bit}:${row.last}`
  const value = (msr: bigint) => (msr & mask) >> BigInt(MSR.shift[row.name])
  const physical = state?.registers.MSR
  const guest = state?.guest.MSR
  const values =
    physical === undefined
      ? []
      : [
          `Now: ${value(physical)}${guest === undefined || value(guest) === value(physical) ? '' : ` in the processor, ${value(guest)} for the guest`}`,
        ]
  return [`**${row.name}**, MSR ${where}, mask ${code(hex(mask))}`, escaped(row.meaning), ...values]
}

function symbolText(word: string, { symbols }: HoverContext): string[] | null {
  const symbol = symbols.find(s => s.name === word.replace(/@.*$/, ''))
  return symbol ? [`**${escaped(symbol.name)}**, label at ${code(hex(symbol.address))}`] : null
}
