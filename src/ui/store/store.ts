/**
 * What the user chose, and the last view from the worker; never a copy of the machine. Components select from it; actions below
 * are the only writers.
 */
import { create } from 'zustand'
import type { Progress } from '../../emu/lesson/progress.ts'
import type { Command, Commands, MachineView, Notification, PortName, ProgressView } from '../../emu/worker/protocol.ts'
import { TimelineEvents } from '../../emu/worker/timeline-events.ts'
import { type Client, Refused, startClient } from './client.ts'

export type Theme = 'system' | 'dark' | 'light'
export const dockTabs = ['exception', 'breakpoints', 'memory', 'console', 'leaks', 'vcpus', 'history', 'sprs'] as const
export type DockTab = (typeof dockTabs)[number]
/** `file:N` is a source file of the loaded ELF, by its index. */
export type CodeTab = 'source' | 'disassembly' | 'hypervisor' | `file:${number}`

export interface Store {
  view: MachineView | null
  events: TimelineEvents
  /** What the guest wrote to its serial ports. */
  ports: Record<PortName, string>
  /** The last refusal or failure, until dismissed or overtaken by the next success; one that `stays` is about what no request can put right. */
  problem: { message: string; action: { label: string; run: () => void } | null; stays?: true } | null
  dead: string | null
  /** Long work in the worker. */
  progress: ProgressView | null

  source: { name: string; text: string; dirty: boolean }
  theme: Theme
  dockTab: DockTab
  codeTab: CodeTab
  lesson: Progress | null
}

export const useStore = create<Store>(() => ({
  view: null,
  events: TimelineEvents.none,
  ports: { console: '', debug: '' },
  problem: null,
  dead: null,
  progress: null,
  source: { name: 'guest.s', text: '', dirty: false },
  theme: 'system',
  dockTab: 'exception',
  codeTab: 'source',
  lesson: null,
}))

export function notified(state: Store, n: Notification): Partial<Store> {
  switch (n.type) {
    case 'view':
      return {
        view: { ...n.view, program: n.program === undefined ? (state.view?.program ?? null) : n.program },
        events: state.events.with(n.events),
      }
    case 'output':
      return { ports: { ...state.ports, [n.port]: n.reset ? n.text : state.ports[n.port] + n.text } }
    case 'progress':
      return { progress: n.progress }
    default:
      return {}
  }
}

let client: Client | null = null

/** Looking changes nothing, so it does not overtake a refusal. */
export const looks: ReadonlySet<Command> = new Set<Command>([
  'assemble',
  'vcpuRegisters',
  'readMemory',
  'searchMemory',
  'nextMapped',
  'memoryMarks',
  'decodeWord',
  'translateAddress',
  'disassemble',
  'exceptionInfo',
  'source',
  'policyTable',
  'tryPolicy',
  'saveSession',
  'changes',
  'branches',
])

/** Starts the worker; called once by the page. */
export function connect(): void {
  client = startClient(
    n => {
      useStore.setState(s => notified(s, n))
      for (const hear of hearers) hear(n)
    },
    why => useStore.setState({ dead: why }),
  )
}

/** A new worker in the place of one that stopped; what the page held of the old machine is gone. */
export function reconnect(): void {
  client?.terminate()
  useStore.setState({
    dead: null,
    problem: null,
    progress: null,
    view: null,
    events: TimelineEvents.none,
    ports: { console: '', debug: '' },
  })
  connect()
}

const hearers = new Set<(n: Notification) => void>()
/** Hears of what the worker says by itself, after the store has. */
export const onNotification = (hear: (n: Notification) => void): void => void hearers.add(hear)

type Sent = <C extends Command>(command: C, args: Commands[C]['arguments'], body: Commands[C]['body']) => void
const listeners = new Set<Sent>()
/** Hears of every request that was carried out. */
export const onSent = (listener: Sent): void => void listeners.add(listener)

/** Asks for what a panel shows; where it is refused, since the machine runs by now, null. */
export async function ask<C extends Command>(command: C, args: Commands[C]['arguments']): Promise<Commands[C]['body'] | null> {
  try {
    return (await client?.send(command, args)) ?? null
  } catch (e) {
    if (!(e instanceof Refused)) throw e
    return null
  }
}

type Answered<C extends Command> = { readonly body: Commands[C]['body'] } | { readonly refused: string }

/** Sends a request; a refusal, as a sentence, is for the caller to show. */
export async function attempt<C extends Command>(command: C, args: Commands[C]['arguments']): Promise<Answered<C>> {
  if (!client) return { refused: 'The emulator has not started yet. Nothing was changed.' }
  try {
    const body = await client.send(command, args)
    const { problem } = useStore.getState()
    if (!looks.has(command) && problem && !problem.stays) useStore.setState({ problem: null })
    for (const listener of listeners) listener(command, args as never, body as never)
    return { body }
  } catch (e) {
    if (!(e instanceof Refused)) throw e
    return { refused: e.message }
  }
}

/** Sends a request; a refusal is shown to the user and answered with null. */
export async function send<C extends Command>(command: C, args: Commands[C]['arguments']): Promise<Commands[C]['body'] | null> {
  if (!client) return null
  const answer = await attempt(command, args)
  if ('body' in answer) return answer.body
  useStore.setState({ problem: { message: answer.refused, action: null } })
  return null
}
