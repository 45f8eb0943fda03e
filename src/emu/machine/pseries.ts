/** The machine `pseries`: a guest at HV=0, its RAM and console, made from a boot image. */
import { Core } from '../core/core.ts'
import { NEVER, type Vcpu } from '../core/vcpu.ts'
import { HFSCR, LPCR, MMCR0, setField } from '../isa/bitfields.ts'
import { type DeviceState, noDevices, type PortName } from './devices.ts'
import { LoadError } from './elf.ts'
import { performHypercall } from './hypercalls.ts'
import { type BootImage, STACK_BYTES, symbolAt } from './image.ts'
import { buildTables, type Mapping } from './radix.ts'

const PVR_POWER9 = 0x004e1200n
const ALL = (1n << 64n) - 1n
const { FP, VECVSX, DSCR, PM, BHRB, EBB, TAR, MSGP } = HFSCR.mask
/** Facilities that the guest may use: all but transactional memory. */
const HFSCR_GUEST = FP | VECVSX | DSCR | PM | BHRB | EBB | TAR | MSGP
/** Without the bits that an address of the linear mapping has at the top. */
const REAL = 0x0fffffffffffffffn
const LINEAR = 0xc000000000000000n

export class Pseries {
  readonly core: Core
  devices: DeviceState = { ...noDevices }
  /** Called with each piece of output. */
  onOutput: ((text: string, port: PortName) => void) | null = null

  constructor(readonly image: BootImage) {
    const { directives } = image
    this.core = new Core({ vcpus: directives.vcpus, ramBytes: directives.ramBytes })
    if (directives.map === 'radix') this.mapLinearly()
    for (const p of image.pieces) this.core.write(p.real, p.bytes)
    for (const v of this.core.vcpus) this.boot(v)
  }

  private boot(v: Vcpu): void {
    const { image } = this
    const { directives } = image
    const { mask } = LPCR
    const lpcr = mask.UPRT | mask.HR | mask.GTSE | mask.LPES | mask.LD | (image.littleEndian ? mask.ILE : 0n)
    const { state } = v
    state.set('LPCR', setField(LPCR, 'AIL', lpcr, BigInt(directives.ail)))
    state.set('PVR', PVR_POWER9)
    state.set('PIR', BigInt(v.id))
    state.set('TIR', BigInt(v.id))
    state.set('MMCR0', MMCR0.mask.FC)
    state.set('HFSCR', HFSCR_GUEST)
    state.set('AMOR', ALL)
    state.set('DEC_BASE', NEVER)
    state.set('HDEC_BASE', NEVER)
    state.set('MSR', image.msr)
    state.set('NIP', image.entry)
    if (image.stack !== null) state.set('GPR', image.stack - STACK_BYTES * BigInt(v.id), 1)
    if (image.toc !== null) state.set('GPR', image.toc, 2)
    if (directives.map === 'radix') {
      state.set('PIDR', 1n)
      // Whoever made the tables went to the program by rfid.
      state.set('SRR0', image.entry)
      state.set('SRR1', image.msr)
    }
  }

  /** Process 0: the kernel's linear mapping. Process 1: all of RAM for problem state, in quadrant 0. */
  private mapLinearly(): void {
    const { core } = this
    const { page, rc } = this.image.directives
    const bytes = core.ramBytes
    const view = new DataView(core.ram.buffer, core.ram.byteOffset, core.ram.byteLength)
    const mapping = (privileged: boolean): Mapping => ({ from: 0n, real: 0n, bytes, privileged, touched: rc })
    const tables = buildTables(
      bytes,
      page,
      [[mapping(true)], [mapping(false)]],
      (real, value) => core.writeDoubleword(BigInt(real), value),
      real => view.getBigUint64(real),
    )
    const last = this.image.pieces.at(-1)
    if (last && last.real + last.bytes.length > tables.lowest)
      throw new LoadError(
        `The program ends at 0x${(last.real + last.bytes.length).toString(16)}, and the ready page tables begin at 0x${tables.lowest.toString(16)}. Give it more RAM (ram=) or larger pages (page=). Nothing was loaded.`,
      )
    core.partition.processTable = tables.processTable
  }

  hypercall(vcpu: Vcpu) {
    const { core, devices } = this
    const result = performHypercall({ core, vcpu, devices, print: (text, port) => this.print(text, port) })
    return {
      name: result.name,
      sentence: result.sentence,
      poweredOff: result.poweredOff ?? false,
      waits: result.waits ?? false,
      asks: result.asks ?? false,
    }
  }

  private print(text: string, port: PortName): void {
    this.devices[`${port}Output`] += text
    this.onOutput?.(text, port)
  }

  /** Keys pressed at a serial port, in UTF-8, for the guest to fetch. */
  type(text: string, port: PortName = 'console'): void {
    this.devices[`${port}Input`] += Array.from(new TextEncoder().encode(text), b => String.fromCharCode(b)).join('')
  }

  /** The program has a debugger of its own, which listens at the second serial port: it waits at this symbol. */
  get hasDebugger(): boolean {
    return this.image.symbols.some(s => s.name === 'monitor_wait')
  }

  /** Sends the line to the debugger in the guest if it waits for one. */
  command(line: string): void {
    if (!this.devices.debugWaits) return
    this.devices.debugWaits = false
    this.type(`${line}\n`, 'debug')
  }

  /** Nearest symbol of an address within what was loaded. */
  addressOf(symbol: string): bigint | null {
    return this.image.symbols.find(s => s.name === symbol)?.address ?? null
  }

  symbolAt(address: bigint): string | null {
    const real = address & REAL
    const loaded = this.image.pieces.some(p => real >= BigInt(p.real) && real < BigInt(p.real + p.bytes.length))
    if (!loaded) return null
    const { symbols } = this.image
    // Problem state sees RAM at its real addresses, and the program has its labels in the linear mapping.
    return symbolAt(symbols, address) ?? (address === real ? symbolAt(symbols, address | LINEAR) : null)
  }

  saveDevices(): unknown {
    return { ...this.devices }
  }

  restoreDevices(devices: unknown): void {
    this.devices = { ...(devices as DeviceState) }
  }
}
