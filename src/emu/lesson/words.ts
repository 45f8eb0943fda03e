/** What a condition asks for, in words: for whoever does the task. */
import type { MachineView, StopReason } from '../worker/protocol.ts'
import { holds, judge, type Machine } from './checks.ts'
import { type Condition, OWN_POLICY, type Pattern } from './conditions.ts'
import type { Task } from './model.ts'

const hex = (v: bigint): string => `0x${v.toString(16)}`
const code = (text: string): string => `\`${text}\``
const list = (parts: readonly string[], last: string): string =>
  parts.length > 1 ? `${parts.slice(0, -1).join(', ')} ${last} ${parts.at(-1)}` : parts.join()
const plural = (n: number, one: string, many = `${one}s`): string => (n === 1 ? one : many)

const stops: Readonly<Record<StopReason, string>> = {
  step: 'at the end of a step',
  breakpoint: 'at a breakpoint',
  pause: 'because you paused it',
  powerOff: 'because the guest powered it off',
  attn: 'at `attn`',
  waiting: 'because every vCPU waits',
  stuck: 'because it could not go on',
  unsupported: 'at what it does not have',
  goto: 'at a time that you went to',
  entry: 'before its first instruction',
}

const kinds: Readonly<Record<NonNullable<Pattern['kind']>, string>> = {
  edit: 'an edit',
  free: 'a free run',
  stop: 'a stop',
  hypercall: 'a hypercall',
}

const by: Readonly<Record<NonNullable<Pattern['by']>, string>> = {
  machine: 'by Machine',
  outside: 'by a step from outside',
  inside: 'by a step inside',
  hypervisor: 'by the hypervisor',
  free: 'in a free run',
  you: 'by you',
}

const named = (name: string, what: string): string => (name === 'any' ? `an ${what}` : `the ${what} ${code(name)}`)

/** The event itself; of several kinds at once no event would be. */
function eventOf({ instruction, interrupt, phase, kind }: Pattern): string {
  if (instruction !== undefined) return instruction === 'any' ? 'an instruction' : code(instruction)
  if (interrupt !== undefined) return named(interrupt, 'interrupt')
  if (phase !== undefined) return phase === 'any' ? 'a phase' : `the phase ${code(phase)}`
  return kind === undefined ? 'an event' : kinds[kind]
}

const details: { readonly [K in keyof Pattern]: (p: Pattern) => string } = {
  at: p => `at ${code(p.at!)}`,
  by: p => by[p.by!],
  step: p => (p.step ? 'in an outside step' : 'in no outside step'),
  vcpu: p => `on vCPU ${p.vcpu}`,
  mode: p => (p.mode === 'user' ? 'in problem state' : 'in the kernel'),
  wrong: p => (p.wrong ? 'where something went wrong' : 'where nothing went wrong'),
  times: p => (p.times === 1 ? '' : `${p.times} times`),
}

const happening = (p: Pattern): string =>
  [eventOf(p), ...Object.entries(details).map(([key, say]) => (p[key as keyof Pattern] === undefined ? '' : say(p)))]
    .filter(Boolean)
    .join(' ')

const bits = (numbers: readonly number[], of: string, value: 0 | 1): string =>
  `${plural(numbers.length, 'bit')} ${list(numbers.map(String), 'and')} of ${of} ${plural(numbers.length, 'is', 'are')} ${value}`

function registerWords(c: Condition): string {
  const name = c.vcpu === undefined ? c.register! : `${c.register} of vCPU ${c.vcpu}`
  const says = [
    c.equals === undefined ? '' : `${name} is ${hex(c.equals)}`,
    c.same === undefined ? '' : `${name} is what ${c.same} is`,
    c.set === undefined ? '' : bits(c.set, name, 1),
    c.clear === undefined ? '' : bits(c.clear, name, 0),
  ]
  return says.filter(Boolean).join(', ')
}

const policyName = (id: string, view: MachineView): string => view.controller.policies.find(p => p.id === id)?.name ?? id
const channels = (numbers: readonly number[]): string => `${plural(numbers.length, 'channel')} ${list(numbers.map(String), 'and')}`

type Words = (c: Condition, m: Machine) => string
interface Saying {
  readonly yes: Words
  /** Of what is not to be so; "not so: " and the words, where it has none of its own. */
  readonly no?: Words
}

/** By part of a condition; the others say more of one of these. */
const sayings: { readonly [K in keyof Condition]: Saying } = {
  register: { yes: registerWords },
  memory: { yes: c => `${code(c.memory!)} holds ${hex(c.equals!)}` },
  policy: {
    yes: (c, { view }) => (c.policy === OWN_POLICY ? 'a policy of your own is chosen' : `the policy is ${policyName(c.policy!, view)}`),
    no: (c, { view }) => `the policy is another than ${policyName(c.policy!, view)}`,
  },
  locking: { yes: c => `scheduler-locking is ${c.locking}` },
  interrupts: { yes: c => `interrupts while stepping: ${c.interrupts}` },
  leaks: { yes: c => (c.leaks === 0 ? 'no leak was seen since Reset' : `${c.leaks} ${plural(c.leaks!, 'leak was', 'leaks were')} seen`) },
  leak: { yes: c => `a leak through channel ${c.leak} was seen`, no: c => `no leak through channel ${c.leak} was seen` },
  passes: {
    yes: (c, { passing }) => {
      const open = c.passes!.filter(n => !passing?.has(n))
      return `${channels(open)} ${plural(open.length, 'passes', 'pass')} under the present policy, with interrupts delivered`
    },
  },
  seen: { yes: c => happening(c.seen!), no: c => `none of this since Reset: ${happening(c.seen!)}` },
  order: { yes: c => c.order!.map(happening).join(', then ') },
  printed: { yes: c => `the guest wrote “${c.printed}”`, no: c => `the guest did not write “${c.printed}”` },
  stands: { yes: c => `the guest stands at ${code(c.stands!)}`, no: c => `the guest has left ${code(c.stands!)}` },
  tracePending: { yes: c => `the guest’s own Trace interrupt is ${c.tracePending ? '' : 'not '}due` },
  stopped: { yes: c => `the machine stopped ${stops[c.stopped!]}` },
  any: {
    yes: (c, m) =>
      list(
        c.any!.map(x => wordsOf(x, m)),
        'or',
      ),
  },
  all: {
    yes: (c, m) =>
      list(
        c.all!.map(x => wordsOf(x, m)),
        'and',
      ),
  },
  not: { yes: (c, m) => notWords(c.not!, m) },
}

const said = (c: Condition): Saying[] => (Object.keys(c) as (keyof Condition)[]).flatMap(key => sayings[key] ?? [])

/** What is asked for, as "the guest stands at `go`"; code is between backticks. */
export const wordsOf = (c: Condition, m: Machine): string => said(c).map(s => s.yes(c, m)).join(' and ') // biome-ignore format: a line

function notWords(c: Condition, m: Machine): string {
  const [only, ...more] = said(c)
  return only?.no && more.length === 0 ? only.no(c, m) : `not so: ${wordsOf(c, m)}`
}

/** Why a task is not passed, for whoever wrote the lesson or the answer; empty when it is. */
export function whyNot(task: Task, machine: Machine, answer: number | null): string {
  const open = missing(task, machine)
  if (open.length > 0) return `still missing: ${open.join('; ')}. Look at ${task.look.text}.`
  if (task.choices && answer === null) return 'no choice was made.'
  if (task.choices && judge(task, machine, answer) === 'wrong')
    return `choice ${answer! + 1} is not what the machine shows. Look at ${task.look.text}.`
  return ''
}

/** What of a task is not so yet; a list of conditions within one is told one by one. */
export const missing = (task: Pick<Task, 'when'>, m: Machine): string[] =>
  task.when
    .flatMap(c => (Object.keys(c).length === 1 && c.all ? c.all : [c]))
    .filter(c => !holds(c, m))
    .map(c => wordsOf(c, m))
