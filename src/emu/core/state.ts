/** Typed access to one vCPU's state page, by the layout's names. */
import { MSR } from '../isa/bitfields.ts'
import { STATE_BYTES, stateRegisters } from './layout.ts'

/** Entry of each register in the state page, and whether it holds 32 bits. */
interface Entry {
  readonly index: number
  readonly narrow: boolean
}

const entries = new Map<string, Entry>(stateRegisters.map(r => [r.name, { index: r.offset / 8, narrow: r.type === 'i32' }]))

function entry(name: string): Entry {
  const e = entries.get(name)
  if (!e) throw new Error(`no register ${name} in the state`)
  return e
}

/** Where a register is among a state's `words`, for what is written at every entry into generated code. */
export const indexOf = (name: string): number => entry(name).index

/** The MSR is asked for at every entry into generated code. */
const MSR_INDEX = entry('MSR').index

export class State {
  /** 64-bit entries of the state page. */
  readonly words: BigUint64Array
  readonly bytes: Uint8Array

  constructor(buffer: ArrayBuffer, offset: number) {
    this.words = new BigUint64Array(buffer, offset, STATE_BYTES / 8)
    this.bytes = new Uint8Array(buffer, offset, STATE_BYTES)
  }

  /** Value of a register; flags read as 0 or 1. `at` picks an entry of a register file. */
  get(name: string, at = 0): bigint {
    return this.words[entry(name).index + at]!
  }

  set(name: string, value: bigint, at = 0): void {
    const { index, narrow } = entry(name)
    this.words[index + at] = narrow ? value & 0xffffffffn : value
  }

  number(name: string, at = 0): number {
    return Number(this.words[entry(name).index + at]!)
  }

  msr(bit: keyof typeof MSR.mask): boolean {
    return (this.words[MSR_INDEX]! & MSR.mask[bit]) !== 0n
  }

  get cr(): bigint {
    let cr = 0n
    for (let n = 0; n < 8; n++) cr = (cr << 4n) | (this.get('CRF', n) & 0xfn)
    return cr
  }

  set cr(value: bigint) {
    for (let n = 0; n < 8; n++) this.set('CRF', (value >> BigInt(28 - 4 * n)) & 0xfn, n)
  }
}
