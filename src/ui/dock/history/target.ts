/** What "what last wrote" and "go to" are asked with, as it was typed. */
import type { Commands } from '../../../emu/worker/protocol.ts'
import { type Names, parseAddress } from '../../code/address.ts'

type Target = Commands['lastWrite']['arguments']

/** A register by its name, else an address; a sentence where it is neither. */
export function targetOf(text: string, vcpu: number, names: Names): Target | string {
  const wanted = text.trim()
  const register = Object.keys(names.registers).find(r => r.toLowerCase() === wanted.toLowerCase())
  if (register && !names.symbols.some(s => s.name === wanted)) return { vcpu, register }
  const at = parseAddress(wanted, names)
  return at.problem === null ? { address: at.address } : at.problem
}

/** An instruction count: "1 234 567", "1,234", "2e6". A sentence where it is none. */
export function timeOf(text: string): bigint | string {
  const digits = text.trim().replace(/[\s,_\u2009]/g, '')
  const scaled = /^(\d+)e(\d{1,2})$/i.exec(digits)
  if (scaled) return BigInt(scaled[1]!) * 10n ** BigInt(scaled[2]!)
  return /^\d{1,19}$/.test(digits) ? BigInt(digits) : `"${text.trim()}" is no number of instructions. Write it as 1000000.`
}
