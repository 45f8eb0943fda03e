/** One probe on one qemu-system-ppc64, behind its GDB stub: begun in the state that our machine boots it in, run free or stepped. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ProbeProgram } from '../../src/emu/debug/probe-program.ts'
import { Pseries } from '../../src/emu/machine/pseries.ts'
import { GdbStub } from '../oracle/gdb-stub.ts'

const MACHINE = 'pseries,cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken,cap-ccf-assist=off'
const QUIET = ['-nographic', '-nodefaults', '-vga', 'none', '-monitor', 'none']
const [PC, MSR, CR, LR, CTR, XER] = [64, 65, 66, 67, 68, 69]
const CONSOLE = 'console'
const STEP = 'vCont;s:p1.1'
const CONTINUE = 'vCont;c:p1.1'
/** Milliseconds after which a guest that runs free is taken to run for ever. */
const PATIENCE = 8_000
const PAGE = 4096
/** Register the process table at r5: new, radix, with GTSE. */
const H_REGISTER_PROC_TBL = { 3: 0x37cn, 4: 0x1dn, 6: 0n, 7: 0n }

export type Sstep = 'hold' | 'deliver'
/** SSTEP_ENABLE, SSTEP_NOIRQ and SSTEP_NOTIMER; or the first alone. */
const sstepBits: Readonly<Record<Sstep, number>> = { hold: 7, deliver: 1 }

/** SPRs of the boot state, by their names here and in QEMU's register description. */
const sprs: readonly (readonly [state: string, qemu: string])[] = [
  ['SRR0', 'srr0'],
  ['SRR1', 'srr1'],
  ['PIDR', 'pid'],
  ['MMCR0', 'mmcr0'],
]

const freePort = (): Promise<number> =>
  new Promise(done => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => done(port))
    })
  })

const swapped = (hex: string): string => hex.match(/../g)!.reverse().join('')
const wide = (v: bigint): string => BigInt.asUintN(64, v).toString(16).padStart(16, '0')

export class QemuProbe {
  private little = false
  private readonly numbers = new Map<string, number>()
  private readonly ended: Promise<void>
  private over = false
  /** What QEMU said when it ended by itself, as it does at what it does not implement; null where it has not. */
  fatal: string | null = null

  private constructor(
    private readonly process: ChildProcess,
    private readonly stub: GdbStub,
    private readonly program: ProbeProgram,
    /** Of its own: a file for its console. */
    private readonly folder: string,
  ) {
    let stderr = ''
    process.stderr!.setEncoding('utf8').on('data', text => (stderr += text))
    this.ended = new Promise(done =>
      process.once('close', (_code, signal) => {
        this.over = true
        if (signal === 'SIGABRT') this.fatal = stderr.split('\n')[0]!.replace(/^qemu: fatal: /, '')
        done()
      }),
    )
  }

  static async start(program: ProbeProgram): Promise<QemuProbe> {
    const port = await freePort()
    const folder = mkdtempSync(join(tmpdir(), 'twostep-probe-'))
    const console = ['-serial', `file:${join(folder, CONSOLE)}`]
    const child = spawn(
      'qemu-system-ppc64',
      ['-M', MACHINE, '-cpu', 'POWER9', '-m', '256', ...QUIET, ...console, '-S', '-gdb', `tcp:127.0.0.1:${port}`],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    )
    const probe = new QemuProbe(child, await GdbStub.open(port), program, folder)
    await probe.boot()
    return probe
  }

  stop(): void {
    this.stub.close()
    this.process.kill('SIGKILL')
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** What the guest wrote to its console. */
  get said(): string {
    const file = join(this.folder, CONSOLE)
    return existsSync(file) ? readFileSync(file, 'latin1') : ''
  }

  private async all(packets: readonly string[]): Promise<void> {
    const replies = await this.stub.ask(packets)
    replies.forEach((r, n) => {
      if (r !== 'OK') throw new Error(`${packets[n]!.slice(0, 60)}: ${r}`)
    })
  }

  private number(name: string): string {
    const n = this.numbers.get(name)
    if (n === undefined) throw new Error(`QEMU has no register ${name}`)
    return n.toString(16)
  }

  /** Register bytes are in the order of the present MSR[LE]. */
  private out(hex: string): string {
    return this.little ? swapped(hex) : hex
  }

  private async readMsr(): Promise<void> {
    const raw = await this.stub.one(`p${MSR.toString(16)}`)
    this.little = (Number.parseInt(raw.slice(0, 2), 16) & 1) === 1
  }

  private async read(register: number): Promise<bigint> {
    return BigInt(`0x${this.out(await this.stub.one(`p${register.toString(16)}`))}`)
  }

  private write(register: number | string, v: bigint): string {
    const n = typeof register === 'string' ? this.number(register) : register.toString(16)
    return `P${n}=${this.out(wide(v))}`
  }

  private async boot(): Promise<void> {
    for (const r of await this.stub.registers()) this.numbers.set(r.name, r.number)
    await this.all(['Qqemu.PhyMemMode:1'])
    await this.readMsr()
    const { core } = new Pseries(this.program.image)
    const { state } = core.vcpus[0]!
    const { processTable } = core.partition
    if (processTable) await this.registerProcessTable(processTable)
    const piece = PAGE / 4
    for (let real = 0; real < core.ramBytes; real += PAGE) {
      const page = core.ram.subarray(real, real + PAGE)
      // The firmware's own image lies in low memory.
      if (real >= 0x100000 && page.every(b => b === 0)) continue
      const packets: string[] = []
      for (let at = 0; at < PAGE; at += piece)
        packets.push(`M${(real + at).toString(16)},${piece.toString(16)}:${Buffer.from(page.subarray(at, at + piece)).toString('hex')}`)
      await this.all(packets)
    }
    const lpcr = await this.read(this.numbers.get('lpcr')!)
    const msr = state.get('MSR')
    const gprs = Array.from({ length: 32 }, (_, n) => this.write(n, state.get('GPR', n)))
    // ILE and AIL are what a program sees of LPCR; the rest is the machine's.
    const seen = (1n << 25n) | (3n << 23n)
    await this.all([
      ...gprs,
      this.write(PC, state.get('NIP')),
      ...[LR, CTR].map(n => this.write(n, 0n)),
      ...[CR, XER].map(n => `P${n.toString(16)}=00000000`),
      this.write('lpcr', (lpcr & ~seen) | (state.get('LPCR') & seen)),
      ...sprs.map(([name, qemu]) => this.write(qemu, state.get(name))),
      this.write(MSR, msr),
    ])
    this.little = (msr & 1n) === 1n
  }

  private async registerProcessTable({ base }: { base: bigint }): Promise<void> {
    const at = 0x8000000
    const call = { ...H_REGISTER_PROC_TBL, 5: base }
    await this.all([
      `M${at.toString(16)},4:44000022`,
      ...Object.entries(call).map(([n, v]) => this.write(Number(n), v)),
      this.write(PC, BigInt(at)),
    ])
    await this.stub.one(STEP)
    const answer = await this.read(3)
    if (answer !== 0n) throw new Error(`H_REGISTER_PROC_TBL answered ${answer}`)
  }

  /** Runs free to the real address; false where the machine ends, or does not get there. */
  async runTo(real: bigint): Promise<boolean> {
    const places = [real, real | 0xc000000000000000n].map(a => `,${a.toString(16)},4`)
    await this.all(places.map(p => `Z0${p}`))
    const there = await this.run()
    if (there) await this.all(places.map(p => `z0${p}`))
    return there
  }

  /** False where the machine ended, or ran until patience was over. */
  private async run(): Promise<boolean> {
    let late = false
    const timer = setTimeout(() => {
      late = true
      this.stub.interrupt()
    }, PATIENCE)
    await Promise.race([this.stub.one(CONTINUE), this.ended])
    clearTimeout(timer)
    return !late && !this.over
  }

  /** To its power-off; false where it does not come. */
  async runToEnd(): Promise<boolean> {
    await this.run()
    return this.over
  }

  async sstep(setting: Sstep): Promise<void> {
    await this.all([`Qqemu.sstep=${sstepBits[setting].toString(16)}`])
  }

  /** Steps until it stands at the real address. Returns how many steps; null where more than `most` would be needed. */
  async stepTo(real: bigint, most: number): Promise<number | null> {
    for (let steps = 1; steps <= most; steps++) {
      // What comes while the target runs stops it: the registers are asked for after it has stopped.
      await Promise.race([this.stub.one(STEP), this.ended])
      if (this.over) return steps
      const [msr, pc] = await this.stub.ask([`p${MSR.toString(16)}`, `p${PC.toString(16)}`])
      if (msr === undefined || pc === undefined) return steps
      this.little = (Number.parseInt(msr.slice(0, 2), 16) & 1) === 1
      const nip = BigInt(`0x${this.out(pc)}`)
      if ((nip & 0x0fffffffffffffffn) === real) return steps
    }
    return null
  }
}
