/** Lines of an assembled source as DWARF 5: a compilation unit and a line table (6.2) for each executable section. */
import type { Assembled, AssembledLine, Section } from './assemble.ts'

export interface DebugSection {
  readonly name: '.debug_abbrev' | '.debug_info' | '.debug_line'
  readonly bytes: Uint8Array
}

const VERSION = 5
const ADDRESS_BYTES = 8
const [DW_TAG_compile_unit, DW_CHILDREN_no, DW_UT_compile] = [0x11, 0, 1]
const [DW_FORM_addr, DW_FORM_data2, DW_FORM_data8, DW_FORM_string, DW_FORM_udata, DW_FORM_sec_offset] = [1, 5, 7, 8, 0x0f, 0x17]
const [DW_AT_name, DW_AT_stmt_list, DW_AT_low_pc, DW_AT_high_pc, DW_AT_language] = [3, 0x10, 0x11, 0x12, 0x13]
const DW_LANG_Mips_Assembler = 0x8001
const [DW_LNCT_path, DW_LNCT_directory_index] = [1, 2]
const [DW_LNS_copy, DW_LNS_advance_pc, DW_LNS_advance_line] = [1, 2, 3]
const [DW_LNE_end_sequence, DW_LNE_set_address] = [1, 2]

/** Bytes one after another. */
class Bytes {
  readonly list: number[] = []

  constructor(private readonly little: boolean) {}

  byte(...values: number[]): this {
    for (const v of values) this.list.push(v & 0xff)
    return this
  }

  number(value: number | bigint, size: number): this {
    const bytes = Array.from({ length: size }, (_, i) => Number((BigInt.asUintN(64, BigInt(value)) >> BigInt(8 * i)) & 0xffn))
    return this.byte(...(this.little ? bytes : bytes.reverse()))
  }

  unsigned(value: number): this {
    let rest = value
    for (; rest > 0x7f; rest = Math.floor(rest / 128)) this.byte((rest % 128) | 0x80)
    return this.byte(rest)
  }

  signed(value: number): this {
    let rest = value
    for (; rest < -64 || rest > 63; rest >>= 7) this.byte((rest & 0x7f) | 0x80)
    return this.byte(rest & 0x7f)
  }

  text(value: string): this {
    for (const b of new TextEncoder().encode(value)) this.list.push(b)
    return this.byte(0)
  }

  append(other: Bytes): this {
    for (const b of other.list) this.list.push(b)
    return this
  }

  /** Its length in 4 bytes, then it. */
  measured(other: Bytes): this {
    return this.number(other.list.length, 4).append(other)
  }
}

const abbreviations = (little: boolean): Bytes =>
  new Bytes(little)
    .byte(1, DW_TAG_compile_unit, DW_CHILDREN_no)
    .byte(DW_AT_name, DW_FORM_string, DW_AT_language, DW_FORM_data2, DW_AT_stmt_list, DW_FORM_sec_offset)
    .byte(DW_AT_low_pc, DW_FORM_addr, DW_AT_high_pc, DW_FORM_data8)
    .byte(0, 0, 0)

function unit(section: Section, source: string, table: number, little: boolean): Bytes {
  const body = new Bytes(little)
    .number(VERSION, 2)
    .byte(DW_UT_compile, ADDRESS_BYTES)
    .number(0, 4)
    .byte(1)
    .text(source)
    .number(DW_LANG_Mips_Assembler, 2)
    .number(table, 4)
    .number(section.address, 8)
    .number(section.bytes.length, 8)
  return new Bytes(little).measured(body)
}

const MINIMUM_INSTRUCTION = 1
/** Special opcodes are not used: these say what none would need. */
const [LINE_BASE, LINE_RANGE, OPCODE_BASE] = [-5, 14, 13]
const OPERANDS_OF_STANDARD_OPCODES = [0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1]

function fileNames(source: string, little: boolean): Bytes {
  return (
    new Bytes(little)
      .byte(MINIMUM_INSTRUCTION, 1, 1, LINE_BASE, LINE_RANGE, OPCODE_BASE, ...OPERANDS_OF_STANDARD_OPCODES)
      .byte(1, DW_LNCT_path, DW_FORM_string)
      .byte(1)
      .text('.')
      .byte(2, DW_LNCT_path, DW_FORM_string, DW_LNCT_directory_index, DW_FORM_udata)
      // File 0 is the unit's, and programs begin with file 1.
      .byte(2)
      .text(source)
      .byte(0)
      .text(source)
      .byte(0)
  )
}

function lineProgram(section: Section, lines: readonly AssembledLine[], little: boolean): Bytes {
  const end = section.address + BigInt(section.bytes.length)
  const out = new Bytes(little).byte(0, 1 + ADDRESS_BYTES, DW_LNE_set_address).number(section.address, ADDRESS_BYTES)
  let [address, line] = [section.address, 1]
  const to = (next: bigint) => {
    if (next > address) out.byte(DW_LNS_advance_pc).unsigned(Number(next - address))
    address = next
  }
  for (const row of lines) {
    if (row.line === line && row !== lines[0]) continue
    to(row.address)
    if (row.line !== line) out.byte(DW_LNS_advance_line).signed(row.line - line)
    line = row.line
    out.byte(DW_LNS_copy)
  }
  to(end)
  return out.byte(0, 1, DW_LNE_end_sequence)
}

function lineTable(section: Section, lines: readonly AssembledLine[], source: string, little: boolean): Bytes {
  const within = lines.filter(l => l.address >= section.address && l.address < section.address + BigInt(section.bytes.length))
  const ascending = within.sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0))
  const body = new Bytes(little)
    .number(VERSION, 2)
    .byte(ADDRESS_BYTES, 0)
    .measured(fileNames(source, little))
    .append(lineProgram(section, ascending, little))
  return new Bytes(little).measured(body)
}

/** `source` is the name of the file, as a debugger is to look for it. Nothing where no code is. */
export function debugSections(a: Assembled, source: string, little: boolean): DebugSection[] {
  const code = a.sections.filter(s => s.executable)
  if (code.length === 0) return []
  const [info, line] = [new Bytes(little), new Bytes(little)]
  for (const section of code) {
    info.append(unit(section, source, line.list.length, little))
    line.append(lineTable(section, a.lines, source, little))
  }
  return [
    { name: '.debug_abbrev', bytes: Uint8Array.from(abbreviations(little).list) },
    { name: '.debug_info', bytes: Uint8Array.from(info.list) },
    { name: '.debug_line', bytes: Uint8Array.from(line.list) },
  ]
}
