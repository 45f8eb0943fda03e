/** What of the present task is not so yet. */
import type { Machine } from '../../emu/lesson/checks.ts'
import type { Task } from '../../emu/lesson/model.ts'
import { missing } from '../../emu/lesson/words.ts'
import { prose } from '../state/prose.tsx'

/** Several things are a list; one stands in the sentence. */
export function Missing({ before, task, machine }: { before: string; task: Task; machine: Machine | null }) {
  const open = machine ? missing(task, machine) : []
  if (open.length === 0) return before.replace(/:$/, '.')
  if (open.length === 1)
    return (
      <>
        {before} {prose(`${open[0]}.`)}
      </>
    )
  return (
    <>
      {before}
      <ul>
        {open.map(o => (
          <li key={o}>{prose(o)}</li>
        ))}
      </ul>
    </>
  )
}
