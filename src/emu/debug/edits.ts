/** What the user changes in the machine, as data: an action that can be done again, and kept in a file. */
import type { Core } from '../core/core.ts'
import { State } from '../core/state.ts'
import type { Hypervisor } from '../hypervisor/hypervisor.ts'
import { memoryInHand, registerInHand } from '../hypervisor/in-hand.ts'
import type { ScheduleChange } from '../hypervisor/schedule.ts'
import type { RealAddress, VcpuId } from '../isa/units.ts'
import { writeRegister } from './registers.ts'

/** The serial ports: of the guest, and of a debugger in it. */
export type Port = 'console' | 'debug'

export type Edit =
  /** `register` as `registers.ts` names it. */
  | { readonly kind: 'register'; readonly vcpu: VcpuId; readonly register: string; readonly value: bigint }
  | { readonly kind: 'memory'; readonly pieces: readonly { readonly real: RealAddress; readonly bytes: Uint8Array }[] }
  | { readonly kind: 'externalLine'; readonly vcpu: VcpuId; readonly raised: boolean }
  | { readonly kind: 'schedule'; readonly change: ScheduleChange }
  | { readonly kind: 'input'; readonly text: string; readonly port: Port }

/** What edits reach. */
export interface Editable {
  readonly core: Core
  readonly hypervisor: Hypervisor
  readonly machine: { type(text: string, port: Port): void }
}

/** The guest's pending Trace interrupt belongs to the instruction that was stepped: it is dropped when NIP goes elsewhere. */
export const dropsTrace = ({ core }: Pick<Editable, 'core'>, vcpu: VcpuId, register: string): boolean =>
  register === 'NIP' && core.vcpus[vcpu]!.state.get('TRACE_DUE') !== 0n

type Appliers = { readonly [K in Edit['kind']]: (edit: Extract<Edit, { kind: K }>, to: Editable) => void }

const appliers: Appliers = {
  register({ vcpu: id, register, value }, { core }) {
    const vcpu = core.vcpus[id]!
    const drops = dropsTrace({ core }, id, register)
    writeRegister(vcpu.state, register, value)
    if (drops) vcpu.state.set('TRACE_DUE', 0n)
    core.flushTranslations(vcpu)
    vcpu.breakpointsChanged()
  },
  memory({ pieces }, { core }) {
    for (const { real, bytes } of pieces) core.write(real, bytes)
  },
  externalLine({ vcpu, raised }, { core }) {
    core.vcpus[vcpu]!.externalLine = raised
  },
  schedule({ change }, { hypervisor }) {
    hypervisor.setSchedule(change)
  },
  input({ text, port }, { machine }) {
    machine.type(text, port)
  },
}

function refuseIf(reason: string | null): void {
  if (reason !== null) throw new Error(reason)
}

/** Throws an Error with a sentence for the user where the edit cannot be; it changes nothing. */
export function checkEdit(edit: Edit, { core, hypervisor }: Pick<Editable, 'core' | 'hypervisor'>): void {
  const { step } = hypervisor.state
  if (edit.kind === 'schedule') hypervisor.checkSchedule(edit.change)
  if (edit.kind === 'memory' && step) {
    const ranges = edit.pieces.map(({ real, bytes }) => ({ real, count: bytes.length }))
    refuseIf(memoryInHand(step, core.vcpus[step.vcpu]!, ranges))
  }
  if (edit.kind === 'register') {
    refuseIf(registerInHand(step, edit.vcpu, edit.register))
    const copy = core.vcpus[edit.vcpu]!.state.bytes.slice().buffer as ArrayBuffer
    writeRegister(new State(copy, 0), edit.register, edit.value)
  }
}

/** Throws an Error with a sentence for the user where it cannot be; nothing is changed then. */
export function applyEdit(edit: Edit, to: Editable): void {
  ;(appliers[edit.kind] as (edit: Edit, to: Editable) => void)(edit, to)
}
