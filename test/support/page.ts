/** What tests of the protocol send and see. */
import { createHash } from 'node:crypto'
import type { Pseries } from '../../src/emu/machine/pseries.ts'
import { Emulator } from '../../src/emu/worker/emulator.ts'
import type { Command, Commands, FromWorker, MachineView, Request, TimelineEvent } from '../../src/emu/worker/protocol.ts'
import { TimelineEvents } from '../../src/emu/worker/timeline-events.ts'

/** The page's end of the protocol, on an emulator in the same thread. */
export class Page {
  readonly messages: FromWorker[] = []
  private recorded = TimelineEvents.none
  output = ''
  private seq = 0
  private readonly emulator = new Emulator(m => this.receive(m), {
    now: () => performance.now(),
    later: (_d, then) => void setTimeout(then, 0),
  })

  private receive(m: FromWorker): void {
    this.messages.push(structuredClone(m))
    if (m.type === 'view') this.recorded = this.recorded.with(m.events)
    if (m.type === 'output' && m.port === 'console') this.output = m.reset ? m.text : this.output + m.text
  }

  async send<C extends Command>(command: C, args: Commands[C]['arguments']): Promise<Commands[C]['body']> {
    const seq = ++this.seq
    await this.emulator.handle({ type: 'request', seq, command, arguments: args } as Request)
    for (;;) {
      const r = this.messages.find(m => m.type === 'response' && m.seq === seq)
      if (r?.type === 'response') {
        if (!r.success) throw new Error(r.message)
        return r.body as Commands[C]['body']
      }
      await new Promise(resolve => setTimeout(resolve, 1))
    }
  }

  get view(): MachineView {
    const views = this.messages.filter(m => m.type === 'view')
    const last = views.at(-1)
    if (!last) throw new Error('no view yet')
    return { ...last.view, program: views.findLast(v => v.program !== undefined)?.program ?? null }
  }

  reg(name: string): bigint {
    return this.view.state.registers[name]!
  }

  get events(): TimelineEvent[] {
    return [...this.recorded]
  }

  get labels(): string[] {
    return this.events.map(e => e.label)
  }

  /** The machine itself, which the page never sees: for what must not have changed. */
  get machine(): Pseries {
    return Reflect.get(this.emulator, 'machine') as Pseries
  }

  /** All that the guest is: registers of every vCPU, memory, what is fetched instead of it, devices. */
  get guest(): Record<string, string> {
    const { core, devices } = this.machine
    const sum = (...parts: readonly Uint8Array[]): string => {
      const hash = createHash('sha256')
      for (const p of parts) hash.update(p)
      return hash.digest('hex')
    }
    return {
      registers: sum(...core.saveStates()),
      memory: sum(core.ram),
      overlays: JSON.stringify(core.vcpus.map(v => [...v.overlay])),
      devices: JSON.stringify(devices),
    }
  }
}
