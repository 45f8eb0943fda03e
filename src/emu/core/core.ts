/**
 * The processor complex: linear memory with every vCPU's state, RAM, the predecoded pages and the translation caches, and the services
 * that the generated interpreter calls.
 */

import { extractField } from '../isa/fields.ts'
import { decode } from '../isa/instructions.ts'
import type { EffectiveAddress, InstructionWord, RealAddress, VcpuId } from '../isa/units.ts'
import type { Complex, Watch } from './complex.ts'
import { generateInterpreter, type Interpreter, routines, type Services, type Variant } from './interpreter.ts'
import {
  DATA_CONTEXTS,
  FETCH_BYTES,
  FETCH_CONTEXTS,
  FETCH_ENTRIES,
  layoutMemory,
  type MemoryLayout,
  NO_TAG,
  PAGE,
  TLB_BYTES,
  TLB_ENTRIES,
} from './layout.ts'
import type { Partition } from './mmu.ts'
import { GRANULE, Storage } from './storage.ts'
import { Vcpu } from './vcpu.ts'

const interpreters = new Map<string, Interpreter>()
/** The interpreter of a variant, generated on first need, for all machines. */
function interpreterFor(variant: Variant): Interpreter {
  const key = JSON.stringify(variant)
  let i = interpreters.get(key)
  if (!i) interpreters.set(key, (i = generateInterpreter(variant)))
  return i
}

type Run = (budget: number) => number

/** An interpreter in this machine's memory. */
interface Engine {
  readonly interpreter: Interpreter
  readonly run: Run
}

/** Routine of a word by itself; the numbers are the same in every variant. */
function routineAlone(interpreter: Interpreter, word: InstructionWord): number {
  const instruction = decode(word)
  return instruction ? interpreter.routineOf(instruction, f => extractField(f, word)) : routines.reference
}

interface SlotPage {
  index: number
  vcpu: VcpuId
  /** Of the page. */
  real: RealAddress
  little: boolean
  /** Words at which the vCPU has to stop. */
  readonly stops: Set<RealAddress>
}

export interface CoreOptions {
  vcpus: number
  ramBytes: number
}

export class Core implements Complex {
  readonly layout: MemoryLayout
  readonly memory: WebAssembly.Memory
  readonly ramBytes: number
  /** Guest real storage, for reading; write through `write`. */
  readonly ram: Uint8Array
  readonly vcpus: readonly Vcpu[]
  readonly partition: Partition = { processTable: null }
  /** Effective addresses at which a run stops. */
  readonly stops = new Set<EffectiveAddress>()
  /** Words before which a run stops, wherever they lie; set through `setStopWord`. */
  private stopWord: ((word: InstructionWord) => boolean) | null = null
  /** Told of every write to RAM but those that generated code makes by itself: a watch on the page leaves none of those. */
  writing: ((real: RealAddress, count: number) => void) | null = null
  /** A debugger's; set through `setWatch`. */
  watch: Watch | null = null
  /** Set by a listener of a run that is to end at this boundary; whoever drives the run clears it. */
  asked = false
  /** 1 for each 4 KiB page of RAM written since the flags were last cleared. */
  readonly dirty: Uint8Array
  /** 1 for each 4 KiB page that a walk has read since the cached translations were last forgotten: a store to it makes them stale. */
  private readonly tables: Uint8Array
  /** Goes up whenever a walk may find something else than before. */
  translationsChanged = 0

  private readonly bytes: DataView
  private readonly tags: BigUint64Array
  private readonly words: Int32Array
  /** By vCPU, SF and LE. */
  private readonly engines: Engine[] = []
  private readonly services: Services
  private slotPages = new Map<string, SlotPage>()
  /** Slot pages of each real page. */
  private code = new Map<RealAddress, SlotPage[]>()
  private usedSlotPages = 0

  constructor({ vcpus, ramBytes }: CoreOptions) {
    this.layout = layoutMemory(vcpus, ramBytes)
    this.ramBytes = ramBytes
    this.memory = new WebAssembly.Memory({ initial: this.layout.pages, maximum: this.layout.pages })
    const buffer = this.memory.buffer
    this.ram = new Uint8Array(buffer, this.layout.ram, ramBytes)
    this.bytes = new DataView(buffer)
    this.tags = new BigUint64Array(buffer)
    this.words = new Int32Array(buffer)
    this.dirty = new Uint8Array(ramBytes / PAGE)
    this.tables = new Uint8Array(ramBytes / PAGE)
    this.vcpus = Array.from({ length: vcpus }, (_, n) => new Vcpu(this, n, buffer))
    const byState = new Map(this.vcpus.map(v => [this.layout.state(v.id), v]))
    const vcpu = (state: number) => byState.get(state)!
    const storage = this.vcpus.map(v => new Storage(this, v))
    this.vcpus.forEach((v, n) => v.attach(storage[n]!))
    const data = (state: number) => storage[vcpu(state).id]!
    this.services = {
      fetch: state => this.fetch(vcpu(state)),
      load: (state, size) => data(state).serveLoad(size),
      store: (state, size) => data(state).serveStore(size),
      loadReserve: (state, size) => data(state).serveLoadReserve(size),
      storeConditional: (state, size) => data(state).serveStoreConditional(size),
    }
    this.flushAllTranslations()
  }

  /** For the vCPU's present mode. */
  private engine(v: Vcpu): Engine {
    const [sf, little] = [v.state.msr('SF'), v.state.msr('LE')]
    const key = 4 * v.id + (sf ? 2 : 0) + (little ? 1 : 0)
    return (this.engines[key] ??= this.makeEngine({ sf, little, state: this.layout.state(v.id) }))
  }

  private makeEngine(variant: Variant): Engine {
    const interpreter = interpreterFor(variant)
    const m = { memory: this.memory, ...this.services } as unknown as WebAssembly.ModuleImports
    return { interpreter, run: new WebAssembly.Instance(interpreter.module, { m }).exports.run as Run }
  }

  /** Runs generated code of the vCPU; returns the budget left. */
  execute(v: Vcpu, budget: number): number {
    return this.engine(v).run(budget)
  }

  // ───────── real storage ─────────

  /** A copy of `count` bytes of RAM. */
  read(real: RealAddress, count: number): Uint8Array {
    return this.ram.slice(real, real + count)
  }

  /** Writes RAM, keeping predecoded pages right. */
  write(real: RealAddress, bytes: Uint8Array): void {
    this.ram.set(bytes, real)
    this.written(real, bytes.length)
  }

  /** The bytes changed: pages become dirty, slots are decoded anew, and what was walked in them is forgotten. */
  written(real: RealAddress, count: number): void {
    if (this.holdsTable(real) || this.holdsTable(real + count - 1)) this.flushAllTranslations()
    this.changed(real, count)
  }

  private changed(real: RealAddress, count: number): void {
    this.writing?.(real, count)
    for (let page = real - (real % PAGE); page < real + count; page += PAGE) {
      this.dirty[page / PAGE] = 1
      const pages = this.code.get(page)
      if (!pages) continue
      const [first, last] = [Math.max(real, page), Math.min(real + count, page + PAGE)]
      for (const p of pages) this.decodeSlots(p, first - (first % 4), last)
    }
  }

  readDoubleword(address: bigint): bigint | null {
    const real = Number(address)
    if (real + 8 > this.ramBytes) return null
    this.noteTable((real - (real % PAGE)) / PAGE)
    return this.bytes.getBigUint64(this.layout.ram + real)
  }

  writeDoubleword(address: bigint, value: bigint): void {
    const real = Number(address)
    this.bytes.setBigUint64(this.layout.ram + real, value)
    // R and C alone: what is cached stays true.
    this.changed(real, 8)
    this.translationsChanged++
    // R and C are set by no processor's store: that ends every reservation in the granule. Book II, 1.7.2.1.
    for (const v of this.vcpus) {
      const reserved = v.reservedReal()
      if (reserved !== null && Math.floor(reserved / GRANULE) === Math.floor(real / GRANULE)) v.state.set('RESERVE', 0n)
    }
  }

  /** The page at the real address has entries that cached translations came from. */
  holdsTable(real: RealAddress): boolean {
    return this.tables[(real - (real % PAGE)) / PAGE] === 1
  }

  /** A page that holds entries may not be in a store TLB. */
  private noteTable(page: number): void {
    if (this.tables[page]) return
    this.tables[page] = 1
    for (const v of this.vcpus) this.flushStores(v)
  }

  // ───────── predecoded pages ─────────

  private fetch(v: Vcpu): number {
    const nip = v.state.get('NIP')
    // The run stops before it: a fetch would set R of its page.
    if (this.stops.has(nip)) {
      v.fault = null
      return 0
    }
    const found = v.translate(nip, 'fetch')
    if ('interrupt' in found) {
      v.fault = found
      return 0
    }
    const real = Number(found.guestReal)
    const page = this.pageOf(v, real - (real % PAGE))
    this.applyStops(v, nip, page)
    const slots = this.layout.slotPage(page.index)
    const entry = v.fetchTlb + (Number((nip >> 12n) & BigInt(FETCH_ENTRIES - 1)) << 4)
    this.tags[entry / 8] = nip & ~0xfffn
    this.words[entry / 4 + 2] = slots
    return slots
  }

  /** The slots of a real page as this vCPU fetches it. */
  private pageOf(v: Vcpu, real: RealAddress): SlotPage {
    const little = v.state.msr('LE')
    const key = `${v.id}:${real}:${little}`
    let page = this.slotPages.get(key)
    if (!page) {
      if (this.usedSlotPages === this.layout.slotPages) this.flushCode()
      page = { index: this.usedSlotPages++, vcpu: v.id, real, little, stops: new Set() }
      this.slotPages.set(key, page)
      const others = this.code.get(real)
      if (others) others.push(page)
      else {
        this.code.set(real, [page])
        // A page that holds predecoded code may not be in a store TLB.
        for (const each of this.vcpus) this.flushStores(each)
      }
      this.decodeSlots(page, real, real + PAGE)
      const end = this.layout.slotPage(page.index) + 1024 * 8
      this.words[end / 4 + 1] = routines.pageEnd
    }
    return page
  }

  private slotIndex(page: SlotPage, real: RealAddress): number {
    return (this.layout.slotPage(page.index) + (real - page.real) * 2) / 4
  }

  private wordIn(page: SlotPage, real: RealAddress): InstructionWord {
    return this.vcpus[page.vcpu]!.overlay.get(real) ?? this.bytes.getUint32(this.layout.ram + real, page.little)
  }

  /** Decodes the words from one address up to another, and the one before them, which may have made a pair with the first. */
  private decodeSlots(page: SlotPage, first: RealAddress, last: RealAddress): void {
    const { interpreter } = this.engine(this.vcpus[page.vcpu]!)
    const end = page.real + PAGE
    const stop = Math.min(end, last + ((4 - (last % 4)) % 4))
    const routineAt = (at: RealAddress): number => {
      const word = this.wordIn(page, at)
      return page.stops.has(at) || this.stopWord?.(word) ? routines.stop : routineAlone(interpreter, word)
    }
    let behind: number = stop < end ? routineAt(stop) : routines.pageEnd
    for (let at = stop - 4; at >= Math.max(page.real, first - 4); at -= 4) {
      const alone = routineAt(at)
      const slot = this.slotIndex(page, at)
      this.words[slot] = this.wordIn(page, at)
      this.words[slot + 1] = interpreter.pairOf(alone, behind)
      behind = alone
    }
  }

  /** Puts the routine `stop` where a run has to stop in the page of NIP. */
  private applyStops(v: Vcpu, nip: EffectiveAddress, page: SlotPage): void {
    const ciabr = v.ciabrAddress()
    for (const at of ciabr === null ? this.stops : [...this.stops, ciabr]) {
      const real = page.real + Number(at & 0xffcn)
      if ((at & ~0xfffn) !== (nip & ~0xfffn) || page.stops.has(real)) continue
      page.stops.add(real)
      this.decodeSlots(page, real, real + 4)
    }
  }

  /** The word that the vCPU would execute at a real address: RAM's, or the overlay's. */
  fetchedWord(v: Vcpu, real: RealAddress): number {
    return v.overlay.get(real) ?? this.bytes.getUint32(this.layout.ram + real, v.state.msr('LE'))
  }

  /** The vCPU's overlay changed at this word. */
  overlayChanged(v: Vcpu, real: RealAddress): void {
    for (const page of this.code.get(real - (real % PAGE)) ?? []) if (page.vcpu === v.id) this.decodeSlots(page, real, real + 4)
  }

  /** Forgets every predecoded page: after stops or CIABR changed, or the pool ran out. */
  flushCode(): void {
    this.slotPages.clear()
    this.code.clear()
    this.usedSlotPages = 0
    for (const v of this.vcpus) this.dropFetches(v)
  }

  isCode(real: RealAddress): boolean {
    return this.code.has(real - (real % PAGE))
  }

  // ───────── translation caches ─────────

  private clearTags(from: number, bytes: number): void {
    for (let entry = from / 8; entry < (from + bytes) / 8; entry += 2) this.tags[entry] = NO_TAG
  }

  private dropFetches(v: Vcpu): void {
    this.clearTags(this.layout.tlbFetch(v.id, 0), FETCH_CONTEXTS * FETCH_BYTES)
  }

  flushStores(v: Vcpu): void {
    this.clearTags(this.layout.tlbStore(v.id, 0), DATA_CONTEXTS * TLB_BYTES)
  }

  /** After a change of the tables, PIDR, LPCR, AMR, IAMR. */
  flushTranslations(v: Vcpu): void {
    this.translationsChanged++
    this.clearTags(this.layout.tlbLoad(v.id, 0), DATA_CONTEXTS * TLB_BYTES)
    this.flushStores(v)
    this.dropFetches(v)
  }

  flushAllTranslations(): void {
    this.tables.fill(0)
    for (const v of this.vcpus) this.flushTranslations(v)
  }

  stopsBefore(v: Vcpu, nip: EffectiveAddress): boolean {
    if (this.stops.has(nip)) return true
    const word = this.stopWord === null ? null : v.wordAt(nip)
    return typeof word === 'number' && this.stopWord!(word)
  }

  setStopWord(stops: ((word: InstructionWord) => boolean) | null): void {
    this.stopWord = stops
    this.flushCode()
  }

  setWatch(watch: Watch | null): void {
    if (!watch && !this.watch) return
    this.watch = watch
    // Watched pages may not be in a TLB.
    for (const v of this.vcpus) this.flushTranslations(v)
  }

  /** Lets generated code reach the page directly. */
  fillData(tlb: number, ea: EffectiveAddress, real: RealAddress): void {
    const entry = tlb + (Number((ea >> 12n) & BigInt(TLB_ENTRIES - 1)) << 4)
    this.tags[entry / 8] = ea & ~0xfffn
    this.words[entry / 4 + 2] = this.layout.ram + real - (real % PAGE) - Number(ea & 0xfffff000n)
  }

  // ───────── snapshots ─────────

  /** State pages of all vCPUs, copied. */
  saveStates(): Uint8Array[] {
    return this.vcpus.map(v => v.state.bytes.slice())
  }

  restoreStates(states: readonly Uint8Array[]): void {
    states.forEach((bytes, n) => this.vcpus[n]!.state.bytes.set(bytes))
    this.flushAllTranslations()
  }

  /** Pages written since the last call; from now on writes are noted anew. */
  takeDirtyPages(): RealAddress[] {
    const pages: RealAddress[] = []
    for (let n = 0; n < this.dirty.length; n++) if (this.dirty[n]) pages.push(n * PAGE)
    this.dirty.fill(0)
    for (const v of this.vcpus) this.flushStores(v)
    return pages
  }
}
