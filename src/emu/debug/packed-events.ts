/**
 * Recorded events in little room: columns of numbers instead of objects. A recording holds a million of them, and an interrupt alone is a
 * dozen 64-bit values. What is no number (a phase's sentence, an edit) lies in a table, once however often it happens.
 */
import type { InterruptTaken } from '../core/events.ts'
import { decode } from '../isa/instructions.ts'
import { type InterruptId, interrupts } from '../isa/interrupts.ts'
import type { EventIndex } from '../isa/units.ts'
import type { Agent, Happening, RecordedEvent } from './events.ts'

type Kind = Happening['kind']
const KINDS = ['free', 'instruction', 'interrupt', 'eventBasedBranch', 'phase', 'edit', 'stop'] as const satisfies readonly Kind[]
const AGENTS = ['outside', 'inside', 'hypervisor', 'machine', 'free', 'you'] as const satisfies readonly Agent[]
const INTERRUPTS = Object.keys(interrupts) as InterruptId[]

/** What events share, by number. */
export class SharedParts {
  private readonly parts: unknown[] = [null]
  private readonly numbers = new Map<string, number>([['null', 0]])
  private last: unknown = null
  private lastNumber = 0

  /** Of anything that JSON holds: the same number for the same content. */
  number(part: unknown): number {
    if (part === this.last) return this.lastNumber
    const key = JSON.stringify(part)
    let n = this.numbers.get(key)
    if (n === undefined) {
      n = this.parts.push(part) - 1
      this.numbers.set(key, n)
    }
    this.last = part
    this.lastNumber = n
    return n
  }

  part<T>(number: number): T {
    return this.parts[number] as T
  }
}

/** Bits of an event's `head`; what `FLAGS` holds is the kind's own. */
const KIND = { at: 0, mask: 7 }
const AGENT = { at: 3, mask: 7 }
const VCPU = { at: 6, mask: 15 }
const LOST = 1 << 10
const STRAY = 1 << 23
const FLAGS = { at: 11, mask: 15 }
const ID = { at: 15, mask: 0xff }

/** Flags, a number beside them, and 64-bit words. */
interface Packed {
  flags: number
  id: number
}

type Pack<W> = (what: W, words: bigint[], shared: SharedParts) => Packed
type Unpack = (vcpu: number, flags: number, id: number, words: BigUint64Array, at: number, shared: SharedParts) => Happening
type Of<K extends Kind> = Extract<Happening, { kind: K }>

const flag = (on: boolean, bit: number): number => (on ? 1 << bit : 0)

/** A part of the table stands for the whole of it. */
const whole = {
  pack(what: Happening, words: bigint[], shared: SharedParts): Packed {
    words.push(BigInt(shared.number(what)))
    return { flags: 0, id: 0 }
  },
  unpack: (_: number, _f: number, _i: number, words: BigUint64Array, at: number, shared: SharedParts) =>
    shared.part<Happening>(Number(words[at])),
}

const codecs: { readonly [K in Kind]: { readonly pack: Pack<Of<K>>; readonly unpack: Unpack } } = {
  free: {
    pack({ boundaries, problemState, shared }, words) {
      words.push(BigInt(boundaries))
      return { flags: flag(problemState, 0) | flag(shared, 1), id: 0 }
    },
    unpack: (vcpu, flags, _, words, at) => ({
      kind: 'free',
      vcpu,
      boundaries: Number(words[at]),
      problemState: (flags & 1) !== 0,
      shared: (flags & 2) !== 0,
    }),
  },
  instruction: {
    pack({ address, word, problemState, se, traced }, words) {
      words.push(address, BigInt(word >>> 0))
      return { flags: flag(problemState, 0) | flag(traced, 1) | flag(se !== null, 2) | flag(se === true, 3), id: 0 }
    },
    unpack(vcpu, flags, _, words, at) {
      const word = Number(words[at + 1])
      return {
        kind: 'instruction',
        vcpu,
        address: words[at]!,
        word,
        instruction: decode(word)!,
        problemState: (flags & 1) !== 0,
        se: flags & 4 ? (flags & 8) !== 0 : null,
        traced: (flags & 2) !== 0,
      }
    },
  },
  interrupt: {
    pack({ id, from, culprit, returnAddress, savedMsr, cause, to, wrote, exits }, words, shared) {
      const names = Object.keys(wrote)
      words.push(from.nip, from.msr, from.lpcr, culprit ?? 0n, returnAddress, savedMsr, cause, to.nip, to.msr)
      words.push(BigInt(shared.number(names)), ...names.map(name => wrote[name]!))
      return { flags: flag(exits, 0) | flag(culprit !== null, 1), id: INTERRUPTS.indexOf(id) }
    },
    unpack(vcpu, flags, id, words, at, shared): InterruptTaken {
      const word = (n: number): bigint => words[at + n]!
      const names = shared.part<string[]>(Number(word(9)))
      return {
        kind: 'interrupt',
        vcpu,
        id: INTERRUPTS[id]!,
        from: { nip: word(0), msr: word(1), lpcr: word(2) },
        culprit: flags & 2 ? word(3) : null,
        returnAddress: word(4),
        savedMsr: word(5),
        cause: word(6),
        to: { nip: word(7), msr: word(8) },
        wrote: Object.fromEntries(names.map((name, n) => [name, word(10 + n)])),
        exits: (flags & 1) !== 0,
      }
    },
  },
  eventBasedBranch: {
    pack({ from, to }, words) {
      words.push(from, to)
      return { flags: 0, id: 0 }
    },
    unpack: (vcpu, _f, _i, words, at) => ({ kind: 'eventBasedBranch', vcpu, from: words[at]!, to: words[at + 1]! }),
  },
  phase: whole,
  edit: whole,
  stop: whole,
}

/** A run of events, packed. */
export class PackedEvents {
  /** Of the interrupts among them. */
  readonly interrupts: number
  private readonly head: Uint32Array
  private readonly step: Uint32Array
  private readonly offset: Uint32Array
  private readonly instructions: BigUint64Array
  private readonly timeBase: BigUint64Array
  private readonly words: BigUint64Array

  constructor(
    events: readonly RecordedEvent[],
    private readonly shared: SharedParts,
  ) {
    const words: bigint[] = []
    this.offset = new Uint32Array(events.length)
    this.step = Uint32Array.from(events, e => shared.number(e.step))
    this.instructions = BigUint64Array.from(events, e => e.instructions)
    this.timeBase = BigUint64Array.from(events, e => e.timeBase)
    this.head = Uint32Array.from(events, ({ what, by, lost, stray }, n) => {
      this.offset[n] = words.length
      const { flags, id } = (codecs[what.kind].pack as Pack<Happening>)(what, words, shared)
      const kind = KINDS.indexOf(what.kind)
      const marks = (lost ? LOST : 0) | (stray ? STRAY : 0)
      return kind | (AGENTS.indexOf(by) << AGENT.at) | (what.vcpu << VCPU.at) | marks | (flags << FLAGS.at) | (id << ID.at)
    })
    this.words = BigUint64Array.from(words)
    this.interrupts = events.reduce((n, e) => n + Number(e.what.kind === 'interrupt'), 0)
  }

  kindAt(n: number): Kind {
    return KINDS[(this.head[n]! >> KIND.at) & KIND.mask]!
  }

  /** Bytes that the columns take. */
  get bytes(): number {
    return [this.head, this.step, this.offset, this.instructions, this.timeBase, this.words].reduce((n, c) => n + c.byteLength, 0)
  }

  at(n: number, index: EventIndex): RecordedEvent {
    const head = this.head[n]!
    const field = ({ at, mask }: { at: number; mask: number }): number => (head >>> at) & mask
    const { unpack } = codecs[this.kindAt(n)]
    return {
      index,
      what: unpack(field(VCPU), field(FLAGS), field(ID), this.words, this.offset[n]!, this.shared),
      by: AGENTS[field(AGENT)]!,
      instructions: this.instructions[n]!,
      timeBase: this.timeBase[n]!,
      step: this.shared.part(this.step[n]!),
      lost: (head & LOST) !== 0,
      stray: (head & STRAY) !== 0,
    }
  }
}
