/** What the requests about registers and interrupt lines do. */
import { dropsTrace } from '../debug/edits.ts'
import type { MachineAccess } from './memory-handlers.ts'
import type { Commands } from './protocol.ts'
import { registersOf } from './state-view.ts'
import { lineInWords } from './words.ts'

type Command = 'writeRegister' | 'setExternalLine' | 'vcpuRegisters'
type RegisterHandlers = { [C in Command]: (args: Commands[C]['arguments']) => Commands[C]['body'] }

export const registerHandlers = (machine: MachineAccess): RegisterHandlers => ({
  writeRegister({ vcpu, register, value }) {
    const session = machine.live()
    machine.requireVcpu(vcpu)
    const note = dropsTrace(session, vcpu, register) ? " The guest's pending trace was dropped." : ''
    session.edit({ kind: 'register', vcpu, register, value }, `${register} set to 0x${value.toString(16)}, edited by you.${note}`, vcpu)
    machine.changed(`${register} set to 0x${value.toString(16)}.${note}`)
    return {}
  },
  setExternalLine({ vcpu, raised }) {
    const session = machine.live()
    machine.requireVcpu(vcpu)
    const sentence = `external interrupt line of vCPU ${vcpu} ${raised ? 'raised' : 'lowered'} by you`
    session.edit({ kind: 'externalLine', vcpu, raised }, sentence, vcpu)
    machine.changed(lineInWords(raised, session.vcpu(vcpu).state.msr('EE')))
    return {}
  },
  vcpuRegisters: ({ vcpu }) => ({ registers: registersOf(machine.session(), vcpu) }),
})
