/** Data accesses that generated code does not make itself, and those of the reference evaluator: exact, and slower. */

import { interruptIds } from '../isa/interrupts.ts'
import type { Size } from '../isa/semantics.ts'
import type { EffectiveAddress, RealAddress } from '../isa/units.ts'
import type { Complex, Processor } from './complex.ts'
import { exits } from './interpreter.ts'
import { PAGE } from './layout.ts'
import type { Access, Fault } from './mmu.ts'

/** Thrown to the reference evaluator. */
export class Faulted {
  constructor(readonly fault: Fault) {}
}

/** Thrown for generated code that has to leave the access to the reference evaluator, since it holds what the access makes stale. */
const LEAVE = Symbol('reference')

/** Bytes within which another processor's store ends a reservation. Book II, 1.7.2. */
export const GRANULE = 128
const REVERSED = 16

export class Storage {
  constructor(
    private readonly core: Complex,
    private readonly vcpu: Processor,
  ) {}

  // ───────── for generated code: 0, or 1 for a fault ─────────

  private served(size: number, access: (ea: EffectiveAddress) => void): number {
    const { state } = this.vcpu
    try {
      const ea = state.get('EA')
      // The run can end behind a watched access only where the access is a boundary of its own.
      if (this.core.watch?.touches(this.vcpu.id, ea, size & 15)) throw LEAVE
      access(ea)
      return 0
    } catch (e) {
      if (e === LEAVE) {
        state.set('EXIT', BigInt(exits.reference))
        return 1
      }
      if (!(e instanceof Faulted)) throw e
      this.vcpu.fault = e.fault
      state.set('EXIT', BigInt(exits.interrupt))
      state.set('INTERRUPT', BigInt(interruptIds.indexOf(e.fault.interrupt)))
      return 1
    }
  }

  serveLoad(size: number): number {
    return this.served(size, ea => this.vcpu.state.set('VALUE', this.load(ea, (size & 15) as Size, size >= REVERSED)))
  }

  serveStore(size: number): number {
    return this.served(size, ea => this.store(ea, (size & 15) as Size, this.vcpu.state.get('VALUE'), size >= REVERSED, true))
  }

  serveLoadReserve(size: number): number {
    return this.served(size, ea => this.vcpu.state.set('VALUE', this.loadReserve(ea, size as Size)))
  }

  serveStoreConditional(size: number): number {
    return this.served(size, ea => {
      const done = this.storeConditional(ea, size as Size, this.vcpu.state.get('VALUE'), true)
      this.vcpu.state.set('SUCCESS', done ? 1n : 0n)
    })
  }

  /** A store to an entry of a table changes where the next instruction is fetched. */
  private leaveIfTable(reals: readonly RealAddress[]): void {
    if (reals.some(real => this.core.holdsTable(real))) throw LEAVE
  }

  // ───────── accesses; throw Faulted ─────────

  load(ea: EffectiveAddress, size: Size, reversed: boolean): bigint {
    const reals = this.locate(ea, size, 'load')
    return this.gather(reals, size, this.vcpu.state.msr('LE') !== reversed)
  }

  store(ea: EffectiveAddress, size: Size, value: bigint, reversed: boolean, generated = false): void {
    const reals = this.locate(ea, size, 'store')
    if (generated) this.leaveIfTable(reals)
    this.scatter(reals, size, value, this.vcpu.state.msr('LE') !== reversed)
  }

  loadReserve(ea: EffectiveAddress, size: Size): bigint {
    this.requireAligned(ea, size)
    const reals = this.locate(ea, size, 'load')
    const { state } = this.vcpu
    state.set('RESERVE', BigInt(reals[0]!) + 1n)
    state.set('RESERVE_SIZE', BigInt(size))
    for (const other of this.core.vcpus) if (other !== this.vcpu) this.core.flushStores(other)
    return this.gather(reals, size, state.msr('LE'))
  }

  storeConditional(ea: EffectiveAddress, size: Size, value: bigint, generated = false): boolean {
    this.requireAligned(ea, size)
    const reals = this.locate(ea, size, 'store')
    if (generated) this.leaveIfTable(reals)
    const { state } = this.vcpu
    const held = state.get('RESERVE') === BigInt(reals[0]!) + 1n && state.number('RESERVE_SIZE') === size
    state.set('RESERVE', 0n)
    if (held) this.scatter(reals, size, value, state.msr('LE'))
    return held
  }

  /** Raises what a store to those bytes would. */
  probeStore(ea: EffectiveAddress, bytes: number): void {
    this.locate(ea, bytes, 'store')
  }

  private requireAligned(ea: EffectiveAddress, size: Size): void {
    if (ea % BigInt(size) !== 0n) throw new Faulted({ interrupt: 'alignment', address: ea, status: 0n })
  }

  /** Real addresses of the bytes' pages: of the first byte, and of the first byte on a second page. */
  private locate(ea: EffectiveAddress, size: number, access: Access): RealAddress[] {
    const v = this.vcpu
    const first = this.page(ea, access)
    const inPage = PAGE - Number(ea & 0xfffn)
    if (inPage < size) {
      const second = v.state.msr('SF') ? BigInt.asUintN(64, ea + BigInt(inPage)) : (ea + BigInt(inPage)) & 0xffffffffn
      const next = this.page(second, access)
      this.checkWatch(ea, size, access)
      this.checkPartition(ea, first.real, access)
      this.checkPartition(second, next.real, access)
      this.core.watch?.touched(v.id, ea, size, access)
      return [first.real, next.real]
    }
    this.checkWatch(ea, size, access)
    this.checkPartition(ea, first.real, access)
    this.core.watch?.touched(v.id, ea, size, access)
    if (!v.watches(ea, first.real) && !v.overlay.veiled(first.real)) {
      if (access === 'load') this.core.fillData(v.loadTlb, ea, first.real)
      else if (first.storable && !this.core.isCode(first.real) && !this.core.holdsTable(first.real) && !this.reservedByOther(first.real)) {
        this.core.fillData(v.storeTlb, ea, first.real)
        this.core.dirty[(first.real - (first.real % PAGE)) / PAGE] = 1
      }
    }
    return [first.real]
  }

  private page(ea: EffectiveAddress, access: Access): { real: RealAddress; storable: boolean } {
    const found = this.vcpu.translate(ea, access)
    if ('interrupt' in found) throw new Faulted(found)
    return { real: Number(found.guestReal), storable: found.storable }
  }

  private checkWatch(ea: EffectiveAddress, size: number, access: Access): void {
    if (this.vcpu.dawrMatches(ea, size, access))
      throw new Faulted({ interrupt: 'dataStorage', address: ea, status: DAWR_MATCH | (access === 'store' ? STORE : 0n) })
  }

  /** Partition-scoped translation of the vCPU's own: a page with its fetch overlay may be executed, and no more. Book III, 6.5.16. */
  private checkPartition(address: EffectiveAddress, real: RealAddress, access: Access): void {
    if (!this.vcpu.overlay.executeOnly(real)) return
    const status = PROTECTION | (access === 'store' ? STORE : 0n)
    throw new Faulted({ interrupt: 'hypervisorDataStorage', address, status, guestReal: BigInt(real) })
  }

  private reservedByOther(real: RealAddress): boolean {
    return this.core.vcpus.some(
      o => o !== this.vcpu && o.reservedReal() !== null && Math.floor(o.reservedReal()! / PAGE) === Math.floor(real / PAGE),
    )
  }

  private byteAt(reals: readonly RealAddress[], n: number): RealAddress {
    const [first, second] = reals
    const inPage = PAGE - (first! % PAGE)
    return n < inPage || second === undefined ? first! + n : second + n - inPage
  }

  private gather(reals: readonly RealAddress[], size: Size, little: boolean): bigint {
    let value = 0n
    for (let n = 0; n < size; n++) value = (value << 8n) | BigInt(this.core.ram[this.byteAt(reals, little ? size - 1 - n : n)]!)
    return value
  }

  private scatter(reals: readonly RealAddress[], size: Size, value: bigint, little: boolean): void {
    let rest = value
    for (let n = 0; n < size; n++, rest >>= 8n) {
      const at = this.byteAt(reals, little ? n : size - 1 - n)
      this.core.ram[at] = Number(rest & 0xffn)
    }
    const [first, second] = reals
    const inFirst = Math.min(size, PAGE - (first! % PAGE))
    this.core.written(first!, inFirst)
    if (second !== undefined && inFirst < size) this.core.written(second, size - inFirst)
    this.endReservations(first!, this.byteAt(reals, size - 1))
  }

  /** Another processor's store to a byte of the granule ends a reservation; a store has bytes in two granules at most. */
  private endReservations(...stored: readonly RealAddress[]): void {
    for (const other of this.core.vcpus) {
      const reserved = other === this.vcpu ? null : other.reservedReal()
      if (reserved === null) continue
      if (stored.some(real => Math.floor(reserved / GRANULE) === Math.floor(real / GRANULE))) other.state.set('RESERVE', 0n)
    }
  }
}

const DAWR_MATCH = 0x00400000n
const PROTECTION = 0x08000000n
const STORE = 0x02000000n
