/** How the machine speaks of what happened. */

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
