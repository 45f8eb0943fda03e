/** The run band: who can be stepped, what each is doing, and the controls. */
import type { ActorView, ControllerView, MachineView } from '../../emu/worker/protocol.ts'
import { commandNamed, continueOff, isRunning, runCommand, speeds } from '../shell/commands.ts'
import { Segmented } from '../state/Segmented.tsx'
import { useTips } from '../state/Tips.tsx'
import { send, useStore } from '../store/store.ts'
import { grouped, shortCount, shortHex } from './counts.ts'
import { Glyph, type GlyphName } from './glyphs.tsx'
import { StatusPill } from './status.tsx'
import './run.css'

const startingView: ActorView = {
  status: 'idle',
  word: 'Starting',
  detail: [],
  step: 'Starting.',
  continue: 'Starting.',
  back: 'Starting.',
}

interface ControlProps {
  command: string
  glyph: GlyphName
  label: string
  /** Only the glyph is shown. */
  bare?: boolean
  /** The control is Pause now. */
  running?: boolean
  off: string | null
  className?: string
  keyShown?: string
  tabIndex: number
}

function Control({ command, glyph, label, bare = false, running = false, off, className = '', keyShown, tabIndex }: ControlProps) {
  const { key, label: name } = commandNamed(command)
  return (
    <button
      type="button"
      className={`btn ${bare ? 'icon ' : ''}${className}`}
      aria-disabled={off !== null}
      aria-label={running ? name.replace(/[^ ]+$/, 'pause') : name}
      aria-keyshortcuts={key?.replace(' then ', ' ').replace(' ', '+')}
      data-tip={off ?? `${name}${key ? ` (${key})` : ''}`}
      tabIndex={tabIndex}
      onClick={() => off === null && runCommand(command)}
    >
      <Glyph name={glyph} />
      {!bare && label}
      {keyShown && <kbd>{keyShown}</kbd>}
    </button>
  )
}

/** Arrow keys move within a toolbar, which is one tab stop. */
function moveWithin(e: React.KeyboardEvent<HTMLElement>): void {
  const direction = { ArrowRight: 1, ArrowLeft: -1 }[e.key]
  if (!direction) return
  const buttons = [...e.currentTarget.querySelectorAll<HTMLElement>('button')]
  const at = buttons.indexOf(document.activeElement as HTMLElement)
  buttons[(at + direction + buttons.length) % buttons.length]?.focus()
  e.preventDefault()
}

interface TrioProps {
  actor: 'outside' | 'inside' | 'hypervisor'
  keyShown: string
  machine: MachineView | null
}

function Trio({ actor, keyShown, machine }: TrioProps) {
  const view = machine?.actors[actor] ?? startingView
  const running = machine?.run.actor === actor
  const off = machine ? continueOff(machine, actor) : view.continue
  return (
    <div className="trio" role="toolbar" aria-label={`${actor} controls`} onKeyDown={moveWithin}>
      <Control command={`${actor}.back`} glyph="back" label="Back" bare off={view.back} tabIndex={-1} />
      <Control command={`${actor}.step`} glyph="step" label="Step" off={view.step} className="step" keyShown={keyShown} tabIndex={0} />
      <Control
        command={`${actor}.continue`}
        glyph={running ? 'pause' : 'continue'}
        label={running ? 'Pause' : 'Continue'}
        running={running}
        off={off}
        tabIndex={-1}
      />
    </div>
  )
}

const Detail = ({ lines }: { lines: readonly string[] }) => (
  <div className="at">
    {lines.slice(0, 2).map(l => (
      <div key={l}>{l}</div>
    ))}
  </div>
)

interface StepperProps {
  actor: 'outside' | 'inside'
  name: string
  who: string
  keyShown: string
  machine: MachineView | null
}

function Stepper({ actor, name, who, keyShown, machine }: StepperProps) {
  const view = machine?.actors[actor] ?? startingView
  const active = machine?.active === actor
  return (
    <section className={`card ${actor === 'outside' ? 'out' : 'in'}${active ? ' active' : ''}`} aria-label={name} id={actor} tabIndex={-1}>
      <div className="r">
        <h2>
          <Glyph name={actor} />
          {name}
        </h2>
        <span className="role">{who}</span>
        <StatusPill status={view.status} word={view.word} />
      </div>
      <div className="r">
        <Trio actor={actor} keyShown={keyShown} machine={machine} />
        <Detail lines={view.detail} />
      </div>
    </section>
  )
}

const phaseWords = { done: 'done', now: 'next', failed: 'failed', ahead: '' } as const

function PhaseTrack({ phases }: { phases: ControllerView['phases'] }) {
  return (
    <ol className="track" aria-label="Phases" style={{ gridTemplateColumns: `repeat(${phases.length}, minmax(max-content, 1fr))` }}>
      {phases.map(p => (
        <li key={p.name} className={p.state === 'failed' ? 'badstep' : p.state} aria-current={p.state === 'now' ? 'step' : undefined}>
          {p.state === 'now' && <Glyph name="hypervisor" />}
          {p.state === 'failed' && <Glyph name="cross" />}
          {p.name}
          <span className="sr"> {phaseWords[p.state]}</span>
        </li>
      ))}
    </ol>
  )
}

const walks = [
  { value: 'step', label: 'step', tip: 'Step walks the phases of an outside step.' },
  { value: 'loop', label: 'run loop', tip: 'Step walks the run loop: enter, the guest until its next exit, exit, handle.' },
] as const

function Hypervisor({ machine }: { machine: MachineView | null }) {
  const view = machine?.actors.hypervisor ?? startingView
  const controller = machine?.controller
  const busy = controller?.step ? 'Finish or take back the outside step first.' : null
  return (
    <section
      className={`card hyp${machine?.active === 'hypervisor' ? ' active' : ''}`}
      aria-label="Hypervisor"
      id="hypervisor-stepper"
      tabIndex={-1}
    >
      <div className="r">
        <h2>
          <Glyph name="hypervisor" />
          Hypervisor
        </h2>
        <span className="role">step controller</span>
        <span className="walk">
          <Segmented
            label="What Step walks"
            options={walks}
            value={controller?.walk ?? 'step'}
            choose={walk => void send('setHypervisorWalk', { walk })}
            blocked={busy}
          />
        </span>
        <StatusPill status={view.status} word={view.word} />
      </div>
      <div className="r">
        <Trio actor="hypervisor" keyShown="H" machine={machine} />
        {controller && <PhaseTrack phases={controller.phases} />}
      </div>
    </section>
  )
}

function Machine({ machine }: { machine: MachineView | null }) {
  const running = isRunning(machine)
  const view = machine?.actors.machine ?? startingView
  return (
    <section className="card mach" aria-label="Machine" id="machine" tabIndex={-1}>
      <div className="r">
        <h2>Machine</h2>
        <StatusPill status={running ? 'running' : view.status} word={running ? 'Running' : view.word} />
      </div>
      <div className="r">
        <div className="trio-free" role="toolbar" aria-label="Machine controls" onKeyDown={moveWithin}>
          <Control
            command="run"
            glyph={running ? 'pause' : 'run'}
            label={running ? 'Pause' : 'Run'}
            running={running}
            off={running ? null : view.continue}
            tabIndex={0}
          />
          <Control
            command="reset"
            glyph="reset"
            label="Reset"
            bare
            off={running ? 'Pause first.' : machine ? null : 'Starting.'}
            tabIndex={-1}
          />
        </div>
        <select
          aria-label="Speed"
          className="btn speed"
          value={machine?.speed ?? 'max'}
          onChange={e => void send('setSpeed', { speed: e.target.value as MachineView['speed'] })}
        >
          {speeds.map(s => (
            <option key={s.speed} value={s.speed}>
              {s.name}
            </option>
          ))}
        </select>
        <dl className="nums">
          <div data-tip={`${grouped(machine?.instructions ?? 0n)} boundaries since reset: completed instructions and interrupts taken.`}>
            <dt>insns</dt>
            <dd>{shortCount(machine?.instructions ?? 0n)}</dd>
          </div>
          <div data-tip="Time base: one tick a boundary.">
            <dt>TB</dt>
            <dd>{shortHex(machine?.timeBase ?? 0n)}</dd>
          </div>
        </dl>
      </div>
    </section>
  )
}

export function RunBand() {
  const machine = useStore(s => s.view)
  const { tips, tip } = useTips()
  return (
    <section className="run" aria-label="Run controls" id="run" tabIndex={-1} {...tips}>
      <Machine machine={machine} />
      <Stepper actor="outside" name="Outside" who="hypervisor's debugger" keyShown="O" machine={machine} />
      <Stepper actor="inside" name="Inside" who="guest's own debugger" keyShown="I" machine={machine} />
      <Hypervisor machine={machine} />
      {tip}
    </section>
  )
}
