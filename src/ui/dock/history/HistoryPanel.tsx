/** What a step changed, the ways back through the recording, and the courses that were left. */
import { type FormEvent, useEffect, useId, useState } from 'react'
import type { BranchView, Changes, MachineView } from '../../../emu/worker/protocol.ts'
import { CrossMark } from '../../code/marks.tsx'
import { grouped } from '../../run/counts.ts'
import { runCommand } from '../../shell/commands.ts'
import { plainHex } from '../../state/digits.ts'
import { Segmented } from '../../state/Segmented.tsx'
import { useTips } from '../../state/Tips.tsx'
import { ask, send, useStore } from '../../store/store.ts'
import { seek, seekBlocked } from '../../timeline/seek.ts'
import { targetOf, timeOf } from './target.ts'
import './history.css'

type Range = 'event' | 'step'
const RANGES = [
  { value: 'event', label: 'This event', tip: 'What the event shown changed' },
  { value: 'step', label: 'Its step', tip: 'What the outside step changed, up to the event shown' },
] as const

export function HistoryPanel() {
  const view = useStore(s => s.view)
  const { tips, tip } = useTips()
  if (!view) return null
  return (
    <section className="history" aria-label="History" {...tips}>
      <ChangesOf view={view} />
      <div className="history-ways">
        <Ways view={view} />
        <Branches view={view} />
      </div>
      {tip}
    </section>
  )
}

/** Events of the step that the event shown belongs to begin behind this one. */
function beforeStep(shown: number): number {
  const { events } = useStore.getState()
  const step = events.event(shown)?.step
  let n = shown
  while (step != null && n > events.first && events.event(n - 1)?.step?.ordinal === step.ordinal) n--
  return n - 1
}

function ChangesOf({ view }: { view: MachineView }) {
  const [range, setRange] = useState<Range>('event')
  const [found, setFound] = useState<{ from: number; to: number; changes: Changes } | 'given up' | null>(null)
  const [asked, setAsked] = useState(0)
  const { shown, within } = view.recording
  const resting = view.run.state !== 'running' && shown > 0
  const from = resting ? (range === 'step' ? beforeStep(shown) : shown - 1) : 0
  const { generation } = view
  // biome-ignore lint/correctness/useExhaustiveDependencies: another program has other changes
  useEffect(() => {
    if (!resting) return setFound(null)
    let wanted = true
    const over = (changes: Changes | null) => setFound(changes ? { from, to: shown, changes } : 'given up')
    void ask('changes', { from, to: shown }).then(changes => wanted && over(changes))
    return () => {
      wanted = false
    }
  }, [from, shown, resting, generation, asked])
  return (
    <section className="history-changes" aria-label="Changes">
      <div className="history-head">
        <Segmented label="Changes of" options={RANGES} value={range} choose={setRange} />
        <span className="dim">
          {!resting
            ? view.run.state === 'running'
              ? 'The machine is running. Pause to see what changed.'
              : 'Nothing has happened yet.'
            : from === shown - 1
              ? `Event ${grouped(shown)}`
              : `Events ${grouped(from + 1)} to ${grouped(shown)}`}
          {within > 0 && `; the machine stands ${grouped(within)} ${within === 1 ? 'boundary' : 'boundaries'} behind it`}
        </span>
      </div>
      {resting && found === 'given up' && (
        <p className="empty">
          Not read to the end, since something else came first.{' '}
          <button type="button" className="btn" onClick={() => setAsked(n => n + 1)}>
            Read what changed
          </button>
        </p>
      )}
      {resting && found !== null && found !== 'given up' && <ChangeTable {...found} vcpus={view.vcpus} />}
    </section>
  )
}

const bytes = (b: Uint8Array): string => [...b].map(v => v.toString(16).padStart(2, '0')).join(' ')

export function ChangeTable({ changes, vcpus }: { changes: Changes; vcpus: number }) {
  const { registers, memory, more } = changes
  if (registers.length === 0 && memory.length === 0)
    return <p className="empty">No register and no byte of memory changed, but for the clocks.</p>
  return (
    <div className="history-scroll">
      <table className="tb" aria-label="What changed">
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Before</th>
            <th scope="col">After</th>
          </tr>
        </thead>
        <tbody>
          {registers.map(r => (
            <tr key={`${r.vcpu} ${r.register}`}>
              <th scope="row" className="mono">
                {r.register}
                {vcpus > 1 && <span className="dim"> vCPU {r.vcpu}</span>}
              </th>
              <td className="mono">{plainHex(r.before)}</td>
              <td className="mono now">{plainHex(r.after)}</td>
            </tr>
          ))}
          {memory.map(m => (
            <tr key={m.real}>
              <th scope="row" className="mono">
                0x{m.real.toString(16)} <span className="dim">real</span>
              </th>
              <td className="mono bytes">{bytes(m.before)}</td>
              <td className="mono bytes now">{bytes(m.after)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {more > 0 && <p className="dim">And {grouped(more)} more stretches of memory. Look at a shorter range to see them.</p>}
    </div>
  )
}

function Ways({ view }: { view: MachineView }) {
  const blocked = seekBlocked(view)
  const wrote = (text: string): string | null => {
    const target = targetOf(text, view.state.vcpu, { symbols: view.program?.symbols ?? [], registers: view.state.registers })
    if (typeof target === 'string') return target
    void send('lastWrite', target)
    return null
  }
  const toTime = (text: string): string | null => {
    const instructions = timeOf(text)
    if (typeof instructions === 'string') return instructions
    void send('seekTime', { instructions })
    return null
  }
  return (
    <section aria-label="Go back">
      <Asked label="What last wrote" placeholder="r5, SRR0, address, symbol" action="Go there" blocked={blocked} act={wrote} />
      <Asked label="Instructions since reset" placeholder="1000000" action="Go there" blocked={blocked} act={toTime} />
      <div className="history-row">
        <button
          type="button"
          className="btn"
          aria-disabled={blocked !== null}
          data-tip={blocked ?? undefined}
          onClick={() => runCommand('reverse')}
        >
          Run back to a breakpoint
        </button>
        {!view.recording.live && (
          <button
            type="button"
            className="btn"
            data-tip="What is shown becomes the live end; what came after it is kept as a branch"
            onClick={() => runCommand('fork')}
          >
            Go on from here
          </button>
        )}
      </div>
    </section>
  )
}

interface AskedProps {
  label: string
  placeholder: string
  action: string
  blocked: string | null
  /** Answers what is wrong with the text. */
  act: (text: string) => string | null
}

function Asked({ label, placeholder, action, blocked, act }: AskedProps) {
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const id = useId()
  const submit = (e: FormEvent) => {
    e.preventDefault()
    setProblem(blocked ?? act(text))
  }
  return (
    <form className="history-row" onSubmit={submit} aria-label={label}>
      <label>
        {label}
        <input
          className="mono fieldbox"
          value={text}
          placeholder={placeholder}
          aria-invalid={problem !== null}
          aria-describedby={problem ? id : undefined}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          onChange={e => {
            setText(e.target.value)
            setProblem(null)
          }}
        />
      </label>
      <button type="submit" className="btn" aria-disabled={blocked !== null} data-tip={blocked ?? undefined}>
        {action}
      </button>
      {problem && (
        <span className="address-problem" id={id} role="alert">
          <CrossMark />
          {problem}
        </span>
      )}
    </form>
  )
}

function Branches({ view }: { view: MachineView }) {
  const [branches, setBranches] = useState<readonly BranchView[]>([])
  const { recording } = view
  const { branches: count } = recording
  const resting = view.run.state !== 'running'
  // biome-ignore lint/correctness/useExhaustiveDependencies: which there are, and where they fork, depends on the recording
  useEffect(() => {
    let wanted = true
    if (count === 0) setBranches([])
    else if (resting) void ask('branches', {}).then(found => wanted && found && setBranches(found))
    return () => {
      wanted = false
    }
  }, [recording, resting])
  return (
    <section aria-label="Branches" className="history-branches">
      <h3>Branches</h3>
      {branches.length === 0 ? (
        <p className="dim">None. When you go back and take another course, the one you left is kept here.</p>
      ) : (
        <ul>
          {branches.map(b => (
            <li key={b.id}>
              <span>
                Branch {b.id}: {grouped(b.actions)} {b.actions === 1 ? 'action' : 'actions'}, {grouped(b.boundaries)} boundaries, from{' '}
                {b.forksAt === 0 ? (
                  'the beginning'
                ) : (
                  <button type="button" className="link" onClick={() => seek(b.forksAt)}>
                    event {grouped(b.forksAt)}
                  </button>
                )}
              </span>
              <button
                type="button"
                className="btn"
                aria-label={`Go over to branch ${b.id}`}
                aria-disabled={!resting}
                onClick={() => resting && void send('goToBranch', { branch: b.id })}
              >
                Go over
              </button>
              <button
                type="button"
                className="btn quiet icon"
                aria-label={`Forget branch ${b.id}`}
                data-tip="Forget it"
                onClick={() => resting && void send('forgetBranch', { branch: b.id })}
              >
                <CrossMark />
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
