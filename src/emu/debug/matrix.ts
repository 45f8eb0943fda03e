/** The matrix of probes: every probe under every policy. Each result comes from a run made when it is asked for. */
import type { Policy } from '../hypervisor/policy.ts'
import { type ProbeResult, runProbe, type Setting, type Verdict } from './probe.ts'
import type { ProbeProgram } from './probe-program.ts'

/**
 * One result after the other, so that whoever asks can show each and stop: every policy and setting of a probe, then the next probe. Throws
 * ProbeError when a probe itself is wrong.
 */
export function* matrix(
  programs: readonly ProbeProgram[],
  policies: readonly Policy[],
  settings: readonly Setting[],
): Generator<ProbeResult> {
  for (const program of programs) for (const policy of policies) for (const setting of settings) yield runProbe(program, policy, setting)
}

/** What the probes of one channel found under one policy. */
export interface Cell extends Pick<ProbeResult, 'policy' | 'channel' | 'setting' | 'verdict' | 'why'> {
  /** The probe that decided it. */
  readonly program: string
  readonly programs: readonly ProbeResult[]
}

/** The worst first: what one probe notices is a leak of the channel. */
const order: readonly Verdict[] = ['leak', 'lost', 'pass', 'not run']

/** By channel, then policy, then setting, in the order in which these first come. */
export function cellsOf(results: readonly ProbeResult[]): Cell[] {
  const groups = new Map<string, ProbeResult[]>()
  for (const r of results) {
    const key = `${r.channel} ${r.policy} ${r.setting}`
    groups.set(key, [...(groups.get(key) ?? []), r])
  }
  return [...groups.values()]
    .map(group => {
      const worst = order.map(v => group.find(r => r.verdict === v)).find(r => r !== undefined)!
      const { policy, channel, setting, verdict, why, program } = worst
      return { policy, channel, setting, verdict, why, program, programs: group }
    })
    .sort((a, b) => a.channel - b.channel)
}
