/** What the header of guest.s says, and which action it offers. */
import type { Diagnostic, ProgramView } from '../../emu/worker/protocol.ts'

export interface SourceFacts {
  dirty: boolean
  empty: boolean
  /** A load is on its way, or the first program has not come yet. */
  loading: boolean
  running: boolean
  program: ProgramView | null
  diagnostics: readonly Diagnostic[]
  /** The worker cannot go on: why. */
  dead: boolean
}

export interface SourceStatus {
  text: string
  /** Errors have a mark of their own beside the words. */
  bad: boolean
  action: 'load' | 'pause' | null
}

const counted = (n: number, one: string) => `${n} ${one}${n === 1 ? '' : 's'}`

export function sourceStatus({ dirty, empty, loading, running, program, diagnostics, dead }: SourceFacts): SourceStatus {
  const status = (text: string, action: SourceStatus['action'] = null, bad = false): SourceStatus => ({ text, action, bad })
  if (dead) return status('the emulator has stopped')
  if (loading) return status('Assembling')
  const errors = diagnostics.filter(d => d.severity === 'error').length
  if (errors) return status(counted(errors, 'error'), running ? 'pause' : 'load', true)
  if (running) return status(dirty ? 'edited, not loaded' : 'running', 'pause')
  if (dirty) return status('edited, not loaded', 'load')
  if (empty) return status('no program')
  if (program && program.kind !== 'source') return status(`${program.name} is loaded instead`, 'load')
  const warnings = diagnostics.length
  return status(`assembled, ${counted(program?.instructions ?? 0, 'instruction')}${warnings ? `, ${counted(warnings, 'warning')}` : ''}`)
}
