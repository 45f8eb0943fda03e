/** The machine as the checks see it: the store, and what a task wants to know beyond it. */
import { useEffect, useMemo, useState } from 'react'
import { create } from 'zustand'
import type { Machine } from '../../emu/lesson/checks.ts'
import type { Condition } from '../../emu/lesson/conditions.ts'
import { conditionsOf, type Lesson, type Task } from '../../emu/lesson/model.ts'
import type { Progress } from '../../emu/lesson/progress.ts'
import { channelsOf, looked, wantsLook } from '../../emu/lesson/wants.ts'
import type { MachineView } from '../../emu/worker/protocol.ts'
import { cellKey, run, useMatrix } from '../dock/leaks/matrix.ts'
import { type Store, send, useStore } from '../store/store.ts'

/** Of the present policy, under deliver: the channels whose cell the Leaks tab shows as passed, when all probes of it were run. */
const passingOf = (view: MachineView, cells: ReturnType<typeof useMatrix.getState>['cells']): ReadonlySet<number> =>
  new Set(
    Object.values(cells)
      .filter(c => c.policy === view.controller.policy && c.setting === 'deliver' && c.complete && c.verdict === 'pass')
      .map(c => c.channel),
  )

type Seen = Omit<Machine, 'memory' | 'registers'>
const seen = ({ events, ports }: Pick<Store, 'events' | 'ports'>, view: MachineView, cells: Parameters<typeof passingOf>[1]): Seen => ({
  view,
  events,
  printed: ports.console,
  passing: passingOf(view, cells),
})

/** Whether probes are run because somebody wants to know how a task stands. */
export const useChecking = create<{ busy: boolean }>(() => ({ busy: false }))

/** Runs the probes of the present policy, where the task asks what they find and they were not all run. */
async function runProbes(conditions: readonly Condition[], view: MachineView): Promise<void> {
  const { policy } = view.controller
  const { cells } = useMatrix.getState()
  if (channelsOf(conditions).every(n => cells[cellKey('deliver', policy, n)]?.complete)) return
  useChecking.setState({ busy: true })
  await run([policy], 'deliver')
  useChecking.setState({ busy: false })
}

/** The machine, with all that the task wants to know of it; null before it is there. */
export async function lookToJudge(task: Task): Promise<Machine | null> {
  const { view } = useStore.getState()
  if (!view) return null
  const conditions = conditionsOf(task)
  await runProbes(conditions, view)
  const more = await looked(conditions, view, send)
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
