/** How an effective address is taken, in the words of the header. Power ISA 3.0B, Book III, 5.7. */
import { getField, MSR } from '../../../emu/isa/bitfields.ts'

/** "IR DR on, quadrant 3": whether data addresses are translated, and with which table. */
export function translationMode(msr: bigint, address: bigint): string {
  const ir = getField(MSR, 'IR', msr) === 1n
  const dr = getField(MSR, 'DR', msr) === 1n
  const bits = ir === dr ? `IR DR ${ir ? 'on' : 'off'}` : `IR ${ir ? 'on' : 'off'}, DR ${dr ? 'on' : 'off'}`
  return dr ? `${bits}, quadrant ${address >> 62n}` : `${bits}, real mode`
}
