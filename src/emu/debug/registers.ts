/** All registers of a vCPU by the ISA's names, to read and to write. */

import { hasStateRegister } from '../core/layout.ts'
import type { State } from '../core/state.ts'
import { NEVER } from '../core/vcpu.ts'
import { sprs } from '../isa/sprs.ts'
import { MSR_IMPLEMENTED } from '../isa/system.ts'

interface Access {
  read(s: State): bigint
  write(s: State, value: bigint): void
}

const plain = (name: string, at = 0): Access => ({ read: s => s.get(name, at), write: (s, v) => s.set(name, v, at) })
const low32 = (v: bigint): bigint => v & 0xffffffffn
const time = (s: State): bigint => s.get('TIME')
const clock = (base: string, count = time): Access => ({
  read: s => BigInt.asUintN(64, s.get(base) + count(s)),
  write: (s, v) => s.set(base, BigInt.asUintN(64, v - count(s))),
})
const countdown = (base: string): Access => ({
  read: s => (s.get(base) === NEVER ? 0x7fffffffn : low32(s.get(base) - time(s))),
  write: (s, v) => s.set(base, BigInt.asUintN(64, BigInt.asIntN(32, v) + time(s))),
})

const xerFlags: readonly [name: string, lsb: bigint][] = [
  ['SO', 31n],
  ['OV', 30n],
  ['CA', 29n],
  ['OV32', 19n],
  ['CA32', 18n],
]
const XER: Access = {
  read: s => xerFlags.reduce((v, [name, lsb]) => v | (s.get(name) << lsb), s.get('XERLOW')),
  write: (s, v) => {
    for (const [name, lsb] of xerFlags) s.set(name, (v >> lsb) & 1n)
    s.set('XERLOW', v & 0x3ffffn)
  },
}

function table(): Map<string, Access> {
  const rows = new Map<string, Access>()
  for (let n = 0; n < 32; n++) rows.set(`r${n}`, plain('GPR', n))
  rows.set('NIP', plain('NIP'))
  rows.set('MSR', { read: s => s.get('MSR'), write: (s, v) => s.set('MSR', v & MSR_IMPLEMENTED) })
  rows.set('CR', { read: s => s.cr, write: (s, v) => { s.cr = low32(v) } }) // biome-ignore format: short
  rows.set('XER', XER)
  rows.set('TB', clock('TB_BASE'))
  rows.set('VTB', clock('VTB_BASE'))
  rows.set('PURR', clock('PURR_BASE'))
  rows.set('SPURR', clock('SPURR_BASE'))
  rows.set(
    'IC',
    clock('IC_BASE', s => s.get('COMPLETED')),
  )
  rows.set('DEC', countdown('DEC_BASE'))
  rows.set('HDEC', countdown('HDEC_BASE'))
  for (const spr of sprs) {
    if (rows.has(spr.state) || !hasStateRegister(spr.state)) continue
    const { state, width } = spr
    rows.set(state, width === 32 ? { read: s => low32(s.get(state)), write: (s, v) => s.set(state, low32(v)) } : plain(state))
  }
  return rows
}

const registers = table()

export const registerNames: readonly string[] = [...registers.keys()]

export function readRegisters(s: State): Record<string, bigint> {
  const out: Record<string, bigint> = {}
  for (const [name, access] of registers) out[name] = access.read(s)
  return out
}

/** Undefined for a register that does not exist. */
export const readRegister = (s: State, name: string): bigint | undefined => registers.get(name)?.read(s)

/** Throws a RangeError for a register that does not exist or a value that does not fit in 64 bits. */
export function writeRegister(s: State, name: string, value: bigint): void {
  const access = registers.get(name)
  if (!access) throw new RangeError(`There is no register ${name}. Nothing was changed.`)
  if (value < 0n || value >> 64n !== 0n)
    throw new RangeError(`${name} has 64 bits; 0x${value.toString(16)} does not fit. Nothing was changed.`)
  access.write(s, value)
}
