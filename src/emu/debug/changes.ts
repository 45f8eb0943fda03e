/** What a stretch of the recording changed: registers of every vCPU, and memory. */
import { PAGE } from '../core/layout.ts'
import type { EventIndex, RealAddress, VcpuId } from '../isa/units.ts'
import { readRegisters } from './registers.ts'
import type { Session } from './session.ts'

export interface RegisterChange {
  readonly vcpu: VcpuId
  readonly register: string
  readonly before: bigint
  readonly after: bigint
}

export interface MemoryChange {
  readonly real: RealAddress
  readonly before: Uint8Array
  readonly after: Uint8Array
}

export interface Changes {
  readonly registers: readonly RegisterChange[]
  readonly memory: readonly MemoryChange[]
  /** Stretches of changed bytes beyond those that are listed. */
  readonly more: number
}

/** Clocks that run with every boundary. */
const clocks: ReadonlySet<string> = new Set(['TB', 'VTB', 'PURR', 'SPURR', 'IC', 'DEC', 'HDEC'])
/** Stretches of memory that are listed, and bytes of each. */
const MOST = 64
const LONGEST = 64
/** Unchanged bytes that do not part two stretches. */
const GAP = 4

/** Stretches in which two copies of a page differ: [from, to). */
export function stretches(before: Uint8Array, after: Uint8Array): [from: number, to: number][] {
  const out: [number, number][] = []
  for (let n = 0; n < before.length; n++) {
    if (before[n] === after[n]) continue
    const last = out.at(-1)
    if (last && n - last[1] < GAP && n - last[0] < LONGEST) last[1] = n + 1
    else out.push([n, n + 1])
  }
  return out
}

interface Copy {
  readonly registers: readonly Readonly<Record<string, bigint>>[]
  readonly pages: ReadonlyMap<RealAddress, Uint8Array>
}

const copyOf = ({ core, chain }: Session): Copy => ({
  registers: core.vcpus.map(v => readRegisters(v.state)),
  pages: new Map(chain.written.map(real => [real, core.read(real, PAGE)])),
})

const ZERO = new Uint8Array(PAGE)

/** The way, whose thousandths begin at `from`. */
function* onward(way: Generator<number, void>, from: number): Generator<number, void> {
  for (const done of way) yield from + done
}

/** From just behind one event to just behind another, piece by piece: yields three thousandths of the way. What is shown stays. */
export function* changesBetween(session: Session, from: EventIndex, to: EventIndex): Generator<number, Changes> {
  const was = session.leaveForThePast()
  let back = false
  try {
    yield* onward(session.seeking(from), 0)
    const before = copyOf(session)
    yield 1000
    yield* onward(session.seeking(to), 1000)
    const after = copyOf(session)
    yield 2000
    yield* onward(session.comingBack(was), 2000)
    back = true
    const registers = after.registers.flatMap((all, vcpu) =>
      Object.entries(all).flatMap(([register, value]) => {
        const held = before.registers[vcpu]![register]!
        return held === value || clocks.has(register) ? [] : [{ vcpu, register, before: held, after: value }]
      }),
    )
    const pages = [...new Set([...before.pages.keys(), ...after.pages.keys()])].sort((a, b) => a - b)
    const memory = pages.flatMap(real => {
      const [a, b] = [before.pages.get(real) ?? ZERO, after.pages.get(real) ?? ZERO]
      return stretches(a, b).map(([x, y]) => ({ real: real + x, before: a.slice(x, y), after: b.slice(x, y) }))
    })
    return { registers, memory: memory.slice(0, MOST), more: Math.max(0, memory.length - MOST) }
  } finally {
    if (!back) session.comeBack(was)
  }
}
