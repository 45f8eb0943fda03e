/** The matrix as far as it has been run: which cells there are, and the worker that fills them in. */
import { create } from 'zustand'
import type { CellView, FromMatrix, MatrixRequest, PolicyTable, Setting } from '../../../emu/worker/protocol.ts'
import { onSent, send, useStore } from '../../store/store.ts'

export interface Matrix {
  readonly setting: Setting
  /** By `cellKey`. */
  readonly cells: Readonly<Record<string, CellView>>
  readonly running: { readonly done: number; readonly total: number } | null
  readonly problem: string | null
  readonly table: PolicyTable | null
  /** The channel whose row is to get the focus. */
  readonly wanted: number | null
}

export const cellKey = (setting: Setting, policy: string, channel: number): string => `${setting} ${policy} ${channel}`

export const useMatrix = create<Matrix>(() => ({ setting: 'deliver', cells: {}, running: null, problem: null, table: null, wanted: null }))

/** Shows the channel's row, under the present policy. */
export function lookAtChannel(channel: number): void {
  useMatrix.setState({ wanted: channel })
  useStore.setState({ dockTab: 'leaks' })
}

/** What a message changes. */
export function told(state: Matrix, m: FromMatrix): Partial<Matrix> {
  switch (m.type) {
    case 'progress':
      return { running: { done: m.done, total: m.total } }
    case 'cell':
      return {
        running: { done: m.done, total: m.total },
        cells: { ...state.cells, [cellKey(m.cell.setting, m.cell.policy, m.cell.channel)]: m.cell },
      }
    case 'done':
      return { running: null }
    case 'failed':
      return { running: null, problem: `The checks stopped: ${m.message} What was found before stays.` }
  }
}

/** Runs the probes in a worker of its own; the answer ends it. `hear` gets "done" or "failed" at the end. */
export function startMatrix(request: MatrixRequest, hear: (m: FromMatrix) => void): () => void {
  const worker = new Worker(new URL('../../../emu/worker/matrix-entry.ts', import.meta.url), { type: 'module', name: 'twostep matrix' })
  worker.onmessage = (e: MessageEvent<FromMatrix>) => {
    if (e.data.type === 'done' || e.data.type === 'failed') worker.terminate()
    hear(e.data)
  }
  worker.onerror = e => {
    worker.terminate()
    hear({ type: 'failed', message: e.message || 'the second worker could not be started.' })
  }
  worker.postMessage(request)
  return () => {
    worker.onmessage = null
    worker.terminate()
  }
}

/** Of the run that goes on: ends it, and whoever waits for it. */
let running: { stop: () => void; ended: () => void } | null = null

export function cancel(): void {
  const was = running
  running = null
  was?.stop()
  useMatrix.setState({ running: null })
  was?.ended()
}

/** The policies there are; asked for anew, since the user may have made some. */
export async function loadTable(): Promise<void> {
  const table = await send('policyTable', {})
  if (table) useMatrix.setState({ table })
}

/** Runs every probe under the policies given; cells of other policies stay. The promise ends with the run, or when it is cancelled. */
export async function run(ids: readonly string[] | null, setting: Setting = useMatrix.getState().setting): Promise<void> {
  cancel()
  await loadTable()
  const { table, cells } = useMatrix.getState()
  if (!table) return
  const policies = table.policies.filter(p => ids === null || ids.includes(p.id))
  const request: MatrixRequest = {
    setting,
    policies: policies.map(({ id, name, summary, claimsTransparency, choices }) => ({ id, name, summary, claimsTransparency, choices })),
  }
  const kept = Object.entries(cells).filter(([, c]) => c.setting !== setting || !policies.some(p => p.id === c.policy))
  useMatrix.setState({ cells: Object.fromEntries(kept), problem: null, running: { done: 0, total: 0 } })
  await new Promise<void>(ended => {
    const stop = startMatrix(request, m => {
      useMatrix.setState(s => told(s, m))
      if (m.type === 'done' || m.type === 'failed') cancel()
    })
    running = { stop, ended }
  })
}

/** What was found of a policy elsewhere. */
export const adopt = (found: readonly CellView[]): void =>
  useMatrix.setState(s => ({ cells: { ...s.cells, ...Object.fromEntries(found.map(c => [cellKey(c.setting, c.policy, c.channel), c])) } }))

/** A policy of the user's that was saved anew is another one: what was found of it is not true any more. */
onSent(command => {
  if (command !== 'ownPolicy') return
  // Of it as it was, a run would still tell.
  if (running) cancel()
  const { cells } = useMatrix.getState()
  const kept = Object.entries(cells).filter(([, c]) => !c.policy.startsWith('own-'))
  useMatrix.setState({ cells: Object.fromEntries(kept) })
})
