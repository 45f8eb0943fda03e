/**
 * The performance monitor: counters of completed instructions, their alerts, and what an alert brings: the Performance Monitor interrupt
 * or an event-based branch. A cycle is a completed instruction here. Power ISA 3.0B, Book III, 9; Book II, 7.
 */
import { BESCR, FSCR, getField, HFSCR, MMCR0, MMCR1, MSR } from '../isa/bitfields.ts'
import type { State } from './state.ts'

const NEGATIVE = 0x80000000n
const COUNTER = 0xffffffffn
const names = ['PMC1', 'PMC2', 'PMC3', 'PMC4', 'PMC5', 'PMC6'] as const
export type CounterName = (typeof names)[number]

/** Events of MMCR1 that count completed instructions or cycles: 0x02 and 0x1e in every counter, and the architected ones. */
const anywhere: readonly bigint[] = [0x02n, 0x1en]
const selected: Readonly<Partial<Record<CounterName, { readonly field: keyof typeof MMCR1.mask; readonly events: readonly bigint[] }>>> = {
  PMC1: { field: 'PMC1SEL', events: [...anywhere, 0xf0n, 0xfen] },
  PMC2: { field: 'PMC2SEL', events: [...anywhere, 0xf4n] },
  PMC3: { field: 'PMC3SEL', events: anywhere },
  PMC4: { field: 'PMC4SEL', events: [...anywhere, 0xfan] },
}

const has = (value: bigint, mask: bigint): boolean => (value & mask) !== 0n

/** Nothing counts and nothing can alert: the usual case, asked before every stretch. */
export const monitorRests = (state: State): boolean => (state.get('MMCR0') & (MMCR0.mask.FC | MMCR0.mask.PMAE)) === MMCR0.mask.FC

/** The counters that count at the state's MSR. */
export function countingNow(state: State): readonly CounterName[] {
  const [mmcr0, msr] = [state.get('MMCR0'), state.get('MSR')]
  const { FC, FCS, FCP, FCM0, FCM1, FCHV, FC1_4, FC5_6 } = MMCR0.mask
  const privilege = has(msr, MSR.mask.PR) ? FCP : has(msr, MSR.mask.HV) ? FCHV : FCS
  if (has(mmcr0, FC | privilege | (has(msr, MSR.mask.PMM) ? FCM1 : FCM0))) return []
  return names.filter(name => {
    const s = selected[name]
    if (!s) return !has(mmcr0, FC5_6)
    return !has(mmcr0, FC1_4) && s.events.includes(getField(MMCR1, s.field, state.get('MMCR1')))
  })
}

const mayAlert = (name: CounterName, mmcr0: bigint): boolean =>
  has(mmcr0, MMCR0.mask.PMAE) && has(mmcr0, name === 'PMC1' ? MMCR0.mask.PMC1CE : MMCR0.mask.PMCjCE)

/** Instructions until a counter that may alert becomes negative; null when none will. */
export function untilAlert(state: State, counting: readonly CounterName[]): number | null {
  const mmcr0 = state.get('MMCR0')
  const left = counting.filter(name => mayAlert(name, mmcr0)).map(name => Number(NEGATIVE - state.get(name)))
  const ahead = left.filter(n => n > 0)
  return ahead.length ? Math.min(...ahead) : null
}

/** So many instructions completed, counted by the counters that counted before them. An alert follows where one is negative. */
export function count(state: State, counting: readonly CounterName[], instructions: number): void {
  for (const name of counting) state.set(name, (state.get(name) + BigInt(instructions)) & COUNTER)
  const mmcr0 = state.get('MMCR0')
  if (!names.some(name => mayAlert(name, mmcr0) && has(state.get(name), NEGATIVE))) return
  const { PMAE, PMAO, FCECE, FC, EBE } = MMCR0.mask
  state.set('MMCR0', (mmcr0 & ~PMAE) | PMAO | (has(mmcr0, FCECE) ? FC : 0n))
  if (has(mmcr0, EBE)) state.set('BESCR', state.get('BESCR') | BESCR.mask.PMEO)
}

/** An alert has occurred, and nobody has seen to it: the exception of the Performance Monitor interrupt. */
export const alertPending = (state: State): boolean => (state.get('MMCR0') & (MMCR0.mask.PMAO | MMCR0.mask.EBE)) === MMCR0.mask.PMAO

/** An event-based branch comes before the next instruction: in problem state, enabled and with an event. Book II, 7.2. */
export function eventBasedBranchDue(state: State): boolean {
  const wanted = BESCR.mask.GE | BESCR.mask.PME | BESCR.mask.PMEO
  return (
    (state.get('BESCR') & wanted) === wanted &&
    state.msr('PR') &&
    has(state.get('FSCR'), FSCR.mask.EBB) &&
    (state.msr('HV') || has(state.get('HFSCR'), HFSCR.mask.EBB))
  )
}

export function eventBasedBranchTarget(state: State): bigint {
  const target = state.get('EBBHR') & ~3n
  return state.msr('SF') ? target : target & 0xffffffffn
}

/** EBBRR gets the next address, BESCR[GE] is cleared; the MSR stays. */
export function takeEventBasedBranch(state: State): void {
  state.set('EBBRR', state.get('NIP'))
  state.set('BESCR', state.get('BESCR') & ~BESCR.mask.GE)
  state.set('NIP', eventBasedBranchTarget(state))
}
