/**
 * The fetch overlay of a vCPU: words that it fetches instead of RAM's, by real address. A page with one is execute-only for the vCPU, as
 * partition-scoped tables of its own would have it: its loads and stores there come to the hypervisor, which makes them on the real page.
 */
import type { InstructionWord, RealAddress } from '../isa/units.ts'
import { PAGE } from './layout.ts'

const pageOf = (real: RealAddress): number => Math.floor(real / PAGE)

export class FetchOverlay extends Map<RealAddress, InstructionWord> {
  /** The hypervisor makes the accesses of an instruction. */
  lifted = false
  private readonly veils = new Set<number>()

  override set(real: RealAddress, word: InstructionWord): this {
    this.veils.add(pageOf(real))
    return super.set(real, word)
  }

  /** A word has lain over the page, now or before: no TLB for data may hold it. */
  veiled(real: RealAddress): boolean {
    return this.veils.has(pageOf(real))
  }

  /** A load or store of the guest's to the page is a Hypervisor Data Storage interrupt. */
  executeOnly(real: RealAddress): boolean {
    if (this.size === 0 || this.lifted || !this.veiled(real)) return false
    for (const at of this.keys()) if (pageOf(at) === pageOf(real)) return true
    return false
  }
}
