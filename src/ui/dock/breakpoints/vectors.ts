/** The interrupts that a guest can take, by vector, for a choice. */
import { interruptIds, interrupts } from '../../../emu/isa/interrupts.ts'

const hex = (v: number): string => `0x${v.toString(16)}`

export const vectors: readonly (readonly [string, string])[] = [
  ['', 'any'],
  ...[...new Map(interruptIds.map(id => [interrupts[id].vector, interrupts[id].name])).entries()]
    .sort(([a], [b]) => a - b)
    .map(([vector, name]) => [hex(vector), `${hex(vector)} ${name}`] as const),
]
