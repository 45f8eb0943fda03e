/** The turns that the user gives: to the schedule, and to one vCPU at once. */
import type { Session } from '../debug/session.ts'
import type { VcpuId } from '../isa/units.ts'
import { grouped } from './grouped.ts'
import type { Turn } from './protocol.ts'

/** Gives turns, as an edit of the recording; what was done, in words. Throws an Error with a sentence where they cannot be. */
export function giveTurns(session: Session, script: readonly Turn[], quantum: number): string {
  const turns = script.map(t => `vCPU ${t.vcpu} for ${grouped(t.boundaries)}`)
  const said = `schedule set by you: ${[...turns, `round robin by ${grouped(quantum)}`].join(', then ')}`
  session.edit({ kind: 'schedule', change: { script, quantum } }, said)
  return said
}

/** The turns that were given before anything ran; null when none were. */
export function turnsAtFirst({ history }: Session): readonly Turn[] | null {
  let turns: readonly Turn[] | null = null
  for (const { doing } of history) {
    if (doing.kind !== 'edit') break
    if (doing.edit.kind === 'schedule') turns = doing.edit.change.script ?? turns
  }
  return turns?.length ? turns : null
}

/** Throws an Error with a sentence where the vCPU cannot be run for so many boundaries by itself. */
export function refuseTurn({ hypervisor }: Session, vcpu: VcpuId, boundaries: number): void {
  if (!Number.isInteger(boundaries) || boundaries < 1)
    throw new Error(`A turn has at least one boundary, not ${boundaries}. Nothing was changed.`)
  if (hypervisor.state.step?.vcpu === vcpu)
    throw new Error(
      `vCPU ${vcpu} is being stepped from outside. Give the turns to another vCPU, finish the step, or take it back. Nothing was changed.`,
    )
}
