/** Which registers an instruction writes, from its row: the row is evaluated on a scratch state that notes what is set. */
import { STATE_BYTES } from '../core/layout.ts'
import { executeReference, type Performer, Raised } from '../core/reference.ts'
import { State } from '../core/state.ts'
import { MSR } from '../isa/bitfields.ts'
import { decode } from '../isa/instructions.ts'
import type { InstructionWord } from '../isa/units.ts'

class Noting extends State {
  readonly noted = new Set<string>()

  override set(name: string, value: bigint, at = 0): void {
    this.noted.add(name === 'GPR' || name === 'CRF' ? `${name}${at}` : name)
    super.set(name, value, at)
  }
}

const nothing: Performer = {
  load: () => 0n,
  store: () => {},
  loadReserve: () => 0n,
  storeConditional: () => true,
  probeStore: () => {},
  fault: () => {
    throw new Raised('dataStorage', 0n)
  },
  effect: () => {},
}

const known = new Map<InstructionWord, ReadonlySet<string>>()

/** Entries of the state page that the instruction can write: `GPR3`, `CRF0`, `LR`, `SRR1`, `DEC_BASE`. */
export function destinationsOf(word: InstructionWord): ReadonlySet<string> {
  const had = known.get(word)
  if (had) return had
  const instruction = decode(word)
  const state = new Noting(new ArrayBuffer(STATE_BYTES), 0)
  if (instruction) {
    state.set('MSR', MSR.mask.SF | MSR.mask.HV)
    state.noted.clear()
    try {
      executeReference(state, word, instruction, nothing)
    } catch (e) {
      if (!(e instanceof Raised)) throw e
    }
    state.noted.delete('NIP')
    // A branch that is taken; here it need not be.
    if (instruction.trace === 'branch') state.noted.add('CFAR')
  }
  known.set(word, state.noted)
  return state.noted
}

const crFields = Array.from({ length: 8 }, (_, n) => `CRF${n}`)
const parts: Readonly<Record<string, readonly string[]>> = {
  CR: crFields,
  XER: ['SO', 'OV', 'CA', 'OV32', 'CA32', 'XERLOW'],
  TB: ['TB_BASE'],
  VTB: ['VTB_BASE'],
  PURR: ['PURR_BASE'],
  SPURR: ['SPURR_BASE'],
  IC: ['IC_BASE'],
  DEC: ['DEC_BASE'],
  HDEC: ['HDEC_BASE'],
}

/** Entries of the state page that hold a register as debuggers name it. */
export const entriesOf = (register: string): readonly string[] => parts[register] ?? [register.replace(/^r(?=\d+$)/, 'GPR')]

/** Content of an entry. */
export function entryValue(state: State, entry: string): bigint {
  const [, file, at] = /^(GPR|CRF)(\d+)$/.exec(entry) ?? []
  return file ? state.get(file, Number(at)) : state.get(entry)
}
