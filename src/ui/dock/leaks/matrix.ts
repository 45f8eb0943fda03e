/** The matrix as far as it has been run: which cells there are, and the worker that fills them in. */
import { create } from 'zustand'
import type { CellView, FromMatrix, MatrixRequest, PolicyTable, Setting } from '../../../emu/worker/protocol.ts'
import { onSent, send } from '../../store/store.ts'

export interface Matrix {
  readonly setting: Setting
  /** By `cellKey`. */
  readonly cells: Readonly<Record<string, CellView>>
  readonly running: { readonly done: number; readonly total: number } | null
  readonly problem: string | null
  readonly table: PolicyTable | null
}

export const cellKey = (setting: Setting, policy: string, channel: number): string => `${setting} ${policy} ${channel}`

export const useMatrix = create<Matrix>(() => ({ setting: 'deliver', cells: {}, running: null, problem: null, table: null }))

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

let worker: Worker | null = null
/** Of whoever waits for the end of the present run. */
let ended: (() => void) | null = null

export function cancel(): void {
  worker?.terminate()
  worker = null
  useMatrix.setState({ running: null })
  ended?.()
  ended = null
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
  const mine = new Worker(new URL('../../../emu/worker/matrix-entry.ts', import.meta.url), { type: 'module', name: 'twostep matrix' })
  worker = mine
  mine.onmessage = (e: MessageEvent<FromMatrix>) => {
    if (worker !== mine) return
    useMatrix.setState(s => told(s, e.data))
    if (e.data.type === 'done' || e.data.type === 'failed') cancel()
  }
  mine.onerror = e => {
    useMatrix.setState({
      problem: `The checks stopped: ${e.message || 'the second worker could not be started'}. What was found before stays.`,
    })
    cancel()
  }
  mine.postMessage(request)
  await new Promise<void>(done => {
    ended = done
  })
}

/** A policy of the user's that was saved anew is another one: what was found of it is not true any more. */
onSent(command => {
  if (command !== 'ownPolicy') return
  // Of it as it was, a run would still tell.
  if (worker) cancel()
  const { cells } = useMatrix.getState()
  const kept = Object.entries(cells).filter(([, c]) => !c.policy.startsWith('own-'))
  useMatrix.setState({ cells: Object.fromEntries(kept) })
})
