/** The directives: one entry each, which reads the operands once and returns what every pass does. */
import { data, fill, leb, octa, space, text } from './data-directives.ts'
import {
  type Action,
  ASIDE,
  at,
  atMost,
  count,
  DATA,
  type Directive,
  expression,
  optional,
  READ_ONLY,
  type Reader,
  TEXT,
} from './directive.ts'
import { Complaint, quoted } from './expression.ts'
import type { Statement, Token } from './lexer.ts'
import type { Pass, SectionFlags } from './program.ts'
import { assign, common, globals, ignored, loc, localEntry, machine, set, size, type } from './symbol-directives.ts'

// ───────── place ─────────

const NOP = 0x60000000n
const BRANCH = 0x48000000n
/** GNU as branches over longer runs of nops. */
const MOST_NOPS = 4

/** Ends a group of instructions on POWER7 and POWER8: `ori r2,r2,0`. */
const GROUP_NOP = 0x60420000n

function pad(pass: Pass, size: number, at: Token): void {
  const word = (w: bigint) => pass.bytesOf(w, 4)
  if (!pass.section.flags.executable || size % 4 !== 0) return pass.fill(size, [0], at)
  let nops = size
  if (size / 4 > MOST_NOPS) {
    pass.append(word(BRANCH | BigInt(size)), at)
    nops -= 4
  }
  const { level } = pass.known
  const last = level === 'power7' || level === 'power8' ? GROUP_NOP : NOP
  pass.fill(nops - 4, word(NOP), at)
  pass.append(word(last), at)
}

const LARGEST_ALIGNMENT = 63n

/** `unit`: bytes of the pattern to fill with. */
const align =
  (power: boolean, unit = 1): Directive =>
  (s, r) => {
    atMost(s, 3)
    const amount = expression(s, 0, power ? 'a power of two' : 'an alignment in bytes')
    const [fillWith, most] = [optional(s, 1), optional(s, 2)]
    return pass => {
      const n = count(amount, pass, r, 'the alignment', power ? LARGEST_ALIGNMENT : undefined)
      const bytes = power ? 2 ** n : Math.max(1, n)
      if (!Number.isInteger(Math.log2(bytes))) {
        if (pass.emitting) throw new Complaint(`the alignment ${bytes} is not a power of two`, amount.at)
        return
      }
      const missing = Number((BigInt(bytes) - (pass.here % BigInt(bytes))) % BigInt(bytes))
      if (most && missing > count(most, pass, r, 'the most bytes to skip')) return
      pass.section.alignment = Math.max(pass.section.alignment, Math.min(bytes, 65536))
      if (missing === 0) return
      if (fillWith) {
        const odd = missing % unit
        pass.fill(odd, [0], s.head!)
        pass.fill(missing - odd, pass.bytesOf(r.evaluate(fillWith, pass) ?? 0n, unit), s.head!)
      } else pad(pass, missing, s.head!)
    }
  }

/**
 * `.org`: before anything else in a section the address at which the section begins, wherever the others are. Later an address, or where that
 * lies below the section an offset in it.
 */
const org: Directive = (s, r) => {
  atMost(s, 2)
  const target = expression(s, 0, 'an address')
  const value = optional(s, 1)
  return pass => {
    const v = r.evaluate(target, pass)
    if (v === undefined) return
    const wanted = BigInt.asUintN(64, v)
    const { section } = pass
    if (section.untouched) {
      section.untouched = false
      section.start = wanted
      return
    }
    const address = wanted >= section.address ? wanted : section.address + wanted
    const distance = address - pass.here
    if (distance < 0n) {
      if (pass.emitting)
        throw new Complaint(
          `0x${address.toString(16)} lies behind: this place is 0x${pass.here.toString(16)}. .org goes forward only`,
          target.at,
        )
      return
    }
    const byte = value ? (r.evaluate(value, pass) ?? 0n) : 0n
    pass.fill(Number(distance < 1n << 40n ? distance : 1n << 40n), [Number(byte & 0xffn)], s.head!)
  }
}
// ───────── sections ─────────

/** Flags that a section has by its name. */
function flagsByName(name: string): SectionFlags {
  if (/^\.(text|init|fini|head)(\.|$)/.test(name)) return TEXT
  if (/^\.(data|bss|sdata|sbss|tdata|tbss|toc|got)(\.|$)/.test(name)) return DATA
  if (/^\.(rodata|eh_frame|opd)(\.|$)/.test(name)) return READ_ONLY
  return ASIDE
}

const enter =
  (name: string, flags: SectionFlags): Action =>
  pass =>
    pass.enter(name, flags)

const named =
  (name: string): Directive =>
  s => {
    const rest = s.operands[0]
    const subsection = rest?.length === 1 && rest[0]!.kind === 'number'
    if (subsection && rest[0]!.value !== 0n)
      throw new Complaint('subsections are not supported: write the statements in their order', rest[0]!)
    if (rest && !subsection) throw new Complaint(`${s.head!.text} takes no operands`, rest[0] ?? at(s))
    return enter(name, flagsByName(name))
  }

const section: Directive = s => {
  const [token, flags] = s.operands
  const nameText = token?.map(t => (t.kind === 'string' ? String.fromCharCode(...t.bytes) : t.text)).join('')
  if (!nameText) throw new Complaint(`${s.head!.text} expects a section name`, token?.[0] ?? at(s))
  const [letters] = flags ?? []
  if (letters && letters.kind !== 'string') throw new Complaint(`expected section flags such as "ax", found ${quoted(letters)}`, letters)
  if (!letters) return enter(nameText, flagsByName(nameText))
  const has = (c: string) => letters.bytes.includes(c.charCodeAt(0))
  return enter(nameText, { executable: has('x'), writable: has('w'), loaded: has('a') })
}

const previous: Directive = s => pass => {
  if (!pass.swap() && pass.emitting) throw new Complaint('.previous without a section before this one', at(s))
}

const pushSection: Directive = (s, r) => {
  const go = section(s, r)
  return pass => {
    pass.push()
    go?.(pass)
  }
}

const popSection: Directive = s => pass => {
  if (!pass.pop() && pass.emitting) throw new Complaint('.popsection without .pushsection', at(s))
}
/** `name = expression`. */
export function assignment(s: Statement, r: Reader): Action {
  if (s.head!.kind !== 'name') throw new Complaint(`expected a symbol before "=", found ${quoted(s.head!)}`, s.head!)
  atMost(s, 1)
  const value = expression(s, 0, 'a value after "="')
  if (s.head!.text !== '.') return assign(r.declareAssigned(s.head!, false), value, r)
  return org({ ...s, head: { ...s.head!, text: '.org' } }, r)!
}

// biome-ignore format: columns
export const directives: ReadonlyMap<string, Directive> = new Map<string, Directive>([
  ['.byte', data(1)], ['.2byte', data(2)], ['.short', data(2)], ['.hword', data(2)], ['.4byte', data(4)],
  ['.long', data(4)], ['.int', data(4)], ['.word', data(2)], ['.8byte', data(8)], ['.quad', data(8)], ['.llong', data(8)],
  ['.ascii', text(false)], ['.asciz', text(true)], ['.string', text(true)],
  ['.space', space], ['.skip', space], ['.zero', space], ['.fill', fill],
  ['.dc.b', data(1)], ['.dc', data(2)], ['.dc.w', data(2)], ['.dc.l', data(4)], ['.string8', text(true)],
  ['.balignw', align(false, 2)], ['.balignl', align(false, 4)], ['.p2alignw', align(true, 2)], ['.p2alignl', align(true, 4)],
  ['.align', align(true)], ['.p2align', align(true)], ['.balign', align(false)], ['.org', org],
  ['.text', named('.text')], ['.data', named('.data')], ['.bss', named('.bss')],
  ['.section', section], ['.pushsection', pushSection], ['.popsection', popSection], ['.previous', previous],
  ['.set', set(false)], ['.equ', set(false)], ['.equiv', set(true)],
  ['.globl', globals(false)], ['.global', globals(false)], ['.weak', globals(true)],
  ['.comm', common(false)], ['.lcomm', common(true)],
  ['.loc', loc], ['.type', type], ['.size', size], ['.localentry', localEntry], ['.machine', machine],
  ['.octa', octa], ['.uleb128', leb(false)], ['.sleb128', leb(true)],
  ...['.abiversion', '.file', '.ident', '.local', '.hidden', '.protected', '.internal', '.noaltmacro', '.print', '.linkonce', '.version', '.symver',
    '.gnu_attribute', '.cfi_startproc', '.cfi_endproc', '.cfi_def_cfa', '.cfi_def_cfa_offset', '.cfi_def_cfa_register',
    '.cfi_offset', '.cfi_register', '.cfi_restore', '.cfi_sections', '.cfi_adjust_cfa_offset', '.cfi_remember_state', '.cfi_restore_state',
    '.addrsig', '.title', '.sbttl', '.list', '.nolist', '.psize', '.eject'].map(n => [n, ignored] as const),
])
