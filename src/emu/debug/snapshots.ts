/** Whole-machine snapshots: state pages, hypervisor and devices copied, RAM as the pages changed since the snapshot before. */
import type { Core } from '../core/core.ts'
import { PAGE } from '../core/layout.ts'
import type { Hypervisor } from '../hypervisor/hypervisor.ts'
import type { HypervisorState } from '../hypervisor/step-state.ts'
import type { InstructionWord, RealAddress } from '../isa/units.ts'

export interface Snapshot<D> {
  /** Position in the chain. */
  readonly number: number
  readonly states: readonly Uint8Array[]
  readonly hypervisor: HypervisorState
  readonly devices: D
  readonly overlays: readonly ReadonlyMap<RealAddress, InstructionWord>[]
  readonly processTable: Core['partition']['processTable']
  /** Content, at this snapshot, of the pages written since the one before it. */
  readonly pages: ReadonlyMap<RealAddress, Uint8Array>
}

export interface Devices<D> {
  saveDevices(): D
  restoreDevices(devices: D): void
}

const ZERO = new Uint8Array(PAGE)

/** Bytes that a snapshot's copies take. */
const sizeOf = ({ pages, states }: Snapshot<unknown>): number => pages.size * PAGE + states.reduce((n, s) => n + s.length, 0)

/** A chain of snapshots of one machine; the first holds every page that is not zero. */
export class SnapshotChain<D> {
  /** By number; those that were given up are missing. */
  private chain: (Snapshot<D> | undefined)[] = []
  private size = 0
  /** The snapshot from which RAM differs at most in pages that are dirty now. */
  private anchor = 0
  /** RAM is zero elsewhere. */
  private readonly everWritten = new Set<RealAddress>()

  constructor(
    private readonly core: Core,
    private readonly hypervisor: Hypervisor,
    private readonly devices: Devices<D>,
  ) {}

  private dirtyPages(): RealAddress[] {
    const pages = this.core.takeDirtyPages()
    for (const real of pages) this.everWritten.add(real)
    return pages
  }

  /** Number of the snapshot last taken or restored. */
  get present(): number {
    return this.anchor
  }

  /** Pages that may hold something. */
  get written(): readonly RealAddress[] {
    const dirty = this.dirtyPages()
    // They stay changed since the last snapshot.
    for (const real of dirty) this.core.dirty[real / PAGE] = 1
    return [...this.everWritten]
  }

  /** Starts anew from the present state. */
  restart(): Snapshot<D> {
    this.chain = []
    this.size = 0
    this.dirtyPages()
    return this.append(new Map([...this.everWritten].map(real => [real, this.core.read(real, PAGE)])))
  }

  /** The present state, after the snapshot last taken or restored; those after that one are forgotten. */
  take(): Snapshot<D> {
    for (const s of this.chain.splice(this.anchor + 1)) if (s) this.size -= sizeOf(s)
    return this.append(new Map(this.dirtyPages().map(real => [real, this.core.read(real, PAGE)])))
  }

  private append(pages: Map<RealAddress, Uint8Array>): Snapshot<D> {
    const { core } = this
    const snapshot: Snapshot<D> = {
      number: this.chain.length,
      states: core.saveStates(),
      hypervisor: this.hypervisor.state,
      devices: this.devices.saveDevices(),
      overlays: core.vcpus.map(v => new Map(v.overlay)),
      processTable: core.partition.processTable,
      pages,
    }
    this.chain.push(snapshot)
    this.size += sizeOf(snapshot)
    this.anchor = snapshot.number
    return snapshot
  }

  /** Content of a page at a snapshot, by the page's real address. */
  contentAt(real: RealAddress, number: number): Uint8Array {
    for (let n = number; n >= 0; n--) {
      const page = this.chain[n]?.pages.get(real)
      if (page) return page
    }
    return ZERO
  }

  /** Makes the machine what it was. Later snapshots stay until the next `take`. */
  restore(to: Snapshot<D>): void {
    const { core } = this
    const changed = new Set<RealAddress>(this.dirtyPages())
    const [low, high] = [Math.min(to.number, this.anchor), Math.max(to.number, this.anchor)]
    for (const between of this.chain.slice(low + 1, high + 1)) for (const real of between?.pages.keys() ?? []) changed.add(real)
    core.vcpus.forEach((v, n) => {
      for (const real of [...v.overlay.keys()]) v.unplant(real)
      for (const [real, word] of to.overlays[n]!) v.plant(real, word)
    })
    for (const real of changed) core.write(real, this.contentAt(real, to.number))
    core.takeDirtyPages()
    core.partition.processTable = to.processTable
    core.restoreStates(to.states)
    this.hypervisor.state = to.hypervisor
    this.devices.restoreDevices(to.devices)
    this.anchor = to.number
  }

  /** Pages written after one snapshot and up to another. */
  pagesBetween(from: Snapshot<D>, to: Snapshot<D>): Set<RealAddress> {
    return new Set(this.chain.slice(from.number + 1, to.number + 1).flatMap(s => [...(s?.pages.keys() ?? [])]))
  }

  /** Bytes that the copies take. */
  get bytes(): number {
    return this.size
  }

  /** The snapshot is given up: it cannot be restored any more, and those behind it get what they need of it. The first, the last and the present one stay. */
  forget(snapshot: Snapshot<D>): void {
    const next = this.chain.find((s, n) => s && n > snapshot.number)
    if (!next || snapshot.number === 0 || snapshot.number === this.anchor) return
    this.size -= sizeOf(snapshot) + sizeOf(next)
    const pages = next.pages as Map<RealAddress, Uint8Array>
    for (const [real, page] of snapshot.pages) if (!pages.has(real)) pages.set(real, page)
    this.chain[snapshot.number] = undefined
    this.size += sizeOf(next)
  }
}
