/** What the page around is told of the machine and of the lesson. Pure. */
import type { Lesson } from '../../emu/lesson/model.ts'
import { isDone, type Progress } from '../../emu/lesson/progress.ts'
import type { MachineView } from '../../emu/worker/protocol.ts'
import type { EmbeddedState } from './protocol.ts'

const usual: readonly string[] = [
  ...Array.from({ length: 32 }, (_, n) => `r${n}`),
  ...['NIP', 'LR', 'CTR', 'CR', 'XER', 'MSR', 'SRR0', 'SRR1'],
]

export function stateOf(
  view: MachineView,
  progress: Progress | null,
  lesson: Pick<Lesson, 'id' | 'tasks'> | null,
  registers: readonly string[] | null,
): EmbeddedState {
  const held = view.state.registers
  return {
    program: view.program?.name ?? null,
    running: view.run.state === 'running',
    policy: view.controller.policy,
    vcpu: view.state.vcpu,
    instructions: `${view.instructions}`,
    events: view.recording.events,
    shown: view.recording.shown,
    next: view.state.next,
    text: view.status.text,
    registers: Object.fromEntries(
      (registers ?? usual).filter(n => Object.hasOwn(held, n)).map(n => [n, `0x${held[n]!.toString(16).padStart(16, '0')}`]),
    ),
    leaks: [...new Set(view.controller.leaks.map(l => l.channel))].sort((a, b) => a - b),
    lesson:
      lesson && progress
        ? { id: lesson.id, tasks: lesson.tasks.length, done: lesson.tasks.flatMap((_, n) => (isDone(progress, n) ? [n + 1] : [])) }
        : null,
  }
}

/** Tasks that were passed between two states of the same lesson, from 1. */
export function passedTasks(before: Progress | null, now: Progress | null): number[] {
  if (!before || !now || before === now || before.id !== now.id) return []
  return now.done.filter(key => !before.done.includes(key)).map(key => Number(/\d+$/.exec(key)![0]) + 1)
}
