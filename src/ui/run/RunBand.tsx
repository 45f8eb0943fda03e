/** The run band: who can be stepped, what each is doing, and the controls. */
import type { ReactNode } from 'react'
import type { ActorView, ControllerView, MachineView } from '../../emu/worker/protocol.ts'
import { commandNamed, continueOff, isRunning, runCommand, speeds } from '../shell/commands.ts'
import { ariaKey } from '../shell/keyboard.ts'
import { useKeyOf } from '../shell/keymap.ts'
import { prose } from '../state/prose.tsx'
import { Segmented } from '../state/Segmented.tsx'
import { useTips } from '../state/Tips.tsx'
import { send, useStore } from '../store/store.ts'
import { WordsButton } from '../words/WordsButton.tsx'
import { grouped, shortCount, shortHex } from './counts.ts'
import { Glyph, type GlyphName } from './glyphs.tsx'
import { RunMenu } from './RunMenu.tsx'
import { StatusPill } from './status.tsx'
import { Toolbar, useStop } from './Toolbar.tsx'
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
  keyShown?: boolean
}

function Control({ command, glyph, label, bare = false, running = false, off, className = '', keyShown = false }: ControlProps) {
  const { label: name } = commandNamed(command)
  const key = useKeyOf(command)
  const stop = useStop(command)
  return (
    <button
      type="button"
      className={`btn ${bare ? 'icon ' : ''}${className}`}
      aria-disabled={off !== null}
      aria-label={running ? name.replace(/[^ ]+$/, 'pause') : name}
      aria-keyshortcuts={ariaKey(key)}
      data-tip={off ?? `${name}${key ? ` (${key})` : ''}`}
      onClick={() => off === null && runCommand(command)}
      {...stop}
    >
      <Glyph name={glyph} />
      {!bare && label}
      {/* Drawn by the style: it is no part of the name, and `aria-keyshortcuts` says it. */}
      {keyShown && key && <kbd data-key={key} />}
    </button>
  )
}

interface TrioProps {
  actor: 'outside' | 'inside' | 'hypervisor'
  name: string
  machine: MachineView | null
}

function Trio({ actor, name, machine }: TrioProps) {
  const view = machine?.actors[actor] ?? startingView
  const running = machine?.run.actor === actor
  const off = machine ? continueOff(machine, actor) : view.continue
  return (
    <Toolbar className="trio" label={`${name} controls`} first={`${actor}.step`}>
      <Control command={`${actor}.back`} glyph="back" label="Back" bare off={view.back} />
      <Control command={`${actor}.step`} glyph="step" label="Step" off={view.step} className="step" keyShown />
      <Control
        command={`${actor}.continue`}
        glyph={running ? 'pause' : 'continue'}
        label={running ? 'Pause' : 'Continue'}
        running={running}
        off={off}
      />
    </Toolbar>
  )
}

const Detail = ({ lines }: { lines: readonly string[] }) => (
  <div className="at">
    {lines.slice(0, 2).map(l => (
      <div key={l}>{prose(l)}</div>
    ))}
  </div>
)

interface StepperProps {
  actor: 'outside' | 'inside'
  name: string
  who: string
  machine: MachineView | null
  children?: ReactNode
}

function Stepper({ actor, name, who, machine, children }: StepperProps) {
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
        {children}
        <StatusPill status={view.status} word={view.word} />
      </div>
      <div className="r">
        <Trio actor={actor} name={name} machine={machine} />
        <Detail lines={view.detail} />
      </div>
    </section>
  )
}

const settings = [
  {
    value: 'hold',
    label: 'hold',
    tip: 'Interrupts wait while stepping: what most people want. A free run takes them at another instruction.',
  },
  { value: 'deliver', label: 'deliver', tip: 'Interrupts come while stepping, where a free run would take them.' },
] as const

const Interrupts = ({ machine }: { machine: MachineView | null }) => (
  <span className="walk">
    <Segmented
      label="Interrupts while stepping"
      options={settings}
      value={machine?.interrupts ?? 'hold'}
      choose={setting => void send('setInterrupts', { setting })}
      blocked={machine?.controller.step ? 'Finish or take back the outside step first.' : null}
    />
  </span>
)

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
        <Trio actor="hypervisor" name="Hypervisor" machine={machine} />
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
        <Toolbar className="trio-free" label="Machine controls" first="run">
          <span className="trio">
            <Control
              command="run"
              glyph={running ? 'pause' : 'run'}
              label={running ? 'Pause' : 'Run'}
              running={running}
              off={running ? null : view.continue}
            />
            <RunMenu />
          </span>
          <Control command="reset" glyph="reset" label="Reset" bare off={running ? 'Pause first.' : machine ? null : 'Starting.'} />
        </Toolbar>
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
      <Stepper actor="outside" name="Outside" who="hypervisor's debugger" machine={machine}>
        <Interrupts machine={machine} />
      </Stepper>
      <Stepper actor="inside" name="Inside" who="guest's own debugger" machine={machine} />
      <Hypervisor machine={machine} />
      <WordsButton />
      {tip}
    </section>
  )
}
