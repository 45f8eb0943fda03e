/** Client of a GDB stub: packets without acknowledgement, several in flight, registers by the names of the feature descriptions. */
import { connect, type Socket } from 'node:net'

const checksum = (text: string): string => {
  let sum = 0
  for (let i = 0; i < text.length; i++) sum = (sum + text.charCodeAt(i)) & 0xff
  return sum.toString(16).padStart(2, '0')
}

export interface StubRegister {
  readonly name: string
  readonly bits: number
  readonly number: number
}

export class GdbStub {
  private received = ''
  private waiting: { count: number; replies: string[]; done: (replies: string[]) => void } | null = null

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true)
    socket.setEncoding('latin1')
    socket.on('data', text => this.take(String(text)))
  }

  /** Tries for some seconds: the stub may just be starting. */
  static async open(port: number, attempts = 100): Promise<GdbStub> {
    for (let n = 0; ; n++) {
      try {
        const socket = await new Promise<Socket>((done, failed) => {
          const s = connect(port, '127.0.0.1', () => done(s))
          s.once('error', failed)
        })
        return new GdbStub(socket)
      } catch (e) {
        if (n === attempts) throw e
        await new Promise(done => setTimeout(done, 100))
      }
    }
  }

  close(): void {
    this.socket.destroy()
  }

  private take(text: string): void {
    this.received += text
    for (;;) {
      const start = this.received.indexOf('$')
      const end = this.received.indexOf('#', start)
      if (start < 0 || end < 0 || this.received.length < end + 3) return
      const w = this.waiting
      // The target's end, told to nobody who asked.
      if (!w) return
      w.replies.push(this.received.slice(start + 1, end))
      this.received = this.received.slice(end + 3)
      if (w.replies.length === w.count) {
        this.waiting = null
        w.done(w.replies)
      }
    }
  }

  /** Sends all packets at once; every one gets its reply. The stub takes a new packet for the acknowledgement of its last reply. */
  ask(packets: readonly string[]): Promise<string[]> {
    if (this.waiting) throw new Error('a request is under way')
    return new Promise(done => {
      this.waiting = { count: packets.length, replies: [], done }
      this.socket.write(packets.map(p => `$${p}#${checksum(p)}`).join(''), 'latin1')
    })
  }

  async one(packet: string): Promise<string> {
    return (await this.ask([packet]))[0]!
  }

  /** Stops a target that runs: the request that set it going gets its reply. */
  interrupt(): void {
    this.socket.write('\x03', 'latin1')
  }

  private async feature(name: string): Promise<string> {
    let text = ''
    for (;;) {
      const reply = await this.one(`qXfer:features:read:${name}:${text.length.toString(16)},ff0`)
      if (!/^[ml]/.test(reply)) throw new Error(`no feature ${name}: ${reply}`)
      text += reply.slice(1)
      if (reply.startsWith('l')) return text
    }
  }

  /** Every register, in the order of their numbers. */
  async registers(): Promise<StubRegister[]> {
    await this.one('qSupported:xmlRegisters=powerpc')
    const target = await this.feature('target.xml')
    const found: StubRegister[] = []
    let next = 0
    for (const include of target.matchAll(/href="([^"]+)"/g)) {
      for (const reg of (await this.feature(include[1]!)).matchAll(/<reg\s[^>]*>/g)) {
        const attribute = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(reg[0])?.[1]
        const number = Number(attribute('regnum') ?? next)
        found.push({ name: attribute('name')!, bits: Number(attribute('bitsize')), number })
        next = number + 1
      }
    }
    return found
  }
}
