/** The line number program of a unit of `.debug_line`: a small machine whose runs give the rows. DWARF version 5, 6.2.2 and 6.2.5. */
import type { DwarfReader } from './dwarf-bytes.ts'
import { fileName, type LineHeader, oldFile } from './dwarf-line-header.ts'

/** A row of the matrix: the instructions from its address up to the next row's come from this line. */
export interface LineRow {
  readonly address: bigint
  /** The file register. */
  readonly file: number
  /** From 1; 0 where no line is meant. */
  readonly line: number
  /** From 1; 0 is the beginning of the line. */
  readonly column: number
  readonly isStatement: boolean
  /** The address is the first one behind the sequence. */
  readonly endSequence: boolean
}

interface Registers {
  address: bigint
  operation: number
  file: number
  line: number
  column: number
  isStatement: boolean
}

const atStart = ({ defaultIsStatement }: LineHeader): Registers => ({
  address: 0n,
  operation: 0,
  file: 1,
  line: 1,
  column: 0,
  isStatement: defaultIsStatement,
})

interface Run {
  readonly r: DwarfReader
  readonly header: LineHeader
  readonly registers: Registers
  emit(endSequence: boolean): void
}

/** Operation advance: whole instructions move the address, the rest stays in op_index. DWARF 6.2.5.1. */
function advance({ header, registers }: Run, by: bigint): void {
  const operations = BigInt(header.maximumOperations)
  const total = BigInt(registers.operation) + by
  registers.address = BigInt.asUintN(64, registers.address + BigInt(header.minimumInstructionLength) * (total / operations))
  registers.operation = Number(total % operations)
}

const advanceLine = (registers: Registers, by: number): void => {
  registers.line = (registers.line + by) >>> 0
}

type Opcode = (run: Run) => void

/** By number. DWARF 6.2.5.2. Basic blocks, ends of prologues and instruction sets are passed over. */
const standard: readonly (Opcode | null)[] = [
  null,
  run => run.emit(false), // DW_LNS_copy
  run => advance(run, run.r.uleb('DW_LNS_advance_pc')),
  ({ r, registers }) => advanceLine(registers, Number(BigInt.asIntN(32, r.sleb('DW_LNS_advance_line')))),
  ({ r, registers }) => {
    registers.file = Number(BigInt.asUintN(32, r.uleb('DW_LNS_set_file')))
  },
  ({ r, registers }) => {
    registers.column = Number(BigInt.asUintN(32, r.uleb('DW_LNS_set_column')))
  },
  ({ registers }) => {
    registers.isStatement = !registers.isStatement // DW_LNS_negate_stmt
  },
  () => {}, // DW_LNS_set_basic_block
  run => advance(run, BigInt(Math.trunc((255 - run.header.opcodeBase) / run.header.lineRange))), // DW_LNS_const_add_pc
  ({ r, registers }) => {
    registers.address = BigInt.asUintN(64, registers.address + BigInt(r.u16('DW_LNS_fixed_advance_pc')))
    registers.operation = 0
  },
  () => {}, // DW_LNS_set_prologue_end
  () => {}, // DW_LNS_set_epilogue_begin
  ({ r }) => void r.uleb('DW_LNS_set_isa'),
]

/** By number; `length` is what is left of the instruction. DWARF 6.2.5.3. DW_LNE_set_discriminator and unknown ones are passed over. */
const extended: Readonly<Record<number, (run: Run, length: number) => void>> = {
  // DW_LNE_end_sequence
  1: ({ emit, registers, header }) => {
    emit(true)
    Object.assign(registers, atStart(header))
  },
  // DW_LNE_set_address
  2: ({ r, registers }, length) => {
    if (length !== 8) r.fail(`DW_LNE_set_address has ${length} bytes; a 64-bit program's addresses have 8`)
    registers.address = r.u64('DW_LNE_set_address')
    registers.operation = 0
  },
  // DW_LNE_define_file
  3: ({ r, header }) => header.files.push(oldFile(r, fileName(r), header.directories)),
}

function extendedOpcode(run: Run): void {
  const { r } = run
  const from = r.at
  const length = r.count('the length of an extended opcode')
  if (length === 0) r.fail('an extended opcode of length 0', from)
  if (length > r.end - r.at) r.fail('an extended opcode is cut off', from)
  const end = r.at + length
  extended[r.u8('an extended opcode')]?.(run, length - 1)
  if (r.at > end) r.fail('an extended opcode is longer than it says', from)
  r.at = end
}

/**
 * Runs the program from the reader's place to its end; each row costs at least a byte of it. Throws DwarfError, as also for rows that no
 * end of sequence follows: the last would have no end.
 */
export function runLineProgram(r: DwarfReader, header: LineHeader, row: (row: LineRow) => void): void {
  const registers = atStart(header)
  let open = false
  const emit = (endSequence: boolean): void => {
    const { address, file, line, column, isStatement } = registers
    open = !endSequence
    row({ address, file, line, column, isStatement, endSequence })
  }
  const run: Run = { r, header, registers, emit }
  const { opcodeBase, lineBase, lineRange, operands } = header
  while (!r.done) {
    const opcode = r.u8('an opcode')
    if (opcode >= opcodeBase) {
      // A special opcode. DWARF 6.2.5.1.
      const adjusted = opcode - opcodeBase
      advance(run, BigInt(Math.trunc(adjusted / lineRange)))
      advanceLine(registers, lineBase + (adjusted % lineRange))
      emit(false)
    } else if (opcode === 0) extendedOpcode(run)
    else {
      const known = standard[opcode]
      if (known) known(run)
      else for (let n = operands[opcode]!; n > 0; n--) r.uleb('an operand')
    }
  }
  if (open) r.fail('the last sequence has no end')
}
