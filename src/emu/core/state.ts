/** Typed access to one vCPU's state page, by the layout's names. */
import { MSR } from '../isa/bitfields.ts'
import { offsetOf, STATE_BYTES, stateRegister } from './layout.ts'

const index = new Map<string, number>()
const wordIndex = (name: string): number => {
  let i = index.get(name)
  if (i === undefined) index.set(name, (i = offsetOf(name) / 8))
  return i
}

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
    return this.words[wordIndex(name) + at]!
  }

  set(name: string, value: bigint, at = 0): void {
    this.words[wordIndex(name) + at] = stateRegister(name).type === 'i32' ? value & 0xffffffffn : value
  }

  number(name: string, at = 0): number {
    return Number(this.words[wordIndex(name) + at]!)
  }

  msr(bit: keyof typeof MSR.mask): boolean {
    return (this.get('MSR') & MSR.mask[bit]) !== 0n
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
