/** The machine as the checks see it: the store, and what a task wants to know beyond it. */
import { useEffect, useMemo, useState } from 'react'
import type { Machine } from '../../emu/lesson/checks.ts'
import { conditionsOf, type Lesson, type Task } from '../../emu/lesson/model.ts'
import type { Progress } from '../../emu/lesson/progress.ts'
import { looked, wantsLook } from '../../emu/lesson/wants.ts'
import type { MachineView } from '../../emu/worker/protocol.ts'
import { useMatrix } from '../dock/leaks/matrix.ts'
import { type Store, send, useStore } from '../store/store.ts'

/** Of the present policy, under deliver: the channels whose cell the Leaks tab shows as passed. */
const passingOf = (view: MachineView, cells: ReturnType<typeof useMatrix.getState>['cells']): ReadonlySet<number> =>
  new Set(
    Object.values(cells)
      .filter(c => c.policy === view.controller.policy && c.setting === 'deliver' && c.verdict === 'pass')
      .map(c => c.channel),
  )

type Seen = Omit<Machine, 'memory' | 'registers'>
const seen = ({ events, ports }: Pick<Store, 'events' | 'ports'>, view: MachineView, cells: Parameters<typeof passingOf>[1]): Seen => ({
  view,
  events,
  printed: ports.console,
  passing: passingOf(view, cells),
})

/** Null before the machine is there. */
export async function lookAt(task: Task): Promise<Machine | null> {
  const { view } = useStore.getState()
  if (!view) return null
  const more = await looked(conditionsOf(task), view, send)
  return { ...seen(useStore.getState(), view, useMatrix.getState().cells), ...more }
}

const NOTHING = { memory: new Map(), registers: new Map() } as const

/** The machine for the present task; null while it is being looked at, or runs. */
export function useLooked(lesson: Lesson | null, progress: Progress | null): Machine | null {
  const view = useStore(s => s.view)
  const events = useStore(s => s.events)
  const ports = useStore(s => s.ports)
  const cells = useMatrix(m => m.cells)
  const task = lesson && progress ? lesson.tasks[progress.task] : undefined
  const asks = task !== undefined && wantsLook(conditionsOf(task))
  const [more, setMore] = useState<{ of: MachineView; found: Pick<Machine, 'memory' | 'registers'> } | null>(null)
  useEffect(() => {
    if (!asks || !task || !view || view.run.state === 'running') return
    let late = false
    void looked(conditionsOf(task), view, send).then(found => late || setMore({ of: view, found }))
    return () => {
      late = true
    }
  }, [asks, task, view])
  return useMemo(() => {
    if (!view) return null
    const base = seen({ events, ports }, view, cells)
    if (!asks) return { ...base, ...NOTHING }
    return more?.of === view ? { ...base, ...more.found } : null
  }, [view, events, ports, cells, asks, more])
}
