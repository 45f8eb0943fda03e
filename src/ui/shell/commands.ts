/** Every action: its name, its key, why it is off. Buttons, keys, the palette and the help page read this one table. */
import type { Actor, MachineView, SchedulerLocking, Setting, Speed } from '../../emu/worker/protocol.ts'
import { breakpointAtCursor, conditionAtCursor, runToCursor } from '../code/breakpoints.ts'
import { askAtEventShown } from '../dock/breakpoints/asked.ts'
import { setAdvice, useAdvice } from '../dock/exception/advice.ts'
import { place } from '../embed/place.ts'
import { choices as eventCounts, keepEvents } from '../keep/eventsKept.ts'
import { saveEverything, saveSession } from '../keep/file.ts'
import { share } from '../keep/link.ts'
import { saveAnswer } from '../lesson/answer.ts'
import { lessons } from '../lesson/lessons.ts'
import { beginAnew, openLesson } from '../lesson/open.ts'
import { choosePolicy, offeredPolicies, useShelf } from '../policy/shelf.ts'
import { openDecode } from '../reference/decode.ts'
import { openReference } from '../reference/place.ts'
import { grouped } from '../run/counts.ts'
import { openScenario } from '../scenario/ask.ts'
import { scenarios } from '../scenario/scenarios.ts'
import { undoChange } from '../state/editing.ts'
import { type DockTab, type Store, send, useStore } from '../store/store.ts'
import { seek, seekBlocked, seekBy, seekInterrupt } from '../timeline/seek.ts'
import { arrange, foldLesson, useArrangement } from './arrangement.ts'
import { densities, setDensity } from './density.ts'
import { useDialogs } from './dialogs.ts'
import { chooseFile, chooseLesson, chooseScenario, newProgram } from './files.ts'
import { focusOwnRegion, focusRegion, nextRegion } from './regions.ts'
import { openShipped, shipped } from './shipped.ts'
import type { LayoutName } from './sizes.ts'
import { nextTheme, setTheme } from './theme.ts'

export interface CommandRow {
  readonly id: string
  /** "Outside: step". */
  readonly label: string
  /** As `keyOf` writes it: "O", "Shift O", "Ctrl K", "G then S". */
  readonly key: string | null
  /** Works in editors and fields too. */
  readonly everywhere?: boolean
  /** Why it is off now; null when it is on. */
  off(s: Store): string | null
  run(s: Store): void
}

type Stepper = Exclude<Actor, 'machine'>
const steppers: readonly { actor: Stepper; name: string; key: string }[] = [
  { actor: 'outside', name: 'Outside', key: 'O' },
  { actor: 'inside', name: 'Inside', key: 'I' },
  { actor: 'hypervisor', name: 'Hypervisor', key: 'H' },
]

const starting = 'The machine is starting.'
const withView = (look: (view: MachineView) => string | null) => (s: Store) => (s.view ? look(s.view) : starting)
const always = (): null => null

export function step(actor: Actor): void {
  const commands = { outside: 'stepOutside', inside: 'stepInside', hypervisor: 'stepHypervisor', machine: 'stepMachine' } as const
  void send(commands[actor], {})
}

export const isRunning = (view: MachineView | null): boolean => view?.run.state === 'running'

/** Why an actor cannot continue; while another runs, its control would pause that one. */
export const continueOff = (view: MachineView, actor: Actor): string | null =>
  isRunning(view) && view.run.actor !== actor ? 'The machine is running. Pause it first.' : view.actors[actor].continue

/** Continue, or Pause while it runs. */
export function continueOrPause(actor: Actor): void {
  if (isRunning(useStore.getState().view)) void send('pause', {})
  else void send('continue', { actor })
}

const stepperRows: CommandRow[] = steppers.flatMap(({ actor, name, key }) => [
  { id: `${actor}.step`, label: `${name}: step`, key, off: withView(v => v.actors[actor].step), run: () => step(actor) },
  {
    id: `${actor}.back`,
    label: `${name}: step back`,
    key: `Shift ${key}`,
    off: withView(v => v.actors[actor].back),
    run: () => void send('stepBack', { actor }),
  },
  {
    id: `${actor}.continue`,
    label: `${name}: continue`,
    key: `C then ${key}`,
    off: withView(v => continueOff(v, actor)),
    run: () => continueOrPause(actor),
  },
])

const dockTabNames: readonly { tab: DockTab; name: string }[] = [
  { tab: 'exception', name: 'Exception' },
  { tab: 'breakpoints', name: 'Breakpoints' },
  { tab: 'memory', name: 'Memory' },
  { tab: 'console', name: 'Console' },
  { tab: 'leaks', name: 'Leaks' },
  { tab: 'vcpus', name: 'vCPUs' },
  { tab: 'history', name: 'History' },
  { tab: 'sprs', name: 'SPRs' },
]

const speeds: readonly { speed: Speed; name: string }[] = [
  { speed: '1/s', name: '1/s' },
  { speed: '10/s', name: '10/s' },
  { speed: 'realtime', name: '1×' },
  { speed: 'max', name: 'max' },
]

const layouts: readonly { name: LayoutName; title: string }[] = [
  { name: 'lesson', title: 'Lesson' },
  { name: 'guest', title: 'Guest' },
  { name: 'hypervisor', title: 'Hypervisor' },
  { name: 'race', title: 'Race' },
]

/** Where the hypervisor's listing is a tab, its layout shows that tab. */
function layOut(name: LayoutName): void {
  arrange(name)
  if (name !== 'race') useStore.setState({ codeTab: name === 'hypervisor' ? 'hypervisor' : 'source' })
}

const interrupts: readonly Setting[] = ['hold', 'deliver']
const lockings: readonly SchedulerLocking[] = ['off', 'on', 'step', 'replay']
const comparisons: readonly { since: 'stop' | 'step' | 'shown'; name: string }[] = [
  { since: 'stop', name: 'the last stop of any actor' },
  { since: 'step', name: 'the start of the outside step' },
  { since: 'shown', name: 'the event shown' },
]
/** Embedded, the user's own work is left alone. */
const apart = () => (place.embedded ? 'Open Twostep in a tab of its own first.' : null)
const noLesson = (s: Store) => (s.lesson ? null : 'No lesson is open.')
const seekOff = (s: Store) => seekBlocked(s.view)

export const commands: readonly CommandRow[] = [
  { id: 'run', label: 'Machine: run or pause', key: 'Space', off: withView(v => (isRunning(v) ? null : v.actors.machine.continue)), run: () => continueOrPause('machine') },
  { id: 'machine.step', label: 'Machine: step one boundary', key: 'M', off: withView(v => v.actors.machine.step), run: () => step('machine') },
  { id: 'machine.back', label: 'Machine: step back', key: 'Shift M', off: withView(v => v.actors.machine.back), run: () => void send('stepBack', { actor: 'machine' }) },
  { id: 'machine.over', label: 'Machine: step over a call', key: 'N', off: withView(v => v.actors.machine.step), run: () => void send('runTo', { to: 'over' }) },
  { id: 'machine.out', label: 'Machine: run out of this function', key: 'F', off: withView(v => v.actors.machine.continue), run: () => void send('runTo', { to: 'out' }) },
  { id: 'machine.return', label: 'Machine: run to the return of this interrupt', key: 'R', off: withView(v => v.actors.machine.continue), run: () => void send('runTo', { to: 'interrupt return' }) },
  { id: 'machine.cursor', label: 'Machine: run to the cursor', key: 'U', off: withView(v => v.actors.machine.continue), run: () => runToCursor() },
  { id: 'reset', label: 'Machine: reset', key: null, off: withView(v => (isRunning(v) ? 'Pause first.' : null)), run: reset },
  ...stepperRows,
  { id: 'active.step', label: 'Repeat the active stepper', key: 'F8', everywhere: true, off: withView(v => v.actors[v.active].step), run: s => step(s.view!.active) },
  { id: 'active.back', label: 'Active stepper: step back', key: 'Shift F8', everywhere: true, off: withView(v => v.actors[v.active].back), run: s => void send('stepBack', { actor: s.view!.active }) },
  { id: 'event.previous', label: 'Previous event', key: '[', off: seekOff, run: () => seekBy(-1) },
  { id: 'event.next', label: 'Next event', key: ']', off: seekOff, run: () => seekBy(1) },
  { id: 'interrupt.previous', label: 'Previous interrupt', key: 'Shift [', off: seekOff, run: () => seekInterrupt(-1) },
  { id: 'interrupt.next', label: 'Next interrupt', key: 'Shift ]', off: seekOff, run: () => seekInterrupt(1) },
  { id: 'reverse', label: 'Machine: run back to a breakpoint', key: 'Shift Space', off: seekOff, run: () => void send('reverseContinue', {}) },
  { id: 'fork', label: 'Go on from the past event shown, and keep what came after as a branch', key: null, off: withView(v => (v.recording.live ? 'This is the live end.' : null)), run: () => void send('goOnFromHere', {}) },
  { id: 'live', label: 'Return to live', key: null, off: seekOff, run: () => seek('live') },
  // Inside a code panel F9 is the panel's own; from elsewhere it acts on the cursor of the code tab shown.
  { id: 'breakpoint', label: 'Breakpoint at the cursor line', key: 'F9', off: withView(v => (isRunning(v) ? 'Pause first.' : null)), run: () => breakpointAtCursor() },
  { id: 'breakpoint.condition', label: 'Breakpoint with a condition at the cursor line…', key: 'Shift F9', off: withView(v => (isRunning(v) ? 'Pause first.' : null)), run: () => conditionAtCursor() },
  { id: 'breakpoint.event', label: 'Breakpoint where the event shown happened…', key: 'B', off: withView(v => (isRunning(v) ? 'Pause first.' : null)), run: () => askAtEventShown() },
  { id: 'edit.undo', label: 'Take your last edit of the machine back', key: 'Ctrl Z', off: always, run: () => void undoChange() },
  ...comparisons.map(({ since, name }): CommandRow => ({ id: `since.${since}`, label: `State: compare with ${name}`, key: null, off: withView(v => (isRunning(v) ? 'Pause first.' : null)), run: s => void send('compareWith', { since: since === 'shown' ? s.view!.recording.shown : since }) })),
  ...dockTabNames.map(({ tab, name }, n): CommandRow => ({ id: `dock.${tab}`, label: `Show ${name}`, key: `${n + 1}`, off: always, run: () => useStore.setState({ dockTab: tab }) })),
  { id: 'vcpu.next', label: 'Next vCPU', key: 'V', off: withView(v => (v.vcpus < 2 ? 'This program has one vCPU.' : null)), run: s => void send('selectVcpu', { vcpu: (s.view!.state.vcpu + 1) % s.view!.vcpus }) },
  { id: 'focus.state', label: 'Focus State', key: 'G then S', off: always, run: () => focusRegion('state') },
  { id: 'focus.timeline', label: 'Focus Timeline', key: 'G then T', off: always, run: () => focusRegion('timeline') },
  { id: 'focus.msr', label: 'Focus MSR', key: 'G then M', off: always, run: () => focusRegion('msr') },
  { id: 'focus.lesson', label: 'Focus Lesson', key: 'G then L', off: always, run: () => focusRegion('lesson') },
  { id: 'region.next', label: 'Next region', key: 'F6', everywhere: true, off: always, run: () => nextRegion(1) },
  { id: 'region.previous', label: 'Previous region', key: 'Shift F6', everywhere: true, off: always, run: () => nextRegion(-1) },
  { id: 'region.own', label: 'Focus the region around the focus', key: 'Escape', off: always, run: () => focusOwnRegion() },
  { id: 'palette', label: 'Commands', key: 'Ctrl K', everywhere: true, off: always, run: () => useDialogs.setState({ open: 'palette', typed: '' }) },
  { id: 'help', label: 'Keys and words', key: '?', off: always, run: () => useDialogs.setState({ open: 'help' }) },
  { id: 'words', label: 'Words and acronyms', key: null, off: always, run: () => useDialogs.setState({ open: 'words', word: '' }) },
  { id: 'teachers', label: 'For teachers: write, embed and grade lessons', key: null, off: always, run: () => useDialogs.setState({ open: 'teachers' }) },
  { id: 'reference', label: 'Instruction reference', key: null, off: always, run: () => openReference() },
  { id: 'open', label: 'Open ELF…', key: null, off: always, run: () => chooseFile() },
  { id: 'new', label: 'New program', key: null, off: always, run: () => newProgram() },
  ...lessons.map((l): CommandRow => ({ id: `lesson.${l.id}`, label: `Lesson ${l.number}: ${l.title}`, key: null, off: always, run: () => openLesson(l.id) })),
  { id: 'lesson.open', label: 'Open a lesson…', key: null, off: always, run: () => chooseLesson() },
  { id: 'lesson.anew', label: 'Lesson: begin anew', key: null, off: noLesson, run: () => beginAnew() },
  { id: 'lesson.answer', label: 'Lesson: save my answer', key: null, off: noLesson, run: () => saveAnswer() },
  ...shipped.map(({ file, says }): CommandRow => ({ id: `program.${file}`, label: `Open ${file}: ${says}`, key: null, off: always, run: () => openShipped(file) })),
  { id: 'decode', label: 'Decode a word…', key: null, off: always, run: () => openDecode() },
  { id: 'policies', label: 'Edit or compare policies…', key: null, off: always, run: () => useDialogs.setState({ open: 'policies' }) },
  ...lockings.map((value): CommandRow => ({ id: `locking.${value}`, label: `Scheduler-locking: ${value}`, key: null, off: always, run: () => void send('setSchedulerLocking', { value }) })),
  ...speeds.map(({ speed, name }): CommandRow => ({ id: `speed.${speed}`, label: `Speed: ${name}`, key: null, off: always, run: () => void send('setSpeed', { speed }) })),
  {
    id: 'external',
    get label() { return useStore.getState().view?.state.externalLine ? 'External interrupt: lower the line' : 'External interrupt: raise the line' },
    key: null,
    off: withView(v => (isRunning(v) ? 'Pause first.' : null)),
    run: s => void send('setExternalLine', { vcpu: s.view!.state.vcpu, raised: !s.view!.state.externalLine }),
  },
  ...interrupts.map((setting): CommandRow => ({ id: `interrupts.${setting}`, label: `Interrupts while stepping: ${setting}`, key: null, off: always, run: () => void send('setInterrupts', { setting }) })),
  ...scenarios.map(({ file, title }): CommandRow => ({ id: `scenario.${file}`, label: `Scenario: ${title}`, key: null, off: always, run: () => void openScenario(file) })),
  { id: 'scenario.file', label: 'Scenario: open a file…', key: null, off: always, run: () => chooseScenario() },
  { id: 'share', label: 'Share: copy a link to this session', key: null, off: withView(() => null), run: () => void share() },
  { id: 'session.save', label: 'Session: save to a file', key: null, off: withView(() => null), run: () => void saveSession() },
  { id: 'session.open', label: 'Session: open a file…', key: null, off: always, run: chooseFile },
  { id: 'session.kept', label: 'Sessions in this browser…', key: null, off: apart, run: () => useDialogs.setState({ open: 'kept' }) },
  { id: 'everything.export', label: 'Everything: export to a file', key: null, off: apart, run: () => void saveEverything() },
  { id: 'everything.import', label: 'Everything: import from a file…', key: null, off: apart, run: chooseFile },
  { id: 'walk', label: 'Hypervisor: walk the run loop, or the step', key: null, off: withView(() => null), run: s => void send('setHypervisorWalk', { walk: s.view!.controller.walk === 'loop' ? 'step' : 'loop' }) },
  ...eventCounts.map((n): CommandRow => ({ id: `kept.${n}`, label: `Recording: keep ${grouped(n)} events`, key: null, off: withView(v => (v.recording.kept === n ? 'So many are kept.' : null)), run: () => keepEvents(n) })),
  { id: 'advice', label: 'Advice: on or off', key: null, off: always, run: () => setAdvice(!useAdvice.getState().on) },
  { id: 'theme', label: 'Theme: system, dark, light', key: null, off: always, run: s => setTheme(nextTheme(s.theme)) },
  ...densities.map(({ density, says }): CommandRow => ({ id: `density.${density}`, label: `Rows: ${says}`, key: null, off: always, run: () => setDensity(density) })),
  { id: 'lesson.fold', label: 'Fold or unfold the lesson', key: null, off: always, run: () => foldLesson(!useArrangement.getState().lessonFolded) },
  ...layouts.map(({ name, title }): CommandRow => ({ id: `layout.${name}`, label: `Layout: ${title}`, key: null, off: always, run: () => layOut(name) })),
  { id: 'layout.reset', label: 'Reset layout', key: null, off: always, run: () => arrange(useArrangement.getState().name) },
] // biome-ignore format: a table

export { speeds }

/** Asks only where much would be lost. */
const LONG_RECORDING = 1000
export function reset(): void {
  const events = useStore.getState().view?.recording.events ?? 0
  const go = () => void send('reset', {})
  if (events <= LONG_RECORDING) return go()
  useDialogs.setState({ question: { text: `Reset drops the recording of ${grouped(events)} events.`, yes: 'Reset', act: go } })
}

export const commandNamed = (id: string): CommandRow => commands.find(c => c.id === id)!

/** The policies that there are now: the worker's, and those of the user's. */
export const policyCommands = (s: Store): CommandRow[] =>
  offeredPolicies(s.view?.controller.policies ?? [], useShelf.getState().own).map(({ id, name }) => ({
    id: `policy.${id}`,
    label: `Policy: ${name}`,
    key: null,
    off: always,
    run: () => void choosePolicy(id),
  }))

export const runCommand = (id: string): void => runRow(commandNamed(id))

export function runRow(row: CommandRow): void {
  const s = useStore.getState()
  const why = row.off(s)
  if (why) useStore.setState({ problem: { message: why, action: null } })
  else row.run(s)
}
