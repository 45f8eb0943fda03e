/** The emulator without a page: requests as promises, and the last view. */
import { Emulator } from '../emu/worker/emulator.ts'
import type { Command, Commands, FromWorker, MachineView, PortName, Request } from '../emu/worker/protocol.ts'
import { TimelineEvents } from '../emu/worker/timeline-events.ts'

/** A program that ran so many instructions at once is taken for one without an end. */
export const MOST_INSTRUCTIONS = 200_000_000n
const LOOK_EVERY_MS = 20

type Answer = { readonly resolve: (body: never) => void; readonly reject: (e: Error) => void }

export class Headless {
  private last: Omit<MachineView, 'program'> | null = null
  private program: MachineView['program'] = null
  events = TimelineEvents.none
  readonly output: Record<PortName, string> = { console: '', debug: '' }
  private seq = 0
  private readonly open = new Map<number, Answer>()
  private resting: (() => void)[] = []
  private readonly emulator = new Emulator(m => this.receive(m), {
    now: () => performance.now(),
    later: (_delay, then) => void setImmediate(then),
  })

  private receive(m: FromWorker): void {
    if (m.type === 'response') {
      const answer = this.open.get(m.seq)
      this.open.delete(m.seq)
      if (m.success) answer?.resolve(m.body as never)
      else answer?.reject(new Error(m.message))
    } else if (m.type === 'view') {
      this.last = m.view
      if (m.program !== undefined) this.program = m.program
      this.events = this.events.with(m.events)
    } else if (m.type === 'output') this.output[m.port] = m.reset ? m.text : this.output[m.port] + m.text
    else if (m.type === 'stopped') {
      const resting = this.resting
      this.resting = []
      for (const resolve of resting) resolve()
    }
  }

  /** Rejects with an Error whose message is the refusal. */
  send<C extends Command>(command: C, args: Commands[C]['arguments']): Promise<Commands[C]['body']> {
    const seq = ++this.seq
    const answer = new Promise<Commands[C]['body']>((resolve, reject) => this.open.set(seq, { resolve, reject } as Answer))
    void this.emulator.handle({ type: 'request', seq, command, arguments: args } as Request)
    return answer
  }

  /** Throws an Error before the first program. */
  get view(): MachineView {
    if (!this.last) throw new Error('nothing is loaded yet')
    return { ...this.last, program: this.program }
  }

  /** Resolves when nothing runs. */
  async atRest(): Promise<void> {
    if (this.last?.run.state === 'running') await new Promise<void>(resolve => this.resting.push(resolve))
  }

  /**
   * Sends, and resolves when nothing runs any more. What still runs after `most` instructions is paused, and it rejects with an Error that
   * says so; with an Error whose message is the refusal if the request is refused.
   */
  async carryOut<C extends Command>(command: C, args: Commands[C]['arguments'], most = MOST_INSTRUCTIONS): Promise<Commands[C]['body']> {
    const begin = this.last?.instructions ?? 0n
    const done = this.send(command, args).then(async body => {
      await this.atRest()
      return { body }
    })
    for (;;) {
      const found = await Promise.race([done, new Promise<null>(go => setTimeout(() => go(null), LOOK_EVERY_MS))])
      if (found) return found.body
      if (!this.last || this.last.instructions - begin < most) continue
      await this.send('pause', {})
      await done
      throw new Error(`the guest still ran after ${most} instructions, and was paused.`)
    }
  }
}
