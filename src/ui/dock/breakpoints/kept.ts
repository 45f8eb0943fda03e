/** The user's breakpoints outlast a reload: for each program by its name, as long as it is the same program. */
import type { BreakpointSpec, MachineView, ProgramView } from '../../../emu/worker/protocol.ts'
import { ownSpecs } from '../../code/breakpointList.ts'
import { recall, remember } from '../../shell/remembered.ts'
import { send, useStore } from '../../store/store.ts'

type Kept = Omit<BreakpointSpec, 'address'> & { address: string }

/** Tells whether the addresses of a program are still those that breakpoints were set at. */
const signature = (p: ProgramView): string => `${p.entry} ${p.instructions} ${p.symbols.map(s => `${s.name}=${s.address}`).join(' ')}`

export const written = (program: ProgramView, specs: readonly BreakpointSpec[]): string =>
  JSON.stringify({ of: signature(program), breakpoints: specs.map((s): Kept => ({ ...s, address: `${s.address}` })) })

/** What was kept for the program; empty where it was another one, or cannot be read. */
export function read(program: ProgramView, text: string | null): BreakpointSpec[] {
  try {
    const { of, breakpoints } = JSON.parse(text ?? '') as { of: string; breakpoints: Kept[] }
    return of === signature(program) ? breakpoints.map(b => ({ ...b, address: BigInt(b.address) })) : []
  } catch {
    return []
  }
}

const keyOf = (p: ProgramView): string => `breakpoints.${p.name}`

/** Keeps them from now on, and sets what was kept whenever a program is loaded. Answers how to end that. */
export function keepBreakpoints(): () => void {
  let seen: MachineView | null = null
  let setting = false
  const look = async ({ view }: { view: MachineView | null }): Promise<void> => {
    if (!view?.program || setting || view === seen) return
    const [before, { program }] = [seen, view]
    seen = view
    if (view.generation !== before?.generation) {
      const kept = read(program, recall(keyOf(program)))
      if (kept.length === 0 || view.run.state === 'running') return
      setting = true
      await send('setBreakpoints', { breakpoints: kept })
      setting = false
    } else if (view.breakpoints !== before.breakpoints) {
      const text = written(program, ownSpecs(view.breakpoints))
      if (text !== recall(keyOf(program))) remember(keyOf(program), text)
    }
  }
  return useStore.subscribe(s => void look(s))
}
