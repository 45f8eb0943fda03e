/** Top bar: which lesson or program, which policy, which vCPU, scheduler-locking, and the page's own settings. */
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import type { SchedulerLocking } from '../../emu/worker/protocol.ts'
import { place } from '../embed/place.ts'
import { openApart, useShare } from '../keep/link.ts'
import { lessons } from '../lesson/lessons.ts'
import { kept, openLesson, useLesson } from '../lesson/open.ts'
import { choosePolicy, offeredPolicies, useShelf } from '../policy/shelf.ts'
import { Glyph } from '../run/glyphs.tsx'
import { openScenario } from '../scenario/ask.ts'
import { scenarios } from '../scenario/scenarios.ts'
import { type Option, Segmented } from '../state/Segmented.tsx'
import { useTips } from '../state/Tips.tsx'
import { send, useStore } from '../store/store.ts'
import { WordsButton } from '../words/WordsButton.tsx'
import { runCommand } from './commands.ts'
import { ariaKey } from './keyboard.ts'
import { useKeyOf } from './keymap.ts'
import { openShipped, shipped } from './shipped.ts'
import './topbar.css'

/** No lesson, scenario or program has this id. */
const TEACHERS = 'for teachers'

function open(key: string): void {
  if (key === TEACHERS) runCommand('teachers')
  else if (shipped.some(p => p.file === key)) openShipped(key)
  else if (scenarios.some(s => s.file === key)) void openScenario(key)
  else openLesson(key)
}

function LessonPicker() {
  const { lesson, number } = useLesson()
  const source = useStore(s => s.source.name)
  const program = useStore(s => s.view?.program?.name)
  return (
    <MenuTrigger>
      <Button className="btn pick">
        <span className="lab w-opt">{lesson ? 'Lesson' : 'Program'}</span>
        <b>{lesson ? `${number || ''} ${lesson.title}`.trim() : (program ?? source)}</b>
        <Glyph name="down" />
      </Button>
      <Popover>
        <Menu className="menu" aria-label="Lessons, scenarios and programs" onAction={key => open(String(key))}>
          {lessons.map(l => (
            <MenuItem key={l.id} id={l.id} className="menu-item" textValue={l.title}>
              {l.number} {l.title}
              <small>{kept(l.id) ?? (l.id === lesson?.id ? 'open' : '')}</small>
            </MenuItem>
          ))}
          {scenarios.map(({ file, title }) => (
            <MenuItem key={file} id={file} className="menu-item" textValue={title}>
              {title}
              <small>scenario</small>
            </MenuItem>
          ))}
          {shipped.map(({ file, says }) => (
            <MenuItem key={file} id={file} className="menu-item" textValue={file}>
              {file}
              <small>{says}</small>
            </MenuItem>
          ))}
          <MenuItem id={TEACHERS} className="menu-item" textValue="For teachers">
            For teachers: write, embed and grade lessons…
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}

/** Embedded, the page around chooses. */
function Shown() {
  const lesson = useLesson(l => l.lesson?.title)
  const source = useStore(s => s.view?.program?.name ?? s.source.name)
  return <b className="shown">{lesson ?? source}</b>
}

const leakWords = (n: number): string => `${n} leak${n === 1 ? '' : 's'} seen`

/** No policy has this id: ids of the user's begin with "own-". */
const EDIT = 'edit policies'

function PolicyMenu() {
  const own = useShelf(s => s.own)
  const controller = useStore(s => s.view?.controller)
  const name = controller?.policies.find(p => p.id === controller.policy)?.name ?? 'Starting'
  const leaksUnder = (policy: string) => controller?.leaks.filter(l => l.policy === policy).length ?? 0
  const leaks = leaksUnder(controller?.policy ?? '')
  return (
    <span className="field">
      <span className="lab" id="policy-label">
        Policy
      </span>
      <MenuTrigger>
        <Button className="btn pick" id="policy" aria-label={`Policy ${name}${leaks ? ` ${leakWords(leaks)}` : ''}`}>
          <b>{name}</b>{' '}
          {leaks > 0 && (
            <span className="count-bad">
              <Glyph name="cross" />
              {leakWords(leaks)}
            </span>
          )}
          <Glyph name="down" />
        </Button>
        <Popover>
          <Menu
            className="menu"
            aria-label="Policy"
            selectionMode="single"
            selectedKeys={controller ? [controller.policy] : []}
            onAction={key => (key === EDIT ? runCommand('policies') : void choosePolicy(String(key)))}
          >
            {offeredPolicies(controller?.policies ?? [], own).map(p => (
              <MenuItem key={p.id} id={p.id} className="menu-item" textValue={p.name}>
                <span>
                  {p.name}
                  <p>{p.summary}</p>
                </span>
                {leaksUnder(p.id) > 0 && <small className="count-bad">{leakWords(leaksUnder(p.id))} in this recording</small>}
              </MenuItem>
            ))}
            <MenuItem id={EDIT} className="menu-item" textValue="Edit or compare policies">
              Edit or compare policies…
            </MenuItem>
          </Menu>
        </Popover>
      </MenuTrigger>
    </span>
  )
}

const oneVcpu = 'With one vCPU there is no other to hold: the choice has no effect here.'
const lockings: readonly { value: SchedulerLocking; tip: string }[] = [
  { value: 'off', tip: 'Any vCPU may run at any time.' },
  { value: 'on', tip: 'Only the current vCPU runs.' },
  { value: 'step', tip: 'The others are held while one steps.' },
  { value: 'replay', tip: 'Off while recording, on while replaying.' },
]

function Locking() {
  const view = useStore(s => s.view)
  const alone = (view?.vcpus ?? 1) < 2
  const options: Option<SchedulerLocking>[] = lockings.map(({ value, tip }) => ({
    value,
    label: value,
    tip: alone ? `${tip} ${oneVcpu}` : tip,
  }))
  return (
    <span className="field">
      <span className="lab">
        <span className="w-opt">Scheduler-</span>
        <span className="cap">locking</span>
      </span>
      <Segmented
        label="Scheduler-locking"
        options={options}
        value={view?.locking ?? 'replay'}
        choose={value => void send('setSchedulerLocking', { value })}
      />
    </span>
  )
}

/** Of joined buttons; more are a list. */
const SEGMENTS = 4

function VcpuChoice() {
  const vcpus = useStore(s => s.view?.vcpus ?? 1)
  const shown = useStore(s => s.view?.state.vcpu ?? 0)
  const summaries = useStore(s => s.view?.schedule.vcpus)
  const turn = useStore(s => s.view?.schedule.vcpu)
  const options = Array.from({ length: vcpus }, (_, n) => {
    const at = summaries?.find(v => v.vcpu === n)
    const place = at
      ? ` It is ${at.state}, at ${at.symbol ?? `0x${at.nip.toString(16)}`}${turn === n && vcpus > 1 ? '; it is its turn' : ''}.`
      : ''
    const tip = `State, Disassembly and the steppers act on vCPU ${n}.${place}`
    return { value: n, label: `${n}`, tip, ...(at?.running && vcpus > 1 ? { mark: 'running' } : {}) }
  })
  const choose = (vcpu: number) => void send('selectVcpu', { vcpu })
  return (
    <span className="field">
      <span className="lab">vCPU</span>
      {vcpus > SEGMENTS ? (
        <select
          aria-label="vCPU"
          className="btn"
          value={shown}
          data-tip={options[shown]?.tip}
          onChange={e => choose(Number(e.target.value))}
        >
          {options.map(o => (
            <option key={o.value} value={o.value}>
              {o.mark ? `▸ ${o.label}` : o.label}
            </option>
          ))}
        </select>
      ) : (
        <Segmented label="vCPU" options={options} value={shown} choose={choose} blocked={vcpus < 2 ? 'This program has one vCPU.' : null} />
      )}
    </span>
  )
}

const Logo = () => (
  <svg viewBox="0 0 18 18" fill="none" strokeWidth="2" aria-hidden="true">
    <path stroke="var(--out)" d="M1.5 3h6v12h-6" />
    <path stroke="var(--in)" d="M16.5 3h-6v12h6" />
    <path fill="var(--hyp)" d="M9 6.2 11.3 9 9 11.8 6.7 9z" />
  </svg>
)

function OwnPrograms() {
  return (
    <span className="grp w-opt">
      <button
        type="button"
        className="btn quiet"
        data-tip="ppc64 or ppc64le, static. A file can also be dropped anywhere on the page."
        onClick={() => runCommand('open')}
      >
        Open ELF
      </button>
      <button type="button" className="btn quiet" data-tip="Begin a program of your own in guest.s." onClick={() => runCommand('new')}>
        New
      </button>
    </span>
  )
}

function Share() {
  const copied = useShare(s => s.copied)
  return (
    <button
      type="button"
      className="btn quiet w-opt"
      data-tip="Copies a link: program, what was done, policy, breakpoints and position."
      onClick={() => runCommand('share')}
    >
      <Glyph name="share" />
      <span aria-live="polite">{copied ? 'Copied' : 'Share'}</span>
    </button>
  )
}

/** Embedded, in the place of Share. */
const Apart = () => (
  <button
    type="button"
    className="btn quiet"
    data-tip="Opens this session in a tab of its own; here nothing changes."
    onClick={() => void openApart()}
  >
    Open in its own tab
  </button>
)

export function TopBar() {
  const theme = useStore(s => s.theme)
  const [commandsKey, helpKey] = [useKeyOf('palette'), useKeyOf('help')]
  const { tips, tip } = useTips()
  return (
    <header className="top" {...tips}>
      <h1 className="brand">
        <Logo />
        Twostep
      </h1>
      {place.embedded ? <Shown /> : <LessonPicker />}
      {!place.embedded && <OwnPrograms />}
      <PolicyMenu />
      <VcpuChoice />
      <Locking />
      <span className="grp end">
        {place.embedded ? <Apart /> : <Share />}
        <button
          type="button"
          className="btn quiet"
          aria-label="Commands"
          aria-keyshortcuts={ariaKey(commandsKey)}
          onClick={() => runCommand('palette')}
        >
          <Glyph name="search" />
          <span className="w-opt">Commands</span> {commandsKey && <kbd data-key={commandsKey} />}
        </button>
        <button
          type="button"
          className="btn quiet icon"
          aria-label={`Theme: ${theme}`}
          data-tip={`Theme: ${theme}. Press for the next of system, dark, light.`}
          onClick={() => runCommand('theme')}
        >
          <Glyph name="theme" />
        </button>
        <button
          type="button"
          className="btn quiet icon"
          aria-label="Keys and words"
          data-tip={`Keys and words${helpKey ? ` (${helpKey})` : ''}`}
          onClick={() => runCommand('help')}
        >
          <Glyph name="help" />
        </button>
      </span>
      <WordsButton />
      {tip}
    </header>
  )
}
