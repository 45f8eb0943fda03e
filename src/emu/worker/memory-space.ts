/** The three ways to name a byte: effective in the vCPU's present context, guest real, host real. What is mapped of each, stretch by stretch. */
import type { Access, Fault, WalkStep } from '../core/mmu.ts'
import type { Session } from '../debug/session.ts'
import { DSISR, MSR, SRR1 } from '../isa/bitfields.ts'
import type { RealAddress } from '../isa/units.ts'
import type { Space } from './protocol.ts'

const END = 1n << 64n
const SHORT_END = 1n << 32n
const NO_EXECUTE = SRR1.instructionStorage.mask.noExecute
const hex = (v: bigint): string => `0x${v.toString(16)}`

/** Addresses from `from` up to but not with `to` that one entry maps, or that nothing maps for one reason. */
export interface Stretch {
  readonly from: bigint
  readonly to: bigint
  /** Of `from`; null where nothing is mapped. */
  readonly real: RealAddress | null
  /** Why, short; '' where it is mapped. */
  readonly why: string
}

/** Why an access fails, short; the first that applies. */
const reasons: readonly (readonly [mask: bigint, why: string])[] = [
  [DSISR.mask.processTable, 'no process table entry'],
  [DSISR.mask.noTranslation, 'no entry'],
  [NO_EXECUTE, 'no-execute page'],
  [DSISR.mask.protection | DSISR.mask.key, 'the page forbids it'],
  [DSISR.mask.configuration, 'a table entry that radix does not allow'],
]

export function whyNot({ interrupt, status, guestReal }: Fault): string {
  if (interrupt === 'dataSegment' || interrupt === 'instructionSegment') return 'outside the quadrant'
  if (guestReal !== undefined) return 'beyond RAM'
  return reasons.find(([mask]) => (status & mask) !== 0n)?.[1] ?? 'no entry'
}

/** Bits of an address that the entry read last translates; a quadrant where no entry of a tree was read. */
const shiftOf = (steps: readonly WalkStep[]): bigint => BigInt(steps.findLast(s => s.kind === 'tree')?.shift ?? 62)

function realStretch(session: Session, address: bigint): Stretch {
  const ram = BigInt(session.core.ramBytes)
  if (address < ram) return { from: 0n, to: ram, real: 0, why: '' }
  return { from: ram, to: END, real: null, why: 'beyond RAM' }
}

/** With translation off the high four bits of an address count for nothing: RAM is there sixteen times. */
function realModeStretch(session: Session, address: bigint): Stretch {
  const ram = BigInt(session.core.ramBytes)
  const window = address & ~0x0fffffffffffffffn
  if (address - window < ram) return { from: window, to: window + ram, real: 0, why: '' }
  return { from: window + ram, to: window + (1n << 60n), real: null, why: 'beyond RAM' }
}

function translatedStretch(session: Session, address: bigint, access: Access): Stretch {
  const steps: WalkStep[] = []
  const found = session.vcpu().translate(address, access, true, s => steps.push(s))
  const size = 1n << shiftOf(steps)
  const from = address & ~(size - 1n)
  const to = from + size
  const ram = BigInt(session.core.ramBytes)
  if ('interrupt' in found) {
    const why = whyNot(found)
    // An address wider than the tree: what is below it in the quadrant is another matter.
    const tree = why === 'outside the quadrant' ? steps[0] : undefined
    if (tree) return { from: from + (1n << BigInt(tree.shift)), to, real: null, why }
    // A page that lies over the end of RAM has two stretches.
    const inRam = found.guestReal === undefined ? 0n : ram - (found.guestReal - (address - from))
    return { from: inRam > 0n ? from + inRam : from, to, real: null, why }
  }
  const real = found.guestReal - (address - from)
  return { from, to: real + size > ram ? from + (ram - real) : to, real: Number(real), why: '' }
}

/** The stretch that holds the address. Changes nothing. */
export function stretchAt(session: Session, space: Space, address: bigint, access: Access = 'load'): Stretch {
  if (space !== 'effective') return realStretch(session, address)
  const msr = session.vcpu().state.get('MSR')
  const on = (msr & (access === 'fetch' ? MSR.mask.IR : MSR.mask.DR)) !== 0n
  return on ? translatedStretch(session, address, access) : realModeStretch(session, address)
}

/** Where the space ends: a guest in 32-bit mode has no effective addresses above. */
export const endOf = (session: Session, space: Space): bigint =>
  space === 'effective' && !session.vcpu().state.msr('SF') ? SHORT_END : END

/** Stretches from the address on (the first one whole), or from it downwards, to the end of the space. */
export function* stretches(session: Session, space: Space, from: bigint, backwards: boolean, access: Access = 'load'): Generator<Stretch> {
  const end = endOf(session, space)
  for (let at = from; at >= 0n && at < end; ) {
    const s = stretchAt(session, space, at, access)
    yield s
    at = backwards ? s.from - 1n : s.to
  }
}

export type Found = { real: RealAddress } | { fault: string }

/** Where the byte lies, or a sentence that says why nowhere. */
export function locate(session: Session, space: Space, address: bigint, access: 'load' | 'fetch'): Found {
  if (space !== 'effective') {
    const { from, real } = realStretch(session, address)
    if (real !== null) return { real: real + Number(address - from) }
    return { fault: `Not mapped: ${hex(address)} (${space}, beyond the end of RAM at ${hex(BigInt(session.core.ramBytes))})` }
  }
  const found = session.vcpu().translate(address, access, true)
  if (!('interrupt' in found)) return { real: Number(found.guestReal) }
  const bit = access === 'fetch' ? 'IR' : 'DR'
  const how = session.vcpu().state.msr(bit) ? `${bit} on` : 'real mode'
  return { fault: `Not mapped: ${hex(address)} (${how}, ${whyNot(found)})` }
}
