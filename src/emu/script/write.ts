/** Requests as the lines of a script: what a user did, to be done again. */
import type { Actor, Command, Commands } from '../worker/protocol.ts'

type Writers = { readonly [C in Command]?: (args: Commands[C]['arguments']) => string | null }

const writers: Writers = {
  stepMachine: () => 'step machine',
  stepOutside: () => 'step outside',
  stepInside: () => 'step inside',
  stepHypervisor: () => 'step hypervisor',
  stepBack: ({ actor }) => `back ${actor satisfies Actor}`,
  continue: ({ actor }) => `continue ${actor}`,
  reset: () => 'reset',
  setPolicy: ({ policy }) => `policy ${policy}`,
  ownPolicy: ({ json }) => `own ${JSON.stringify(JSON.parse(json))}`,
  setSchedulerLocking: ({ value }) => `locking ${value}`,
  setInterrupts: ({ setting }) => `interrupts ${setting}`,
  setSchedule: ({ script, quantum }) => `schedule ${[...script.map(t => `${t.vcpu}:${t.boundaries}`), `quantum ${quantum}`].join(' ')}`,
  selectVcpu: ({ vcpu }) => `vcpu ${vcpu}`,
  runVcpu: ({ vcpu, boundaries }) => `run ${vcpu} ${boundaries}`,
  writeRegister: ({ vcpu, register, value }) => `set ${vcpu} ${register} 0x${value.toString(16)}`,
  setExternalLine: ({ vcpu, raised }) => `external ${vcpu} ${raised ? 'raise' : 'lower'}`,
  setInstructionBreakpoints: ({ breakpoints }) =>
    ['break', ...breakpoints.filter(b => b.enabled).map(b => `0x${b.address.toString(16)}`)].join(' '),
  // Those of other kinds, and with conditions, no command sets.
  setBreakpoints: ({ breakpoints }) =>
    breakpoints.every(b => b.kind === 'software' && b.vcpu === null && b.condition === null && b.ignore === 0 && b.log === null)
      ? writers.setInstructionBreakpoints!({ breakpoints: breakpoints.map(({ address, enabled }) => ({ address, enabled })) })
      : null,
  // A line that ends, at the console, is what `input` types.
  consoleInput: ({ text, port }) => (port === 'console' && /^[^\n]*\n$/.test(text) ? `input ${text.slice(0, -1)}` : null),
}

/** Null where no command of a script does that. */
export const lineOf = <C extends Command>(command: C, args: Commands[C]['arguments']): string | null =>
  (writers[command] as ((a: Commands[C]['arguments']) => string | null) | undefined)?.(args) ?? null

/** The same step several times is one line. */
export function joined(lines: readonly string[]): string[] {
  const out: { line: string; times: number }[] = []
  for (const line of lines) {
    const last = out.at(-1)
    if (last?.line === line && /^(step|back) /.test(line)) last.times++
    else out.push({ line, times: 1 })
  }
  return out.map(({ line, times }) => (times > 1 ? `${line} ${times}` : line))
}
