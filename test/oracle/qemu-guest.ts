/** QEMU's pseries machine, stopped, as a one-step oracle behind its GDB stub. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { GdbStub } from './gdb-stub.ts'
import { type Case, CODE, gprPattern, PROCESS_TABLE, type Result, realOf, trackedSprs, translationTables } from './one-step.ts'

const MACHINE = 'pseries,cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken,cap-ccf-assist=off'
const QUIET = ['-nographic', '-nodefaults', '-vga', 'none', '-serial', 'none', '-monitor', 'none']
const [PC, MSR] = [64, 65]
const STEP = 'vCont;s:p1.1'
const CONTINUE = 'vCont;c:p1.1'
/** A breakpoint that is not reached within that many milliseconds will not be. */
const PATIENCE = 20_000
const MTPIDR_R0 = '7c100ba6'

const freePort = (): Promise<number> =>
  new Promise(done => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => done(port))
    })
  })

const swapped = (hex: string): string => hex.match(/../g)!.reverse().join('')
const wide = (v: bigint): string => BigInt.asUintN(64, v).toString(16).padStart(16, '0')
const narrow = (v: number): string => (v >>> 0).toString(16).padStart(8, '0')

export class QemuGuest {
  private little = false
  private readonly numbers = new Map<string, number>()
  private known = new Map<string, bigint>()

  private constructor(
    private readonly process: ChildProcess,
    private readonly stub: GdbStub,
  ) {}

  static async start(): Promise<QemuGuest> {
    const port = await freePort()
    const process = spawn(
      'qemu-system-ppc64',
      ['-M', MACHINE, '-cpu', 'POWER9', '-m', '256', ...QUIET, '-S', '-gdb', `tcp:127.0.0.1:${port}`],
      {
        stdio: 'ignore',
      },
    )
    const guest = new QemuGuest(process, await GdbStub.open(port))
    await guest.prepare()
    return guest
  }

  stop(): void {
    this.stub.close()
    this.process.kill()
  }

  private async prepare(): Promise<void> {
    // The special-purpose registers come last: `vrsave` is in the vector registers' description too, with another width.
    for (const r of await this.stub.registers()) this.numbers.set(r.name, r.number)
    await this.all(['Qqemu.PhyMemMode:1'])
    await this.readMsr()
    await this.registerProcessTable()
    const tables = [...translationTables()].map(([at, v]) => `M${at.toString(16)},8:${wide(v)}`)
    await this.all(tables)
    await this.readSprs()
  }

  private async all(packets: readonly string[]): Promise<void> {
    const replies = await this.stub.ask(packets)
    replies.forEach((r, n) => {
      if (r !== 'OK') throw new Error(`${packets[n]}: ${r}`)
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

  private async readMsr(): Promise<bigint> {
    const raw = await this.stub.one(`p${MSR.toString(16)}`)
    // LE is the last bit; where it is 1 the bytes come reversed, and the first has it. No other bit can be in that place.
    this.little = (Number.parseInt(raw.slice(0, 2), 16) & 1) === 1
    return BigInt(`0x${this.out(raw)}`)
  }

  /** H_REGISTER_PROC_TBL, as a guest calls it: new table, radix, with GTSE. */
  private async registerProcessTable(): Promise<void> {
    const call = { 3: 0x37cn, 4: 0x1dn, 5: PROCESS_TABLE.base, 6: 0n, 7: 0n }
    const write = (n: number, v: bigint) => `P${n.toString(16)}=${this.out(wide(v))}`
    await this.all(['M100000,4:44000022', ...Object.entries(call).map(([n, v]) => write(Number(n), v)), write(PC, 0x100000n)])
    await this.stub.one(STEP)
    const answer = BigInt(`0x${this.out(await this.stub.one('p3'))}`)
    if (answer !== 0n) throw new Error(`H_REGISTER_PROC_TBL answered ${answer}`)
  }

  private sprNames(): string[] {
    return trackedSprs.map(([, name]) => `p${this.number(name)}`)
  }

  private noteSprs(replies: readonly string[]): void {
    for (const [n, [state]] of trackedSprs.entries()) this.known.set(state, BigInt(`0x${this.out(replies[n]!)}`))
  }

  private async readSprs(): Promise<void> {
    this.noteSprs(await this.stub.ask(this.sprNames()))
  }

  async step(c: Case): Promise<Result> {
    if (c.tables) await this.forgetTranslations()
    const before = this.writes(c)
    const replies = await this.stub.ask([...before, STEP])
    for (const [n, reply] of replies.slice(0, -1).entries()) if (reply !== 'OK') throw new Error(`${before[n]}: ${reply}`)
    for (let n = 1; n < c.steps; n++) await this.stub.one(STEP)
    return this.read(c)
  }

  /** The state that the case begins with. */
  async load(c: Case): Promise<void> {
    await this.forgetTranslations()
    await this.all(this.writes(c))
  }

  /** Instructions and the interrupts that they raise, exactly so many. */
  async steps(count: number): Promise<void> {
    // One at a time: whatever comes while the target runs stops it.
    for (let n = 0; n < count; n++) await this.stub.one(STEP)
  }

  /** Runs free to the address; false where it is not reached. */
  async runTo(address: bigint): Promise<boolean> {
    const place = `,${address.toString(16)},4`
    await this.all([`Z0${place}`])
    let late = false
    const timer = setTimeout(() => {
      late = true
      this.stub.interrupt()
    }, PATIENCE)
    await this.stub.one(CONTINUE)
    clearTimeout(timer)
    await this.all([`z0${place}`])
    return !late
  }

  /** The state as it is. */
  async read(c: Case): Promise<Result> {
    const storage = c.storage.map(piece => `m${piece.at.toString(16)},${(piece.bytes.length / 2).toString(16)}`)
    const [msr, g, ...rest] = await this.stub.ask([`p${MSR.toString(16)}`, 'g', ...storage, ...this.sprNames()])
    this.little = (Number.parseInt(msr!.slice(0, 2), 16) & 1) === 1
    this.noteSprs(rest.slice(storage.length))
    return this.result(g!, rest.slice(0, storage.length))
  }

  /** Executes `mtspr PIDR,r0`, which flushes QEMU's TLB. */
  private async forgetTranslations(): Promise<void> {
    const msr = `P${MSR.toString(16)}=${this.out(wide(0x8000000000001000n))}`
    this.little = false
    await this.stub.ask([msr, `P0=${wide(1n)}`, `P${PC.toString(16)}=${wide(BigInt(CODE))}`, `M${CODE.toString(16)},4:${MTPIDR_R0}`, STEP])
    this.known.set('PIDR', 1n)
  }

  private writes(c: Case): string[] {
    const gpr = Array.from({ length: 32 }, (_, n) => c.gpr[n] ?? gprPattern(n))
    const code = narrow(c.word)
    const little = (c.msr & 1n) === 1n
    const msr = (order: (h: string) => string) => `P${MSR.toString(16)}=${order(wide(c.msr))}`
    const first = msr(h => this.out(h))
    this.little = little
    const out = (h: string) => this.out(h)
    const registers = [...gpr.map(wide), wide(c.nip), wide(c.msr), narrow(c.cr), wide(c.lr), wide(c.ctr), narrow(c.xer)]
    const sprs = trackedSprs.flatMap(([state, name, initial]) => {
      const value = c.spr[state] ?? initial
      return this.known.get(state) === value ? [] : [`P${this.number(name)}=${out(wide(value))}`]
    })
    const real = realOf(c.nip)
    return [
      first,
      `G${registers.map(out).join('')}`,
      ...sprs,
      // An illegal word behind it: what runs on too far is seen.
      `M${real.toString(16)},8:${little ? swapped(code) : code}00000000`,
      ...c.storage.map(({ at, bytes }) => `M${at.toString(16)},${(bytes.length / 2).toString(16)}:${bytes}`),
      // Again: QEMU derives its own flags from the other registers now.
      msr(out),
    ]
  }

  private result(g: string, storage: readonly string[]): Result {
    let at = 0
    const take = (bytes: number): bigint => {
      const h = g.slice(at, at + 2 * bytes)
      at += 2 * bytes
      return BigInt(`0x${this.out(h)}`)
    }
    const gpr = Array.from({ length: 32 }, () => take(8))
    const [nip, msr, cr, lr, ctr, xer] = [take(8), take(8), take(4), take(8), take(8), take(4)]
    const spr = Object.fromEntries(this.known)
    return { nip, msr, cr: Number(cr), xer: Number(xer), lr, ctr, gpr, spr, storage }
  }
}
