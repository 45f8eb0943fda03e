/** Requests as the lines of a script: what a user did, to be done again. */
import type { Actor, Command, Commands } from '../worker/protocol.ts'
import { specsText } from './specs.ts'

type Writers = { readonly [C in Command]?: (args: Commands[C]['arguments']) => string | null }

const hex = (v: bigint): string => `0x${v.toString(16)}`
const until = (args: { until?: bigint }): string => (args.until === undefined ? '' : ` until ${args.until}`)
const over = { over: 'over', out: 'out', 'interrupt return': 'return' } as const

const writers: Writers = {
  stepMachine: args => `step machine${until(args)}`,
  stepOutside: args => `step outside${until(args)}`,
  stepInside: args => `step inside${until(args)}`,
  stepHypervisor: args => `step hypervisor${until(args)}`,
  stepBack: ({ actor }) => `back ${actor satisfies Actor}`,
  continue: args => `continue ${args.actor}${until(args)}`,
  runTo: args => `${args.to === 'address' ? `to ${hex(args.address)}` : over[args.to]}${until(args)}`,
  reset: () => 'reset',
  setPolicy: ({ policy }) => `policy ${policy}`,
  ownPolicy: ({ json }) => `own ${JSON.stringify(JSON.parse(json))}`,
  setSchedulerLocking: ({ value }) => `locking ${value}`,
  setInterrupts: ({ setting }) => `interrupts ${setting}`,
  setSchedule: ({ script, quantum }) => `schedule ${[...script.map(t => `${t.vcpu}:${t.boundaries}`), `quantum ${quantum}`].join(' ')}`,
  setHypervisorWalk: ({ walk }) => `walk ${walk}`,
  selectVcpu: ({ vcpu }) => `vcpu ${vcpu}`,
  runVcpu: ({ vcpu, boundaries }) => `run ${vcpu} ${boundaries}`,
  writeRegister: ({ vcpu, register, value }) => `set ${vcpu} ${register} ${hex(value)}`,
  writeMemory: ({ address, bytes, space = 'effective' }) =>
    `write ${hex(address)} ${Array.from(bytes, b => b.toString(16).padStart(2, '0')).join('')}${space === 'effective' ? '' : ` ${space.replace(' ', '-')}`}`,
  setExternalLine: ({ vcpu, raised }) => `external ${vcpu} ${raised ? 'raise' : 'lower'}`,
  setInstructionBreakpoints: ({ breakpoints }) => ['break', ...breakpoints.filter(b => b.enabled).map(b => hex(b.address))].join(' '),
  setBreakpoints: ({ breakpoints }) => `breakpoints ${specsText(breakpoints)}`,
  seek: ({ event }) => `goto ${event}`,
  seekTime: ({ instructions }) => `time ${instructions}`,
  reverseContinue: () => 'reverse',
  lastWrite: args => `wrote ${'register' in args ? `${args.vcpu} ${args.register}` : hex(args.address)}`,
  goOnFromHere: () => 'here',
  goToBranch: ({ branch }) => `branch ${branch}`,
  // A line that ends, at the console, is what `input` types.
  consoleInput: ({ text, port }) =>
    port === 'console' && /^[^\n\r\t]+\n$/.test(text) && text.trim() === text.slice(0, -1)
      ? `input ${text.slice(0, -1)}`
      : `type ${port} ${JSON.stringify(text)}`,
}

/** Null where no command of a script does that. */
export const lineOf = <C extends Command>(command: C, args: Commands[C]['arguments']): string | null =>
  (writers[command] as ((a: Commands[C]['arguments']) => string | null) | undefined)?.(args) ?? null

const TIMES = /^((?:step|back) \w+)(?: (\d+))?$/

/** The lines with one more: the same step several times is one line. */
export function added(lines: readonly string[], line: string): readonly string[] {
  const [, one, times = '1'] = TIMES.exec(lines.at(-1) ?? '') ?? []
  return one === line ? [...lines.slice(0, -1), `${line} ${Number(times) + 1}`] : [...lines, line]
}
