/** Runs the boundaries of an outside step free from its start, and compares what the guest finds. */
import type { Core } from '../core/core.ts'
import type { Vcpu } from '../core/vcpu.ts'
import type { Hypervisor } from '../hypervisor/hypervisor.ts'
import type { Turn } from '../hypervisor/schedule.ts'
import type { VcpuId } from '../isa/units.ts'
import type { Action } from './action.ts'
import { compareWithFree, guestStateOf, type Leak } from './leaks.ts'
import { timeAt } from './moment.ts'
import type { Snapshot, SnapshotChain } from './snapshots.ts'

/** Longer steps are not run again. */
const MOST = 1_000_000

interface Stepped {
  readonly core: Core
  readonly hypervisor: Hypervisor
  readonly chain: SnapshotChain<unknown>
  readonly now: bigint
  vcpu(id: VcpuId): Vcpu
}

/** `first` put the step in flight that ended at `end`. The machine is afterwards elsewhere. */
export function leaksOfStep(
  stepped: Stepped,
  first: Action<unknown>,
  end: Snapshot<unknown>,
): Omit<Leak, 'policy' | 'policyName' | 'event'>[] {
  const { core, hypervisor, chain } = stepped
  const origin = first.checkpoints[0]!.snapshot
  if (stepped.now - timeAt(origin) > MOST) return []
  const turns = hypervisor.state.lastStep?.turns ?? []
  const touched = chain.pagesBetween(origin, end)
  const after = guestStateOf(core, touched)
  chain.restore(origin)
  const vcpu = stepped.vcpu(first.vcpu)
  const word = vcpu.wordAt(vcpu.state.get('NIP'))
  runFree(stepped, turns, first)
  const pages = [...new Set([...touched, ...core.takeDirtyPages()])]
  const free = guestStateOf(core, pages)
  for (const real of pages) core.dirty[real / 4096] = 1
  const own = turns.reduce((n, t) => (t.vcpu === first.vcpu ? n + t.boundaries : n), 0)
  return compareWithFree(after, free, typeof word === 'number' ? word : null, own)
}

/** The turns of a step without the step. The vCPU that was stepped runs at least one boundary. */
function runFree({ hypervisor }: Stepped, turns: readonly Turn[], { vcpu: stepped, hold }: Action<unknown>): void {
  const own = turns.some(t => t.vcpu === stepped && t.boundaries > 0)
  for (const { vcpu: id, boundaries } of own ? turns : [...turns, { vcpu: stepped, boundaries: 1 }]) {
    const running = hypervisor.vcpu(id)
    running.hold = hold && id === stepped
    const { stop } = hypervisor.exactly(id, boundaries)
    running.hold = false
    if (stop) break
  }
  hypervisor.synchroniseTime()
}
