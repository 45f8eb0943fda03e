/** Carries out what the page around asks for, one request after the other, and tells it what happens. */
import type { Actor, Command } from '../../emu/worker/protocol.ts'
import { openSession } from '../keep/session.ts'
import { bringLesson, leaveLesson, useLesson } from '../lesson/open.ts'
import { choosePolicy } from '../policy/shelf.ts'
import { continueOff } from '../shell/commands.ts'
import { hasEdits, putSource } from '../shell/program.ts'
import { onNotification, onSent, send, useStore } from '../store/store.ts'
import { place } from './place.ts'
import { type Control, EMBED_VERSION, type Id, readMessage, type Said } from './protocol.ts'
import { passedTasks, stateOf } from './state.ts'

/** What could not be done: a sentence, with what was kept. */
class NotDone extends Error {}

const view = () => {
  const now = useStore.getState().view
  if (!now) throw new NotDone('The machine is starting. Nothing was changed; ask again after "ready".')
  return now
}

/** The page shows a refusal too; here it is the answer. */
function refused(fallback: string): never {
  throw new NotDone(useStore.getState().problem?.message ?? fallback)
}

async function asked<C extends Command>(...[command, args]: Parameters<typeof send<C>>): Promise<void> {
  if ((await send(command, args)) === null) refused('The machine did not answer.')
}

function sparing(replace: boolean): void {
  const { source } = useStore.getState()
  if (hasEdits() && !replace)
    throw new NotDone(`${source.name} has edits of the user, and nothing was changed. With replace: true they are dropped.`)
}

async function load({ name, source, replace }: Control & { command: 'load' }): Promise<void> {
  sparing(replace)
  const result = await send('loadSource', { name, source })
  if (!result) refused('The machine did not answer.')
  const first = result.diagnostics.find(d => d.severity === 'error')
  if (!result.program)
    throw new NotDone(
      `${name} was not loaded${first ? `: line ${first.line}: ${first.message.replace(/\.$/, '')}` : ''}. What was loaded stays loaded.`,
    )
  leaveLesson()
  putSource(name, source)
}

async function openedLesson({ lesson, text, replace }: Control & { command: 'lesson' }): Promise<void> {
  sparing(replace)
  useStore.setState({ problem: null })
  try {
    await bringLesson(text === null ? { id: lesson! } : { text })
  } catch (e) {
    throw new NotDone(`The lesson could not be opened: ${(e as Error).message.replace(/\.$/, '')}. What was loaded stays loaded.`)
  }
  const { problem } = useStore.getState()
  if (problem) throw new NotDone(problem.message)
}

async function openedSession({ text, replace }: Control & { command: 'session' }): Promise<void> {
  sparing(replace)
  if (!(await openSession(text))) refused('The session could not be opened. Nothing was changed.')
}

async function policy(id: string): Promise<void> {
  const known = view().controller.policies.map(p => p.id)
  if (!known.includes(id)) throw new NotDone(`There is no policy ${id}; there are ${known.join(', ')}. Nothing was changed.`)
  await choosePolicy(id)
  if (view().controller.policy !== id) refused('The policy was not changed.')
}

const steps = { outside: 'stepOutside', inside: 'stepInside', hypervisor: 'stepHypervisor', machine: 'stepMachine' } as const
const unlessOff = (why: string | null): void => {
  if (why) throw new NotDone(why)
}
async function stepped(actor: Actor): Promise<void> {
  unlessOff(view().actors[actor].step)
  await asked(steps[actor], {})
}
async function back(actor: Actor): Promise<void> {
  unlessOff(view().actors[actor].back)
  await asked('stepBack', { actor })
}
async function run(actor: Actor): Promise<void> {
  if (view().run.state === 'running') throw new NotDone('The machine is running already. It goes on.')
  unlessOff(continueOff(view(), actor))
  await asked('continue', { actor })
}

function registersNamed(names: readonly string[] | null): void {
  const odd = names?.find(n => !Object.hasOwn(view().state.registers, n))
  if (odd !== undefined) throw new NotDone(`There is no register ${odd}. Registers are named as in State: r3, NIP, MSR, SRR1.`)
}

/** Does it, and gives what answers it. */
async function carryOut(id: Id | null, control: Control): Promise<Said> {
  switch (control.command) {
    case 'state': {
      registersNamed(control.registers)
      return { event: 'state', id, state: stateOf(view(), useStore.getState().lesson, useLesson.getState().lesson, control.registers) }
    }
    case 'load':
      await load(control)
      break
    case 'lesson':
      await openedLesson(control)
      break
    case 'session':
      await openedSession(control)
      break
    case 'policy':
      await policy(control.policy)
      break
    case 'step':
      await stepped(control.actor)
      break
    case 'back':
      await back(control.actor)
      break
    case 'run':
      await run(control.actor)
      break
    case 'pause':
      await asked('pause', {})
      break
    case 'reset':
      await asked('reset', {})
      break
  }
  return { event: 'done', id }
}

/** Of going back the worker says no end: it runs nothing. */
const backwards: ReadonlySet<Command> = new Set<Command>(['stepBack', 'reset', 'seek', 'seekTime', 'lastWrite'])

function tell(say: (said: Said) => void): void {
  onSent(command => {
    const now = useStore.getState().view
    if (backwards.has(command) && now) say({ event: 'stopped', reason: 'goto', text: now.status.text })
  })
  onNotification(n => {
    if (n.type === 'stopped') say({ event: 'stopped', reason: n.reason, text: n.text })
  })
  useStore.subscribe((now, before) => {
    const { lesson } = useLesson.getState()
    for (const n of passedTasks(before.lesson, now.lesson))
      if (lesson && lesson.id === now.lesson!.id)
        say({ event: 'task', lesson: lesson.id, task: n, title: lesson.tasks[n - 1]?.title ?? '', of: lesson.tasks.length })
  })
}

/** Says "ready" once a program is there: that of the address, or the empty one. */
function whenReady(ready: () => void): void {
  const is = () => useStore.getState().view?.program != null
  if (is()) return ready()
  const stop = useStore.subscribe(() => {
    if (!is()) return
    stop()
    ready()
  })
}

/** Called once. Only the stated origin is heard, and only it is spoken to; from any other a message is as if it had not come. */
export function serveHost(): void {
  const { host, problem } = place
  if (problem) useStore.setState({ problem: { message: problem, action: null, stays: true } })
  if (host === null || window.parent === window) return
  const say = (said: Said): void => window.parent.postMessage({ twostep: EMBED_VERSION, ...said }, host)
  let before: Promise<void> = Promise.resolve()
  addEventListener('message', e => {
    if (e.source !== window.parent || e.origin !== host) return
    const read = readMessage(e.data)
    if (read.kind === 'foreign') return
    const { id } = read
    if (read.kind === 'malformed') return say({ event: 'error', id, message: read.message })
    before = before.then(async () => {
      try {
        say(await carryOut(id, read.control))
      } catch (error) {
        say({ event: 'error', id, message: (error as Error).message })
      }
    })
  })
  tell(say)
  whenReady(() => say({ event: 'ready', version: EMBED_VERSION }))
}
