/** What a vCPU and its storage need of the processor complex around them, and the other way round. */
import type { EffectiveAddress, InstructionWord, RealAddress, VcpuId } from '../isa/units.ts'
import type { MemoryLayout } from './layout.ts'
import type { Access, Fault, Mapping, Partition, WalkStorage } from './mmu.ts'
import type { FetchOverlay } from './overlay.ts'
import type { State } from './state.ts'

export interface Processor {
  readonly id: VcpuId
  readonly state: State
  /** Of the last access that generated code could not make. */
  fault: Fault | null
  readonly loadTlb: number
  readonly storeTlb: number
  translate(ea: EffectiveAddress, access: Access, peek?: boolean): Mapping | Fault
  watches(ea: EffectiveAddress, real: RealAddress): boolean
  dawrMatches(ea: EffectiveAddress, size: number, access: Access): boolean
  readonly overlay: FetchOverlay
  reservedReal(): RealAddress | null
}

/** A debugger's watch on data: accesses to its pages go the exact way, and it is told of each that touches it. */
export interface Watch {
  page(ea: EffectiveAddress, real: RealAddress): boolean
  touches(vcpu: VcpuId, ea: EffectiveAddress, size: number): boolean
  touched(vcpu: VcpuId, ea: EffectiveAddress, size: number, access: Access): void
}

export interface Complex extends WalkStorage {
  readonly watch: Watch | null
  /** A listener asks that runs end at this boundary. */
  readonly asked: boolean
  readonly layout: MemoryLayout
  readonly ram: Uint8Array
  readonly dirty: Uint8Array
  readonly vcpus: readonly Processor[]
  readonly partition: Partition
  readonly stops: ReadonlySet<EffectiveAddress>
  /** A run stops before the instruction at NIP. */
  stopsBefore(v: Processor, nip: EffectiveAddress): boolean
  execute(v: Processor, budget: number): number
  written(real: RealAddress, count: number): void
  fetchedWord(v: Processor, real: RealAddress): InstructionWord
  overlayChanged(v: Processor, real: RealAddress): void
  isCode(real: RealAddress): boolean
  fillData(tlb: number, ea: EffectiveAddress, real: RealAddress): void
  flushCode(): void
  flushStores(v: Processor): void
  flushTranslations(v: Processor): void
  flushAllTranslations(): void
  holdsTable(real: RealAddress): boolean
}
