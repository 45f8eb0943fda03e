/** The commands of a script, by their first word: what follows it, and the request that it stands for. */
import type { Actor, Command, Commands, SchedulerLocking, Space, Turn } from '../worker/protocol.ts'
import { Expected } from './expected.ts'
import { readSpecs } from './specs.ts'

/** A request of the page, to be sent so many times; or a program to be loaded, by the name of a file. */
export type Deed =
  | {
      readonly [C in Command]: {
        readonly kind: 'request'
        readonly command: C
        readonly arguments: Commands[C]['arguments']
        readonly times: number
      }
    }[Command]
  | { readonly kind: 'program'; readonly file: string }
  /** Of the answers to the present question of a lesson, from 1. */
  | { readonly kind: 'choose'; readonly choice: number }

export interface Verb {
  /** How it is written. */
  readonly usage: string
  readonly says: string
  /** Throws Expected. */
  readonly read: (words: readonly string[], line: string) => Deed
}

const request = <C extends Command>(command: C, args: Commands[C]['arguments'], times = 1): Deed =>
  ({ kind: 'request', command, arguments: args, times }) as Deed

function number(text: string | undefined, what: string, least = 0): number {
  if (text === undefined || !/^\d{1,15}$/.test(text) || Number(text) < least) throw new Expected(`${what}, found ${text ?? 'nothing'}`)
  return Number(text)
}

function oneOf<T extends string>(text: string | undefined, known: readonly T[]): T {
  const found = known.find(k => k === text)
  if (found === undefined) throw new Expected(`${known.slice(0, -1).join(', ')} or ${known.at(-1)}, found ${text ?? 'nothing'}`)
  return found
}

const atMost = (words: readonly string[], n: number): void => {
  if (words.length > n) throw new Expected(`no more than that, found ${words.slice(n).join(' ')}`)
}

const actors = ['machine', 'outside', 'inside', 'hypervisor'] as const satisfies readonly Actor[]
/** A run may be ended where the user paused it: "until" and the instructions since Reset, at the end of the line. */
function untilOf(words: readonly string[]): { rest: readonly string[]; until: { until?: bigint } } {
  const at = words.indexOf('until')
  if (at < 0) return { rest: words, until: {} }
  atMost(words.slice(at), 2)
  return { rest: words.slice(0, at), until: { until: BigInt(number(words[at + 1], 'instructions since Reset', 1)) } }
}

const runTo = (to: 'over' | 'out' | 'interrupt return', says: string): Pick<Verb, 'says' | 'read'> => ({
  says,
  read: words => {
    const { rest, until } = untilOf(words)
    atMost(rest, 0)
    return request('runTo', { to, ...until })
  },
})

const bytesOf = (text: string | undefined): Uint8Array => {
  if (text === undefined || !/^([0-9a-fA-F]{2}){1,4096}$/.test(text))
    throw new Expected(`bytes as hexadecimal digits, two each, found ${text ?? 'nothing'}`)
  return Uint8Array.from(text.match(/../g)!, b => Number.parseInt(b, 16))
}

/** A text between double quotes, as JSON has it: what is typed may hold a control key. */
const quoted = (text: string): string => {
  try {
    const read: unknown = JSON.parse(text)
    if (typeof read === 'string' && read !== '') return read
  } catch {}
  throw new Expected(`a text in double quotes, found ${text || 'nothing'}`)
}

const steps = { machine: 'stepMachine', outside: 'stepOutside', inside: 'stepInside', hypervisor: 'stepHypervisor' } as const

const value = (text: string | undefined): bigint => {
  if (text === undefined || !/^(0x[0-9a-fA-F]{1,16}|\d{1,20})$/.test(text))
    throw new Expected(`a number, as 0x400, found ${text ?? 'nothing'}`)
  return BigInt(text)
}

/** Each a V:N, or "quantum" and a number. */
function schedule(words: readonly string[]): { script: Turn[]; quantum: number } {
  const script: Turn[] = []
  let quantum = DEFAULT_QUANTUM
  for (let n = 0; n < words.length; n++) {
    if (words[n] === 'quantum') quantum = number(words[++n], 'boundaries of a turn', 1)
    else {
      const [, vcpu, boundaries] = /^(\d{1,3}):(\d{1,9})$/.exec(words[n]!) ?? []
      if (vcpu === undefined) throw new Expected(`turns as 1:40 (vCPU 1 for 40 boundaries), or "quantum" and a number, found ${words[n]}`)
      script.push({ vcpu: Number(vcpu), boundaries: Number(boundaries) })
    }
  }
  return { script, quantum }
}
/** The machine's own. */
const DEFAULT_QUANTUM = 10_000

export const verbs: Readonly<Record<string, Verb>> = {
  program: {
    usage: 'program FILE',
    says: 'Loads a program.',
    read: (words, line) => {
      if (words.length === 0) throw new Expected('the name of a file, found nothing')
      return { kind: 'program', file: line.slice(line.indexOf(words[0]!)).trim() }
    },
  },
  policy: {
    usage: 'policy NAME',
    says: 'The policy of the step controller.',
    read: words => {
      atMost(words, 1)
      if (!words[0]) throw new Expected('the name of a policy, found nothing')
      return request('setPolicy', { policy: words[0] })
    },
  },
  locking: {
    usage: 'locking off|on|step|replay',
    says: 'Scheduler-locking.',
    read: words => {
      atMost(words, 1)
      return request('setSchedulerLocking', { value: oneOf<SchedulerLocking>(words[0], ['off', 'on', 'step', 'replay']) })
    },
  },
  interrupts: {
    usage: 'interrupts hold|deliver',
    says: 'What becomes of interrupts while stepping.',
    read: words => {
      atMost(words, 1)
      return request('setInterrupts', { setting: oneOf(words[0], ['hold', 'deliver']) })
    },
  },
  schedule: {
    usage: 'schedule [VCPU:BOUNDARIES]... [quantum N]',
    says: 'Turns that come next, then round robin.',
    read: words => request('setSchedule', schedule(words)),
  },
  vcpu: {
    usage: 'vcpu N',
    says: 'The vCPU that State and the steppers act on.',
    read: words => {
      atMost(words, 1)
      return request('selectVcpu', { vcpu: number(words[0], 'a vCPU') })
    },
  },
  step: {
    usage: 'step machine|outside|inside|hypervisor [TIMES] [until INSTRUCTIONS]',
    says: 'The stepper’s Step; paused after so many instructions since Reset, where it takes longer.',
    read: words => {
      const { rest, until } = untilOf(words)
      atMost(rest, 2)
      const actor = oneOf(rest[0], actors)
      return request(steps[actor], until, rest[1] === undefined ? 1 : number(rest[1], 'how many times', 1))
    },
  },
  back: {
    usage: 'back machine|outside|inside|hypervisor [TIMES]',
    says: 'The stepper’s Back.',
    read: words => {
      atMost(words, 2)
      return request('stepBack', { actor: oneOf(words[0], actors) }, words[1] === undefined ? 1 : number(words[1], 'how many times', 1))
    },
  },
  continue: {
    usage: 'continue machine|outside|inside|hypervisor [until INSTRUCTIONS]',
    says: 'Runs until something stops it, or is paused after so many instructions since Reset.',
    read: words => {
      const { rest, until } = untilOf(words)
      atMost(rest, 1)
      return request('continue', { actor: oneOf(rest[0], actors), ...until })
    },
  },
  over: { usage: 'over [until INSTRUCTIONS]', ...runTo('over', 'Runs to behind the call that is next.') },
  out: { usage: 'out [until INSTRUCTIONS]', ...runTo('out', 'Runs out of the present function.') },
  return: { usage: 'return [until INSTRUCTIONS]', ...runTo('interrupt return', 'Runs out of the present interrupt.') },
  to: {
    usage: 'to ADDRESS [until INSTRUCTIONS]',
    says: 'Runs to the address.',
    read: words => {
      const { rest, until } = untilOf(words)
      atMost(rest, 1)
      return request('runTo', { to: 'address', address: value(rest[0]), ...until })
    },
  },
  run: {
    usage: 'run VCPU BOUNDARIES',
    says: 'One vCPU for so many boundaries, whatever the schedule.',
    read: words => {
      atMost(words, 2)
      return request('runVcpu', { vcpu: number(words[0], 'a vCPU'), boundaries: number(words[1], 'boundaries', 1) })
    },
  },
  set: {
    usage: 'set VCPU REGISTER VALUE',
    says: 'Edits a register.',
    read: words => {
      atMost(words, 3)
      if (!words[1]) throw new Expected('a register, found nothing')
      return request('writeRegister', { vcpu: number(words[0], 'a vCPU'), register: words[1], value: value(words[2]) })
    },
  },
  write: {
    usage: 'write ADDRESS BYTES [effective|guest-real|host-real]',
    says: 'Changes memory; bytes in the order in which they lie there.',
    read: words => {
      atMost(words, 3)
      const space = words[2] === undefined ? 'effective' : oneOf(words[2], ['effective', 'guest-real', 'host-real'])
      return request('writeMemory', { address: value(words[0]), bytes: bytesOf(words[1]), space: space.replace('-', ' ') as Space })
    },
  },
  external: {
    usage: 'external VCPU raise|lower',
    says: 'The line of a device to the vCPU.',
    read: words => {
      atMost(words, 2)
      return request('setExternalLine', { vcpu: number(words[0], 'a vCPU'), raised: oneOf(words[1], ['raise', 'lower']) === 'raise' })
    },
  },
  break: {
    usage: 'break [ADDRESS]...',
    says: 'Breakpoints at these addresses, and at no others.',
    read: words => request('setInstructionBreakpoints', { breakpoints: words.map(w => ({ address: value(w), enabled: true })) }),
  },
  breakpoints: {
    usage: 'breakpoints JSON',
    says: 'Breakpoints of every kind, with conditions, and no others: a list, on one line.',
    read: (words, line) => {
      if (words.length === 0) throw new Expected('a list as JSON, found nothing')
      return request('setBreakpoints', { breakpoints: readSpecs(line.slice(line.indexOf(words[0]!))) })
    },
  },
  walk: {
    usage: 'walk step|loop',
    says: 'What Step in Hypervisor walks: the phases of an outside step, or the run loop.',
    read: words => {
      atMost(words, 1)
      return request('setHypervisorWalk', { walk: oneOf(words[0], ['step', 'loop']) })
    },
  },
  goto: {
    usage: 'goto EVENT|live',
    says: 'Shows the state at an event.',
    read: words => {
      atMost(words, 1)
      return request('seek', { event: words[0] === 'live' ? 'live' : number(words[0], 'an event, or live') })
    },
  },
  time: {
    usage: 'time INSTRUCTIONS',
    says: 'Shows the state after so many instructions since Reset.',
    read: words => {
      atMost(words, 1)
      return request('seekTime', { instructions: BigInt(number(words[0], 'instructions since Reset')) })
    },
  },
  reverse: {
    usage: 'reverse',
    says: 'Back to the last place where a run forwards would have stopped.',
    read: words => {
      atMost(words, 0)
      return request('reverseContinue', {})
    },
  },
  wrote: {
    usage: 'wrote VCPU REGISTER, or wrote ADDRESS',
    says: 'Back to what last wrote the register or the byte.',
    read: words => {
      atMost(words, 2)
      if (words.length < 2) return request('lastWrite', { address: value(words[0]) })
      return request('lastWrite', { vcpu: number(words[0], 'a vCPU'), register: words[1]! })
    },
  },
  here: {
    usage: 'here',
    says: 'What is shown becomes the present; what came after it is kept as a branch.',
    read: words => {
      atMost(words, 0)
      return request('goOnFromHere', {})
    },
  },
  branch: {
    usage: 'branch N',
    says: 'Goes to a course of history that was left.',
    read: words => {
      atMost(words, 1)
      return request('goToBranch', { branch: number(words[0], 'a branch') })
    },
  },
  reset: {
    usage: 'reset',
    says: 'Back to the first instruction; the recording begins anew.',
    read: words => {
      atMost(words, 0)
      return request('reset', {})
    },
  },
  own: {
    usage: 'own POLICY-AS-JSON',
    says: 'A policy of one’s own, as the editor exports it, on one line.',
    read: (words, line) => {
      if (words.length === 0) throw new Expected('a policy as JSON, found nothing')
      return request('ownPolicy', { json: line.slice(line.indexOf(words[0]!)).trim(), choose: true })
    },
  },
  choose: {
    usage: 'choose N',
    says: 'An answer to the present question of the lesson.',
    read: words => {
      atMost(words, 1)
      return { kind: 'choose', choice: number(words[0], 'the number of an answer', 1) }
    },
  },
  input: {
    usage: 'input TEXT',
    says: 'Types a line at the console.',
    read: (_words, line) => request('consoleInput', { text: `${line.replace(/^\s*input ?/, '')}\n`, port: 'console' }),
  },
  type: {
    usage: 'type console|debug "TEXT"',
    says: 'Types at a serial port, just so: "\\r" is Enter.',
    read: (words, line) => {
      const port = oneOf(words[0], ['console', 'debug'])
      return request('consoleInput', { text: quoted(line.slice(line.indexOf(port) + port.length).trim()), port })
    },
  },
}
