/** Setting and clearing breakpoints, from any panel. */
import type { EffectiveAddress } from '../../emu/isa/units.ts'
import { type CodeTab, send, useStore } from '../store/store.ts'
import { addressForLine, type OwnBreakpoint, ownBreakpoints, toggled, toggledAll, withEnabled, without } from './breakpointList.ts'
import { addressesForLine, type CodeLines } from './fileTabs.ts'

/** What was sent and is not yet in the view: two quick changes build on each other. */
let sent: { breakpoints: OwnBreakpoint[] } | null = null

async function change(by: (own: OwnBreakpoint[]) => OwnBreakpoint[]): Promise<void> {
  const view = useStore.getState().view
  if (!view) return
  const mine = { breakpoints: by(sent?.breakpoints ?? ownBreakpoints(view.breakpoints)) }
  sent = mine
  await send('setInstructionBreakpoints', mine)
  if (sent === mine) sent = null
}

export const toggleBreakpoint = (address: EffectiveAddress): Promise<void> => change(own => toggled(own, address))
export const removeBreakpoint = (address: EffectiveAddress): Promise<void> => change(own => without(own, address))
export const enableBreakpoint = (address: EffectiveAddress, enabled: boolean): Promise<void> =>
  change(own => withEnabled(own, address, enabled))
export const addBreakpoint = (address: EffectiveAddress): Promise<void> =>
  change(own => [...without(own, address), { address, enabled: true }])

/** Toggles on a line of the loaded guest.s, or on the next that has an instruction; says so when there is none. */
export function toggleLine(line: number): void {
  const program = useStore.getState().view?.program
  if (program?.kind !== 'source') {
    refuse('guest.s is not loaded, so its lines have no addresses. Load it first.')
    return
  }
  const at = addressForLine(program.lines, line)
  if (at) void toggleBreakpoint(at.address)
  else refuse(`guest.s line ${line}: no instruction here or below. No breakpoint was set.`)
}

/** Toggles on a line of a source file, or on the next that has code: in every function that the line is in. */
export function toggleFileLine(name: string, lines: CodeLines, line: number): void {
  const at = addressesForLine(lines, line)
  if (at) void change(own => toggledAll(own, at.addresses))
  else refuse(`${name} line ${line}: no code here or below. No breakpoint was set.`)
}

const refuse = (message: string) => useStore.setState({ problem: { message, action: null } })

const toggles = new Map<CodeTab, () => void>()

/** A code tab says how to toggle at its cursor; the answer takes that back. */
export function cursorToggle(tab: CodeTab, toggle: () => void): () => void {
  toggles.set(tab, toggle)
  return () => {
    if (toggles.get(tab) === toggle) toggles.delete(tab)
  }
}

/** Toggles at the cursor of the code tab shown, wherever the focus is. */
export function breakpointAtCursor(): void {
  const toggle = toggles.get(useStore.getState().codeTab)
  if (toggle) toggle()
  else refuse('No breakpoint was set: the cursor is not in a source or in Disassembly. Click a line there first.')
}
