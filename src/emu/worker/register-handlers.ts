/** What the requests about registers and interrupt lines do, and what State compares with. */
import { dropsTrace } from '../debug/edits.ts'
import type { Session } from '../debug/session.ts'
import type { MachineAccess } from './memory-handlers.ts'
import type { Commands } from './protocol.ts'
import { registersOf } from './state-view.ts'
import { branchNote, lineInWords } from './words.ts'

type Command = 'writeRegister' | 'setExternalLine' | 'vcpuRegisters' | 'compareWith'
type RegisterHandlers = { [C in Command]: (args: Commands[C]['arguments']) => Commands[C]['body'] }

const comparisons = { stop: 'the last stop of any actor', step: 'the start of the outside step', event: 'event' } as const

function comparedInWords({ baseline }: Session): string {
  const { event } = baseline.point
  const what = comparisons[baseline.kind]
  return baseline.kind === 'event' ? `${what} ${event}` : `${what}, event ${event}`
}

export const registerHandlers = (machine: MachineAccess): RegisterHandlers => ({
  writeRegister({ vcpu, register, value }) {
    const session = machine.paused()
    machine.requireVcpu(vcpu)
    const branch = branchNote(session)
    const note = dropsTrace(session, vcpu, register) ? " The guest's pending trace was dropped." : ''
    session.edit({ kind: 'register', vcpu, register, value }, `${register} set to 0x${value.toString(16)}, edited by you.${note}`, vcpu)
    machine.changed(`${register} set to 0x${value.toString(16)}.${note}${branch}`)
    return {}
  },
  setExternalLine({ vcpu, raised }) {
    const session = machine.paused()
    machine.requireVcpu(vcpu)
    const branch = branchNote(session)
    const sentence = `external interrupt line of vCPU ${vcpu} ${raised ? 'raised' : 'lowered'} by you`
    session.edit({ kind: 'externalLine', vcpu, raised }, sentence, vcpu)
    machine.changed(`${lineInWords(raised, session.vcpu(vcpu).state.msr('EE'))}${branch}`)
    return {}
  },
  compareWith({ since }) {
    const session = machine.paused()
    session.baseline.choose(since)
    machine.changed(`State compares with ${comparedInWords(session)}.`)
    return {}
  },
  vcpuRegisters: ({ vcpu }) => ({ registers: registersOf(machine.session(), vcpu) }),
})
