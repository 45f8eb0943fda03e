/** The page in another's frame: does what the embedder asks, and tells it what happens. Only the origin that `?embed=` names is heard. */
import type { MachineView } from '../../emu/worker/protocol.ts'
import { openSession } from '../keep/session.ts'
import { lessons } from '../lesson/lessons.ts'
import { openLesson, useLesson } from '../lesson/open.ts'
import { choosePolicy } from '../policy/shelf.ts'
import { putSource } from '../shell/program.ts'
import { send, useStore } from '../store/store.ts'
import { type Control, EMBED_VERSION, embedderOf, readControl, type StateMessage, type Told } from './messages.ts'

const hex = (v: bigint): string => `0x${v.toString(16)}`

export const stateMessage = (view: MachineView): StateMessage => ({
  vcpu: view.state.vcpu,
  instructions: view.instructions.toString(),
  running: view.run.state === 'running',
  events: view.recording.events,
  shown: view.recording.shown,
  policy: view.controller.policy,
  leaks: view.controller.leaks.filter(l => l.policy === view.controller.policy).length,
  registers: Object.fromEntries(Object.entries(view.state.registers).map(([name, value]) => [name, hex(value)])),
})

const steps = { outside: 'stepOutside', inside: 'stepInside', hypervisor: 'stepHypervisor', machine: 'stepMachine' } as const

type Does = { readonly [K in Control['do']]: (c: Extract<Control, { do: K }>) => Promise<unknown> }
const does: Does = {
  load: async ({ name, source }) => {
    const loaded = await send('loadSource', { name, source })
    if (!loaded) return
    if (!loaded.program) {
      const first = loaded.diagnostics.find(d => d.severity === 'error')
      throw new Error(first ? `Line ${first.line}: ${first.message}` : 'The program has errors.')
    }
    putSource(name, source)
  },
  session: ({ text }) => openSession(text),
  lesson: ({ lesson }) => {
    if (!lessons.some(l => l.id === lesson))
      throw new Error(`There is no lesson ${lesson}. There are ${lessons.map(l => l.id).join(', ')}.`)
    return openLesson(lesson)
  },
  policy: async ({ policy }) => choosePolicy(policy),
  step: ({ actor }) => send(steps[actor] as 'stepMachine', {}),
  back: ({ actor }) => send('stepBack', { actor }),
  run: ({ actor }) => send('continue', { actor }),
  pause: () => send('pause', {}),
  reset: () => send('reset', {}),
  state: async () => {},
}

/** Carries it out; answers what was refused. */
async function carryOut(control: Control): Promise<string | null> {
  const before = useStore.getState().problem
  try {
    await (does[control.do] as (c: Control) => Promise<unknown>)(control)
  } catch (e) {
    return (e as Error).message
  }
  const { problem } = useStore.getState()
  return problem !== null && problem !== before ? problem.message : null
}

/** True where the page is embedded by an origin that its address names. */
export function beEmbedded(): boolean {
  const origin = embedderOf(location.search)
  if (origin === null || parent === window) return false
  document.documentElement.dataset.embedded = ''
  const tell = (told: Told) => parent.postMessage({ twostep: EMBED_VERSION, ...told }, origin)
  addEventListener('message', async e => {
    if (e.origin !== origin || e.source !== parent) return
    const read = readControl(e.data)
    if (read === null) return
    const { view } = useStore.getState()
    const problem = 'problem' in read ? read.problem : view ? await carryOut(read) : 'The machine is starting. Wait for "ready".'
    const now = useStore.getState().view
    tell({
      event: 'answer',
      id: read.id,
      ok: problem === null,
      ...(problem !== null && { problem }),
      ...('do' in read && read.do === 'state' && now && { state: stateMessage(now) }),
    })
  })
  let ready = false
  useStore.subscribe((now, was) => {
    if (now.view && !ready) {
      ready = true
      tell({ event: 'ready' })
    }
    const { view } = now
    // A step, a run or a look at the past has come to rest.
    if (
      view &&
      was.view &&
      view.run.state !== 'running' &&
      (was.view.run.state === 'running' || view.recording !== was.view.recording) &&
      view.status.text !== was.view.status.text
    )
      tell({ event: 'stopped', text: view.status.text, state: stateMessage(view) })
    if (now.lesson && now.lesson.done !== was.lesson?.done && now.lesson.done.length > 0 && now.lesson.id === was.lesson?.id)
      tell({ event: 'task', lesson: now.lesson.id, done: now.lesson.done.length, of: useLesson.getState().lesson?.tasks.length ?? 0 })
    if (now.problem && now.problem !== was.problem) tell({ event: 'problem', text: now.problem.message })
  })
  return true
}
