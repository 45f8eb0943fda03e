/** An instruction statement to its word. */
import { encodeSpelling, type Slot, type Spelling, type Values } from '../isa/alias.ts'
import { insertField } from '../isa/fields.ts'
import { invalidForm } from '../isa/invalid-forms.ts'
import { isWithin, type Level, levelOf, newerNames } from '../isa/levels.ts'
import { NearestNames } from '../isa/nearest.ts'
import { Complaint } from './expression.ts'
import type { Statement } from './lexer.ts'
import { mnemonicNames, refusalOf, spellingsOf, syntaxOf } from './mnemonics.ts'
import { type Place, readOperand } from './operands.ts'

const required = (s: Spelling): number => s.slots.filter(slot => !slot.optional).length

/** The slots that `count` operands fill: optional ones from the left, as many as there are operands for. */
function filledSlots(s: Spelling, count: number): Slot[] {
  let spare = count - required(s)
  return s.slots.filter(slot => !slot.optional || spare-- > 0)
}

const newer = (name: string): string | null => {
  const level = newerNames.get(name)
  return level ? `${name} needs ${level}, and this machine is a POWER9` : null
}

function chooseSpelling(statement: Statement, level: Level): Spelling {
  const head = statement.head!
  const name = head.text.toLowerCase()
  const candidates = spellingsOf(name)
  const count = statement.operands.length
  const found = candidates.find(s => count >= required(s) && count <= s.slots.length)
  if (found) {
    const needed = levelOf(found)
    if (isWithin(needed, level)) return found
    throw new Complaint(`${name} needs ${needed}; what is assembled here is for ${level}`, head)
  }
  const [first] = candidates
  if (!first) throw new Complaint(newer(name) ?? refusalOf(name) ?? `no instruction "${head.text}".`, head)
  const syntaxes = candidates.map(s => syntaxOf(s) || 'no operands')
  const few = count < Math.min(...candidates.map(required))
  const extra = statement.operands[first.slots.length]?.[0]
  const at = few || !extra ? { line: head.line, column: head.column, end: Math.max(head.end, statement.end) } : extra
  throw new Complaint(`${name} takes ${[...new Set(syntaxes)].join(' or ')}, found ${count} operand${count === 1 ? '' : 's'}`, at)
}

/** What GNU as makes of a word: `mtcrf` of one field is the faster `mtocrf`. */
function preferred(s: Spelling, values: Values, word: number): number {
  const fxm = values.FXM ?? 0
  if (s.instruction.name === 'mtcrf' && fxm !== 0 && (fxm & (fxm - 1)) === 0) return (word | insertField('S11', 1)) >>> 0
  return word
}

export interface Encoded {
  readonly word: number
  readonly complaints: readonly Complaint[]
}

const complaintOf = (error: unknown): Complaint => {
  if (error instanceof Complaint) return error
  throw error
}

/** The word, 0 where anything is wrong; every operand that is wrong has its complaint. */
export function encodeInstruction(statement: Statement, place: Place, nearestMnemonic: NearestNames, level: Level): Encoded {
  let spelling: Spelling
  try {
    spelling = chooseSpelling(statement, level)
  } catch (error) {
    const c = complaintOf(error)
    const hint = c.message.endsWith('.') ? nearestMnemonic.hint(statement.head!.text.toLowerCase()) : ''
    return { word: 0, complaints: [new Complaint(c.message + hint, c)] }
  }
  const complaints: Complaint[] = []
  const values: Values = {}
  for (const slot of spelling.slots) values[slot.name] = slot.range && slot.optional ? slot.range.low : 0
  filledSlots(spelling, statement.operands.length).forEach((slot, i) => {
    const tokens = statement.operands[i]!
    const before = statement.operands[i - 1]?.at(-1)
    const where = tokens[0] ?? {
      line: statement.line,
      column: before ? before.end : statement.head!.end,
      end: before ? before.end + 1 : statement.end + 1,
    }
    try {
      Object.assign(values, readOperand(spelling, slot, tokens, where, place))
    } catch (error) {
      complaints.push(complaintOf(error))
    }
  })
  if (complaints.length > 0) return { word: 0, complaints }
  const head = statement.head!
  const whole = { line: head.line, column: head.column, end: Math.max(head.end, statement.end) }
  try {
    const word = encodeSpelling(spelling, values)
    const invalid = invalidForm(spelling.instruction, word)
    if (invalid) place.warn(`invalid form: ${invalid}`, whole)
    return { word: preferred(spelling, values, word), complaints }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return { word: 0, complaints: [new Complaint(error.message, whole)] }
  }
}

export const mnemonicHints = (): NearestNames => new NearestNames(mnemonicNames)
