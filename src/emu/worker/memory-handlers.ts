/** What the requests about memory do. */
import { disassemble } from '../asm/disassemble.ts'
import type { Session } from '../debug/session.ts'
import { interruptFrames, stackFrames } from './memory-marks.ts'
import { nextMapped, search } from './memory-search.ts'
import { memoryView, realPieces } from './memory-view.ts'
import type { Commands } from './protocol.ts'
import type { SymbolAt } from './state-view.ts'
import { translationView } from './translation-view.ts'
import { branchNote } from './words.ts'

/** What handlers need of the emulator; each throws an Error with a sentence where it cannot be. */
export interface MachineAccess {
  session(): Session
  /** Paused, at the live end or in the past. */
  paused(): Session
  requireVcpu(vcpu: number): void
  /** Something changed: the sentence is said, where there is one, and the page sees it. */
  changed(sentence: string | null): void
  readonly symbolAt: SymbolAt
  /** Long work while paused: told of, and cancelled by `cancel`. */
  work<T>(what: string, total: number, work: Generator<number, T>): Promise<T>
}

type Command = 'memoryMarks' | 'decodeWord' | 'readMemory' | 'writeMemory' | 'searchMemory' | 'nextMapped' | 'translateAddress'
export type MemoryHandlers = {
  [C in Command]: (args: Commands[C]['arguments']) => Commands[C]['body'] | Promise<Commands[C]['body']>
}

/** More than a screen shows. */
const MOST = 65_536

const inSpace = { effective: '', 'guest real': 'guest real ', 'host real': 'host real ' } as const

export const memoryHandlers = (machine: MachineAccess): MemoryHandlers => ({
  readMemory: ({ address, count, space }) => memoryView(machine.session(), address, Math.min(count, MOST), space),
  writeMemory({ address, bytes, space = 'effective' }) {
    const session = machine.paused()
    const branch = branchNote(session)
    const { pieces, fault } = realPieces(session, address, bytes.length, space)
    if (fault !== null) throw new RangeError(`${fault}. Nothing was changed.`)
    const at = `${inSpace[space]}0x${address.toString(16)}`
    session.edit(
      { kind: 'memory', pieces: pieces.map(p => ({ real: p.real, bytes: bytes.slice(p.offset, p.offset + p.count) })) },
      `${bytes.length} byte${bytes.length === 1 ? '' : 's'} at ${at} edited by you`,
    )
    machine.changed(`Memory at ${at} changed.${branch}`)
    return {}
  },
  searchMemory(args) {
    if (args.bytes.length === 0) throw new RangeError('There is nothing to search for. Give at least one byte.')
    const session = machine.session()
    return machine.work('Searching memory', session.core.ramBytes, search(session, args))
  },
  async nextMapped({ space, address, backwards, access }) {
    const session = machine.session()
    const found = await machine.work('Looking for what is mapped', 1, nextMapped(session, space, address, backwards, access))
    return { address: found }
  },
  memoryMarks() {
    const session = machine.session()
    return { marks: [...stackFrames(session, machine.symbolAt), ...interruptFrames(session)] }
  },
  decodeWord({ word, address }) {
    const text = (raw: boolean) => disassemble(word, address, { symbol: machine.symbolAt, raw }).text.replace(/\s+/g, ' ')
    return { text: text(false), plain: text(true) }
  },
  translateAddress: ({ address, access }) => translationView(machine.session(), address, access),
})
