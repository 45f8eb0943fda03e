/** Setting and clearing breakpoints, from any panel. */
import type { EffectiveAddress } from '../../emu/isa/units.ts'
import type { BreakpointSpec } from '../../emu/worker/protocol.ts'
import { askBreakpoint } from '../dock/breakpoints/asked.ts'
import { attempt, type CodeTab, send, useStore } from '../store/store.ts'
import { hex } from './address.ts'
import { addressForLine, type OwnBreakpoint, ownBreakpoints, ownSpecs, samePlace, toggled, toggledAll } from './breakpointList.ts'
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

/** Changes the list of all kinds; answers why the machine did not take it, null where it did. */
async function changeSpecs(by: (own: BreakpointSpec[]) => BreakpointSpec[]): Promise<string | null> {
  const view = useStore.getState().view
  if (!view) return 'The machine is starting. Nothing was changed.'
  const answer = await attempt('setBreakpoints', { breakpoints: by(ownSpecs(view.breakpoints)) })
  return 'refused' in answer ? answer.refused : null
}

export const addSpec = (spec: BreakpointSpec): Promise<string | null> => changeSpecs(own => [...own, spec])
export const removeSpec = (spec: BreakpointSpec): Promise<string | null> => changeSpecs(own => own.filter(b => !samePlace(b, spec)))
export const replaceSpec = (old: BreakpointSpec, spec: BreakpointSpec): Promise<string | null> =>
  changeSpecs(own => own.map(b => (samePlace(b, old) ? spec : b)))

/** Runs the guest to the address, before its instruction. */
export const runToAddress = (address: EffectiveAddress): void => void send('runTo', { to: 'address', address })

export const toggleBreakpoint = (address: EffectiveAddress): Promise<void> => change(own => toggled(own, address))

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

interface Cursor {
  toggle: () => void
  /** Of the instruction at the cursor, or of the next below. */
  address: () => EffectiveAddress | null
}

const cursors = new Map<CodeTab, Cursor>()

/** A code tab says how to toggle at its cursor, and where that is; the answer takes that back. */
export function cursorToggle(tab: CodeTab, toggle: () => void, address: () => EffectiveAddress | null): () => void {
  const mine = { toggle, address }
  cursors.set(tab, mine)
  return () => {
    if (cursors.get(tab) === mine) cursors.delete(tab)
  }
}

const NOWHERE = 'the cursor is not in a source or in Disassembly. Click a line there first.'

/** Toggles at the cursor of the code tab shown, wherever the focus is. */
export function breakpointAtCursor(): void {
  const cursor = cursors.get(useStore.getState().codeTab)
  if (cursor) cursor.toggle()
  else refuse(`No breakpoint was set: ${NOWHERE}`)
}

/** Asks for the conditions of a breakpoint at the cursor of the code tab shown: of the one there, or of a new one. */
export function conditionAtCursor(): void {
  const at = cursors.get(useStore.getState().codeTab)?.address() ?? null
  if (at === null) refuse(`No breakpoint was asked for: ${NOWHERE}`)
  else askBreakpoint({ kind: 'software', address: hex(at) })
}

/** Runs the guest to the cursor of the code tab shown. */
export function runToCursor(): void {
  const at = cursors.get(useStore.getState().codeTab)?.address() ?? null
  if (at === null) refuse('The guest did not run: the cursor is not on code. Click a line with an instruction first.')
  else runToAddress(at)
}
