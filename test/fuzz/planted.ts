/** Faults on purpose: each run begins with them, and they have to be found. */
import { defaults } from '../../src/emu/machine/directives.ts'
import { imageOfFlat } from '../../src/emu/machine/image.ts'
import { Pseries } from '../../src/emu/machine/pseries.ts'
import { checkGuards, guard } from './execution.ts'
import { target, textBytes } from './target.ts'

const nothing = () => ({ extension: 'txt', bytes: textBytes('planted\n') })

const plant = (name: string, check: () => void) => target({ name, make: () => null, check, file: nothing })

export const planted = [
  plant('planted: an error', () => {
    throw new TypeError('planted')
  }),
  plant('planted: a byte beyond RAM', () => {
    const machine = new Pseries(
      imageOfFlat('planted', new Uint8Array(4), { address: 0x100, littleEndian: false, ramBytes: defaults.ramBytes }),
    )
    guard(machine)
    new Uint8Array(machine.core.memory.buffer)[100] = 1
    checkGuards(machine)
  }),
  plant('planted: no end', () => {
    for (;;);
  }),
  plant('planted: no end of memory', () => {
    const kept: unknown[] = []
    for (;;) kept.push(new Array(100_000).fill(kept.length))
  }),
]
