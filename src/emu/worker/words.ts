/** How the machine speaks of what happened. */
import type { EventIndex } from '../isa/units.ts'
import type { PortName } from './protocol.ts'

/** With a capital, but for what has its own spelling, and a full stop. */
export const sentence = (said: string): string =>
  `${said.startsWith('vCPU') ? 'v' : said[0]!.toUpperCase()}${said.slice(1)}${said.endsWith('.') ? '' : '.'}`

/** What follows from the external interrupt line, in a sentence. */
export function lineInWords(raised: boolean, enabled: boolean): string {
  if (!raised) return 'The external interrupt line is lowered.'
  return enabled
    ? 'The external interrupt line is raised: the guest takes the interrupt when it runs.'
    : 'The external interrupt line is raised. MSR[EE] is 0: the interrupt waits until the guest sets it.'
}

/** Keys that the user pressed at a serial port: what was done, and what becomes of it while the guest is paused. */
export function typedInWords(text: string, port: PortName): { did: string; waits: string } {
  const bytes = new TextEncoder().encode(text).length
  const did = `${bytes} byte${bytes === 1 ? '' : 's'} typed at the ${port === 'debug' ? 'second serial port' : 'console'} by you`
  return { did, waits: `${did}. The guest reads ${bytes === 1 ? 'it' : 'them'} when it runs.` }
}

/** What an edit of the past does besides, to be said behind it; empty at the live end. */
export const branchNote = ({ isLive, shown }: { readonly isLive: boolean; readonly shown: EventIndex }): string =>
  isLive ? '' : ` Live from event ${shown} on: what came after it is kept as a branch.`
