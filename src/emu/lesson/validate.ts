/** What a lesson says that its program and the machine do not know: symbols, registers, vCPUs, policies. */
import { MSR } from '../isa/bitfields.ts'
import { nearest } from '../isa/nearest.ts'
import type { MachineView } from '../worker/protocol.ts'
import { judge, type Machine } from './checks.ts'
import { type Condition, isOwnPolicy, OWN_POLICY, within } from './conditions.ts'
import type { Lesson } from './model.ts'
import { type Particular, particularOf } from './places.ts'

const hint = (word: string, names: readonly string[]): string => {
  const near = nearest(word, names)
  return near === null ? '' : ` Nearest: ${near}.`
}

const symbolsOf = (c: Condition): string[] =>
  [c.memory, c.stands, c.seen?.at, ...(c.order ?? []).map(p => p.at)].filter(s => s !== undefined)
const vcpusOf = (c: Condition): number[] => [c.vcpu, c.seen?.vcpu, ...(c.order ?? []).map(p => p.vcpu)].filter(v => v !== undefined)

function problemsOfCondition(c: Condition, at: string, view: MachineView): string[] {
  const symbols = view.program?.symbols.map(s => s.name) ?? []
  const registers = Object.keys(view.state.registers)
  const policies = view.controller.policies.map(p => p.id)
  const out: string[] = []
  for (const s of symbolsOf(c)) if (!symbols.includes(s)) out.push(`${at}: the program has no symbol ${s}.${hint(s, symbols)}`)
  for (const r of [c.register, c.same])
    if (r !== undefined && !registers.includes(r)) out.push(`${at}: there is no register ${r}.${hint(r, registers)}`)
  for (const v of vcpusOf(c)) if (v >= view.vcpus) out.push(`${at}: there is no vCPU ${v}: the program has ${view.vcpus}.`)
  if (c.policy !== undefined && !policies.includes(c.policy) && c.policy !== OWN_POLICY && !isOwnPolicy(c.policy))
    out.push(`${at}: there is no policy ${c.policy}. There are ${policies.join(', ')}.${hint(c.policy, policies)}`)
  return out
}

function problemsOfPlace({ kind, name }: Particular, at: string, view: MachineView): string[] {
  const names = {
    state: () => Object.keys(view.state.registers),
    msr: () => Object.keys(MSR.mask),
    memory: () => view.program?.symbols.map(s => s.name) ?? [],
  }[kind]()
  const what = { state: 'register', msr: 'bit of the MSR', memory: 'symbol of the program' }[kind]
  return names.includes(name) ? [] : [`${at}: "${kind} ${name}" names no ${what}.${hint(name, names)}`]
}

/** `machine`: the lesson's program as it is loaded, before anything was done. Empty when nothing is wrong. */
export function problemsOf(lesson: Lesson, machine: Machine): string[] {
  const { view } = machine
  return lesson.tasks.flatMap((task, n) => {
    const at = `tasks[${n}]`
    const conditions: [string, Condition][] = [
      ...task.when.map((c, i): [string, Condition] => [`${at}.when[${i}]`, c]),
      ...(task.choices ?? []).map((c, i): [string, Condition] => [`${at}.choices[${i}].holds`, c.holds]),
    ]
    const pointers = [task.look, ...(task.hint ? [task.hint] : [])].flatMap(p => {
      const particular = particularOf(p.at)
      return particular ? problemsOfPlace(particular, at, view) : []
    })
    const idle =
      !task.choices && judge(task, machine, null) === 'passed' ? [`${at}: it is done before anything was done; it can never fail.`] : []
    return [...conditions.flatMap(([where, c]) => within(c).flatMap(x => problemsOfCondition(x, where, view))), ...pointers, ...idle]
  })
}
