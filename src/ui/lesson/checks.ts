/** Whether a task is done: predicates on the machine's view and its recorded events, never on clicks. */
import type { MachineView, TimelineEvent } from '../../emu/worker/protocol.ts'
import type { Condition, Task } from './model.ts'

export interface Machine {
  readonly view: MachineView
  readonly events: readonly TimelineEvent[]
}

const bitOf = (value: bigint, bit: number): bigint => (value >> BigInt(63 - bit)) & 1n

function wasStepped(c: Condition, events: readonly TimelineEvent[]): boolean {
  return events.some(e => {
    if (e.kind !== 'instruction' || (c.mnemonic !== undefined && e.label.split(' ')[0] !== c.mnemonic)) return false
    return e.by === 'outside' || (c.stepped === 'any' && e.step !== null)
  })
}

export function holds(c: Condition, { view, events }: Machine): boolean {
  if (c.stepped && !wasStepped(c, events)) return false
  if (c.policy && view.controller.policy !== c.policy) return false
  if (c.leaks !== undefined && view.controller.leaks.length !== c.leaks) return false
  if (!c.register) return true
  const value = view.state.registers[c.register]
  if (value === undefined) return false
  if (c.equals !== undefined && value !== c.equals) return false
  return (c.set ?? []).every(b => bitOf(value, b) === 1n) && (c.clear ?? []).every(b => bitOf(value, b) === 0n)
}

export type Verdict = 'passed' | 'not yet' | 'wrong'

/** `answer`: index of the choice taken, where the task asks. */
export function judge(task: Task, machine: Machine, answer: number | null): Verdict {
  if (!task.when.every(c => holds(c, machine))) return 'not yet'
  if (!task.choices) return 'passed'
  if (answer === null) return 'not yet'
  return holds(task.choices[answer]!.holds, machine) ? 'passed' : 'wrong'
}
