/** What begins at an address: symbols, interrupt vectors where they are now, and what the worker found (stack and interrupt frames). */
import { interruptIds, interrupts, vectorAddress } from '../../../emu/isa/interrupts.ts'
import type { MachineView, MemoryMark, Space } from '../../../emu/worker/protocol.ts'
import { alignDown } from '../../code/addressWindow.ts'
import { ROW_BYTES } from './dump.ts'

/** By the first address of the row: its labels, in the order of their places. */
export type Labels = ReadonlyMap<bigint, string>

interface Label {
  address: bigint
  text: string
}

type Known = Pick<MachineView, 'program' | 'state'>

function vectors({ state }: Known, space: Space): Label[] {
  const { MSR: msr = 0n, LPCR: lpcr = 0n } = state.registers
  return interruptIds.map(id => {
    const { vector, name } = interrupts[id]
    const at = `0x${vector.toString(16)}`
    if (space !== 'effective') return { address: BigInt(vector), text: `${at} ${name}` }
    const { address, applied, ail } = vectorAddress(interrupts[id], { msr, lpcr })
    return { address, text: `${at} ${name}${applied ? `, AIL ${ail}` : ''}` }
  })
}

/** Registers whose place in memory matters, with what they are there. */
const pointers: readonly (readonly [register: string, says: string])[] = [
  ['NIP', 'NIP'],
  ['r1', 'r1, stack pointer'],
]

const pointed = ({ state }: Known): Label[] =>
  pointers.flatMap(([register, says]) => {
    const address = state.registers[register]
    return address ? [{ address, text: says }] : []
  })

const offsetText = (offset: bigint): string => (offset === 0n ? '' : `+${offset}: `)

export function labelsOf(view: Known, space: Space, marks: readonly MemoryMark[]): Labels {
  const symbols = (view.program?.symbols ?? []).map(s => ({ address: s.address, text: s.name }))
  const own = space === 'effective' ? [...symbols, ...pointed(view), ...marks] : []
  const all = [...own, ...vectors(view, space)].sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0))
  const rows = new Map<bigint, string>()
  for (const { address, text } of all) {
    const row = alignDown(address, ROW_BYTES)
    const said = rows.get(row)
    rows.set(row, `${said === undefined ? '' : `${said} · `}${offsetText(address - row)}${text}`)
  }
  return rows
}
