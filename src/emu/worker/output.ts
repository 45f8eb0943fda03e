/** What the guest wrote to a serial port, sent piece by piece. The guest writes bytes, UTF-8 as a rule; a character may come in two pieces. */
import type { PortName } from '../machine/devices.ts'
import type { Notification } from './protocol.ts'

export class OutputPort {
  private sent = ''
  private decoder = new TextDecoder()

  constructor(private readonly port: PortName) {}

  /** The message for what is new, or null; `anew`: what the page holds may be of another past. */
  update(output: string, anew: boolean): Notification | null {
    const continues = !anew && output.startsWith(this.sent)
    if (!anew && output === this.sent) return null
    if (!continues) this.decoder = new TextDecoder()
    const piece = continues ? output.slice(this.sent.length) : output
    const bytes = Uint8Array.from(piece, c => c.charCodeAt(0))
    this.sent = output
    return { type: 'output', port: this.port, text: this.decoder.decode(bytes, { stream: true }), reset: !continues }
  }
}
