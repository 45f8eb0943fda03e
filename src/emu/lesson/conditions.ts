/** What a task may ask of the machine. All parts of a condition must hold. */
import { interruptIds, interrupts } from '../isa/interrupts.ts'
import type { SchedulerLocking, Setting, StopReason } from '../worker/protocol.ts'
import { bit, flag, hexadecimal, LessonError, listOf, oneOf, optional, type Reader, record, text, whole, wrong } from './schema.ts'

/** An event of the recording. */
export interface Pattern {
  /** Its mnemonic, or `any`. */
  readonly instruction?: string
  /** As the timeline labels it, or `any`. */
  readonly interrupt?: string
  /** Of the step controller or the run loop, or `any`. */
  readonly phase?: string
  readonly kind?: 'edit' | 'free' | 'stop' | 'hypercall'
  /** Who stepped or did it. */
  readonly by?: 'machine' | 'outside' | 'inside' | 'hypervisor' | 'free' | 'you'
  readonly vcpu?: number
  readonly mode?: 'kernel' | 'user'
  /** Whether it belongs to an outside step. */
  readonly step?: boolean
  /** A step went wrong there. */
  readonly wrong?: boolean
  /** The symbol at which the instruction lies, or which is the address of the vector taken. */
  readonly at?: string
  /** So many of them, at the least. */
  readonly times?: number
}

export interface Condition {
  /** In State, or of `vcpu` where that is given. */
  readonly register?: string
  readonly vcpu?: number
  readonly equals?: bigint
  /** Big-endian bit numbers that are 1, and that are 0. */
  readonly set?: readonly number[]
  readonly clear?: readonly number[]
  /** Another register that holds the same. */
  readonly same?: string
  /** A symbol: what lies there, `size` bytes, is `equals`. */
  readonly memory?: string
  readonly size?: 1 | 2 | 4 | 8
  /** Its id, or `own`: whichever of the user's own. */
  readonly policy?: string
  readonly locking?: SchedulerLocking
  readonly interrupts?: Setting
  /** So many leaks were seen in this recording. */
  readonly leaks?: number
  /** A leak through this channel was seen. */
  readonly leak?: number
  /** Channels of the matrix whose probes notice nothing under the present policy. */
  readonly passes?: readonly number[]
  readonly seen?: Pattern
  /** One event, then later another. */
  readonly order?: readonly Pattern[]
  /** Text that the guest wrote to its console. */
  readonly printed?: string
  /** The vCPU shown stands at this symbol. */
  readonly stands?: string
  /** The guest's own Trace interrupt is due and comes first. */
  readonly tracePending?: boolean
  /** Why the machine stopped. */
  readonly stopped?: StopReason
  readonly any?: readonly Condition[]
  readonly all?: readonly Condition[]
  readonly not?: Condition
}

/** As a policy: any of the user's own. */
export const OWN_POLICY = 'own'
export const isOwnPolicy = (id: string): boolean => id.startsWith('own-')

export const interruptLabels = interruptIds.map(id => interrupts[id].label)
const vcpu = whole('a vCPU', 0, 7)
const actors = ['machine', 'outside', 'inside', 'hypervisor', 'free', 'you'] as const
const stops = ['step', 'breakpoint', 'pause', 'powerOff', 'attn', 'waiting', 'stuck', 'unsupported', 'goto', 'entry'] as const

export const patternFields = {
  instruction: optional(text),
  interrupt: optional(oneOf(['any', ...interruptLabels])),
  phase: optional(text),
  kind: optional(oneOf(['edit', 'free', 'stop', 'hypercall'] as const)),
  by: optional(oneOf(actors)),
  vcpu: optional(vcpu),
  mode: optional(oneOf(['kernel', 'user'] as const)),
  step: optional(flag),
  wrong: optional(flag),
  at: optional(text),
  times: optional(whole('how many times', 1, 1_000_000)),
} as const

const pattern: Reader<Pattern> = (v, at) => {
  const read = record<Pattern>(patternFields)(v, at)
  return Object.keys(read).some(k => k !== 'times') ? read : wrong(at, v, `one of ${Object.keys(patternFields).join(', ')}`)
}

const policyName: Reader<string> = (v, at) =>
  typeof v === 'string' && /^[a-z0-9-]+$/.test(v) ? v : wrong(at, v, 'the id of a policy, as rfc-v2 or transparent')

export { policyName }

const size: Reader<1 | 2 | 4 | 8> = (v, at) => (v === 1 || v === 2 || v === 4 || v === 8 ? v : wrong(at, v, '1, 2, 4 or 8'))

const DEEPEST = 8

export const conditionFields = {
  register: optional(text),
  vcpu: optional(vcpu),
  equals: optional(hexadecimal),
  set: optional(listOf(bit)),
  clear: optional(listOf(bit)),
  same: optional(text),
  memory: optional(text),
  size: optional(size),
  policy: optional(policyName),
  locking: optional(oneOf(['off', 'on', 'step', 'replay'] as const)),
  interrupts: optional(oneOf(['hold', 'deliver'] as const)),
  leaks: optional(whole('a number', 0, 1_000_000)),
  leak: optional(whole('a channel', 1, 20)),
  passes: optional(listOf(whole('a channel', 1, 20))),
  seen: optional(pattern),
  order: optional(listOf(pattern, 2)),
  printed: optional(text),
  stands: optional(text),
  tracePending: optional(flag),
  stopped: optional(oneOf(stops)),
  any: optional((v: unknown, at: string) => listOf(condition)(v, at)),
  all: optional((v: unknown, at: string) => listOf(condition)(v, at)),
  not: optional((v: unknown, at: string) => condition(v, at)),
} as const

/** Keys that say something only beside another, and those of which one must stand beside a key. */
const beside: readonly (readonly [key: keyof Condition, one: readonly (keyof Condition)[]])[] = [
  ['equals', ['register', 'memory']],
  ['set', ['register']],
  ['clear', ['register']],
  ['same', ['register']],
  ['vcpu', ['register']],
  ['size', ['memory']],
  ['register', ['equals', 'set', 'clear', 'same']],
  ['memory', ['equals']],
]

export function condition(v: unknown, at: string): Condition {
  if (at.split(/\.(?:any|all|not)/).length > DEEPEST) throw new LessonError(`${at}: conditions lie more than ${DEEPEST} deep in each other`)
  const read = record<Condition>(conditionFields)(v, at)
  if (Object.keys(read).length === 0) return wrong(at, v, `one of ${Object.keys(conditionFields).join(', ')}`)
  for (const [key, one] of beside)
    if (read[key] !== undefined && one.every(k => read[k] === undefined))
      throw new LessonError(`${at}: "${key}" says nothing without ${one.map(k => `"${k}"`).join(' or ')} beside it`)
  return read
}

/** The conditions within it, itself included. */
export const within = (c: Condition): Condition[] => [c, ...[...(c.any ?? []), ...(c.all ?? []), ...(c.not ? [c.not] : [])].flatMap(within)]
