/** Every vCPU with what it is at, and the schedule. */
import { type FormEvent, useId, useState } from 'react'
import type { MachineView, ScheduleView, VcpuSummary } from '../../../emu/worker/protocol.ts'
import { hex } from '../../code/address.ts'
import { grouped } from '../../run/counts.ts'
import { isRunning } from '../../shell/commands.ts'
import { useTips } from '../../state/Tips.tsx'
import { send, useStore } from '../../store/store.ts'
import { readBoundaries, readTurns, written } from './turns.ts'
import './vcpus.css'

/** Why nothing of this can be done now; null when it can. */
function blockedBecause(view: MachineView): string | null {
  if (isRunning(view)) return 'The machine is running. Pause it first.'
  return view.recording.live ? null : 'This is a past event. Return to live first (End in the timeline).'
}

export function VcpusPanel() {
  const view = useStore(s => s.view)
  const { tips, tip } = useTips()
  if (!view) return null
  const blocked = blockedBecause(view)
  return (
    <section className="vcpus" aria-label="vCPUs" {...tips}>
      <div className="vcpus-list">
        <table className="tb">
          <thead>
            <tr>
              <th scope="col">vCPU</th>
              <th scope="col">State</th>
              <th scope="col">Where</th>
              <th scope="col">Mode</th>
              <th scope="col">Boundaries</th>
              <th scope="col">Run it now</th>
            </tr>
          </thead>
          <tbody>
            {view.schedule.vcpus.map(v => (
              <Row key={v.vcpu} at={v} turn={view.schedule.vcpu === v.vcpu} shown={view.state.vcpu === v.vcpu} blocked={blocked} />
            ))}
          </tbody>
        </table>
      </div>
      <Schedule key={view.generation} schedule={view.schedule} vcpus={view.vcpus} blocked={blocked} />
      {tip}
    </section>
  )
}

const stateTips: Readonly<Record<VcpuSummary['state'], string>> = {
  ready: 'It runs when its turn comes.',
  waiting: 'It waits for an interrupt (H_CEDE).',
  'sent back': 'It met the word of another vCPU’s step and was sent back to it: it runs again when the word is gone.',
  stepped: 'An outside step of it is in flight.',
}

function Row({ at, turn, shown, blocked }: { at: VcpuSummary; turn: boolean; shown: boolean; blocked: string | null }) {
  const [text, setText] = useState('1')
  const boundaries = readBoundaries(text)
  const why = blocked ?? (boundaries === null ? 'Write how many boundaries: a whole number from 1.' : null)
  const run = (e: FormEvent) => {
    e.preventDefault()
    if (why === null && boundaries !== null) void send('runVcpu', { vcpu: at.vcpu, boundaries })
  }
  const where = at.symbol ?? hex(at.nip)
  return (
    <tr className={shown ? 'shown' : undefined}>
      <th scope="row">
        <button
          type="button"
          className="link"
          aria-pressed={shown}
          data-tip={shown ? 'State, Disassembly and the steppers act on it.' : 'Let State, Disassembly and the steppers act on it.'}
          onClick={() => void send('selectVcpu', { vcpu: at.vcpu })}
        >
          vCPU {at.vcpu}
        </button>
      </th>
      <td data-tip={stateTips[at.state]}>
        {at.running && at.state === 'ready' ? 'running' : at.state}
        {turn && <span className="turn"> its turn</span>}
      </td>
      <td className="mono" data-tip={hex(at.nip)}>
        {where}
      </td>
      <td>{at.problemState ? 'user' : 'kernel'}</td>
      <td className="mono">{grouped(at.completed)}</td>
      <td>
        <form className="turns" onSubmit={run}>
          <input
            className="fieldbox"
            inputMode="numeric"
            aria-label={`Boundaries to run vCPU ${at.vcpu} for`}
            aria-invalid={boundaries === null}
            value={text}
            onChange={e => setText(e.target.value)}
          />
          <button
            type="submit"
            className="btn"
            aria-label={`Run vCPU ${at.vcpu}`}
            aria-disabled={why !== null}
            data-tip={why ?? 'So many boundaries of this vCPU alone, whatever the schedule: also in the middle of another’s outside step.'}
          >
            Run
          </button>
        </form>
      </td>
    </tr>
  )
}

function Schedule({ schedule, vcpus, blocked }: { schedule: ScheduleView; vcpus: number; blocked: string | null }) {
  const now = { turns: written(schedule.script), quantum: grouped(schedule.quantum) }
  /** What was typed and not yet set; null shows the schedule itself. */
  const [typed, setTyped] = useState<{ turns: string; quantum: string } | null>(null)
  const { turns, quantum } = typed ?? now
  const read = readTurns(turns, vcpus)
  const length = readBoundaries(quantum)
  const problem = read.problem ?? (length === null ? 'A turn of the round robin has at least one boundary.' : null)
  const id = useId()
  const set = async (e: FormEvent) => {
    e.preventDefault()
    if (blocked !== null || read.script === null || length === null) return
    if (await send('setSchedule', { script: read.script, quantum: length })) setTyped(null)
  }
  return (
    <form className="schedule" aria-label="Schedule" onSubmit={set}>
      <label>
        <span className="lab">Turns that come next</span>
        <input
          className="fieldbox wide"
          spellCheck={false}
          placeholder="none"
          aria-invalid={read.problem !== null}
          aria-describedby={id}
          value={turns}
          data-tip="vCPU and boundaries, as 0:3 1:40. They come first, in this order."
          onChange={e => setTyped({ turns: e.target.value, quantum })}
        />
      </label>
      <label>
        <span className="lab">then round robin by</span>
        <input
          className="fieldbox"
          inputMode="numeric"
          aria-invalid={length === null}
          aria-describedby={id}
          value={quantum}
          data-tip="Boundaries of a turn while the machine runs. While one vCPU is stepped, each turn has one."
          onChange={e => setTyped({ turns, quantum: e.target.value })}
        />
      </label>
      <button type="submit" className="btn" aria-disabled={blocked !== null || problem !== null} data-tip={blocked ?? problem ?? undefined}>
        Set schedule
      </button>
      {typed && (
        <button type="button" className="btn quiet" onClick={() => setTyped(null)}>
          Undo
        </button>
      )}
      <span className="problem" id={id} role="status">
        {problem ?? ''}
      </span>
    </form>
  )
}
