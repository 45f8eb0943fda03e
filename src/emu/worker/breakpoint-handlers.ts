/** What the requests about breakpoints do. */
import { type BreakpointSpec, softwareAt } from '../debug/breakpoint.ts'
import type { MachineAccess } from './memory-handlers.ts'
import type { Commands, Empty } from './protocol.ts'

type Command = 'setBreakpoints' | 'setInstructionBreakpoints'
type BreakpointHandlers = { [C in Command]: (args: Commands[C]['arguments']) => Commands[C]['body'] }

/** A specification that came over the protocol has its texts trimmed. */
const tidy = (b: BreakpointSpec): BreakpointSpec => ({
  ...b,
  register: b.register.trim(),
  condition: b.condition?.trim() || null,
  log: b.log?.trim() ? b.log : null,
})

export function breakpointHandlers(machine: MachineAccess): BreakpointHandlers {
  const set = (breakpoints: readonly BreakpointSpec[]): Empty => {
    machine.paused().stops.set(breakpoints.map(tidy))
    machine.changed(null)
    return {}
  }
  return {
    setBreakpoints: ({ breakpoints }) => set(breakpoints),
    setInstructionBreakpoints: ({ breakpoints }) => {
      const { specs } = machine.paused().stops
      const had = new Map(specs.filter(b => b.kind === 'software').map(b => [b.address, b]))
      const software = breakpoints.map(b => ({ ...(had.get(b.address) ?? softwareAt(b.address)), enabled: b.enabled }))
      return set([...software, ...specs.filter(b => b.kind !== 'software')])
    },
  }
}
