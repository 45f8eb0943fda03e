/** Files that come with the assembler, for `.include`: names made from the tables, and macros for hypercalls. */
import { MSR } from '../isa/bitfields.ts'
import { interruptIds, interrupts } from '../isa/interrupts.ts'
import { sprs } from '../isa/sprs.ts'
import { hypercalls } from './hypercalls.ts'

const equates = (rows: readonly (readonly [string, bigint | number])[]): string =>
  rows.map(([name, value]) => `        .equ    ${name}, 0x${value.toString(16)}\n`).join('')

const upperSnake = (id: string): string => id.replace(/(?=[A-Z])/g, '_').toUpperCase()

const files: Readonly<Record<string, () => string>> = {
  'hcall.inc': () => `# Hypercalls by name, for r3, and macros that make them.
${equates(Object.entries(hypercalls).map(([number, { name }]) => [name, Number(number)]))}
# hputc REG: writes the character in REG to the console. Changes r3 to r6, SRR0 and SRR1.
        .macro  hputc reg
        sldi    r6, \\reg, 56
        li      r3, H_PUT_TERM_CHAR
        li      r4, 0
        li      r5, 1
        sc      1
        .endm

# hputs LABEL, LENGTH: writes LENGTH characters from LABEL. Changes r3 to r8, CTR, LR, SRR0 and SRR1.
        .macro  hputs label, length
        bcl     20, 31, .Lhputs_here\\@
.Lhputs_here\\@:
        mflr    r7
        addis   r7, r7, (\\label - .Lhputs_here\\@)@ha
        addi    r7, r7, (\\label - .Lhputs_here\\@)@l - 1
        li      r8, \\length
        mtctr   r8
.Lhputs_next\\@:
        lbzu    r8, 1(r7)
        hputc   r8
        bdnz    .Lhputs_next\\@
        .endm

# hpoweroff: RTAS power-off. Does not return.
        .macro  hpoweroff
        bcl     20, 31, .Lrtas_here\\@                        # LR: the arguments
        .byte   0, 0, 0x20, 0x03, 0, 0, 0, 2, 0, 0, 0, 1    # token, 2 arguments, 1 result: words in big-endian order
        .space  12
.Lrtas_here\\@:
        mflr    r4
        clrldi  r4, r4, 4                                   # real: without the top of the linear mapping
        lis     r3, H_RTAS@h
        ori     r3, r3, H_RTAS@l
        sc      1
        .endm
`,
  'msr.inc': () => `# Bits of the MSR, as masks.\n${equates(MSR.bits.map(b => [`MSR_${b.name}`, MSR.mask[b.name]]))}`,
  'spr.inc': () =>
    `# Numbers of the special-purpose registers, for mfspr and mtspr.\n${equates(sprs.map(s => [`SPR_${s.name.toUpperCase()}`, s.number]))}`,
  'vectors.inc': () =>
    `# Vectors of the interrupts, with AIL 0.\n${equates(interruptIds.map(id => [`VECTOR_${upperSnake(id)}`, interrupts[id].vector]))}`,
}

export const shippedNames: readonly string[] = Object.keys(files)

/** Null where there is no such file. */
export const shippedFile = (path: string): string | null => (Object.hasOwn(files, path) ? files[path]!() : null)
