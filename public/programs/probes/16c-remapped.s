# twostep: map=none ram=16M
# probe: The guest maps other handlers
# channel: 16
# looks at: Whether the guest survives a change of the entry that maps its handlers: behind it others are there.
# notices: The stepper's word lies in the page that was mapped before: the Trace interrupt of a step comes to the
#     guest's handler.

        .equ    LINEAR, 0xc000000000000000  # where the kernel sees real address 0
        .equ    SE, 0x400                   # MSR bit 53
        .equ    EE, 0x8000                  # MSR bit 48

        .macro  same found, expected, code, text    # goes on if both are equal; else that is the verdict
        mr      r4, \found
        mr      r5, \expected
        li      r3, \code
        li      r6, \text - texts
        cmpd    r4, r5
        bne     verdict
        .endm
        .macro  address of, to              # where a label is, in the addresses that this code runs at
        bcl     20, 31, here\@
here\@: mflr    \of
        addi    \of, \of, \to - here\@
        .endm
        .macro  vector at, to               # the handler of an interrupt
        .pushsection .v\at, "ax"
        .org    LINEAR + 0x\at
        b       \to
        .popsection
        .endm

        .macro  constant of, value          # 64 bits
        lis     \of, (\value) >> 48
        ori     \of, \of, (\value) >> 32 & 0xffff
        sldi    \of, \of, 32
        oris    \of, \of, (\value) >> 16 & 0xffff
        ori     \of, \of, (\value) & 0xffff
        .endm
        .macro  entry at, value             # of a table: a big-endian doubleword
        constant r9, \at
        constant r10, \value
        stdbrx  r10, 0, r9
        .endm

        .equ    PROCESSES, 0x300000         # process table
        .equ    ROOT, 0x310000              # 13 bits of index
        .equ    MIDDLE, 0x320000            # 9 bits
        .equ    LEAVES, 0x321000            # 9 bits: pages of 2 MiB
        .equ    VALID, 0x8000000000000000
        .equ    LEAF, 0xc000000000000000
        .equ    KERNEL, 0x0f                # privileged, read, write, execute
        .equ    REFERENCED, 0x100
        .equ    CHANGED, 0x80
        .equ    OTHERS, 0x400000            # where the other handlers are

        .org    LINEAR + 0x210000           # not in the page of the handlers
_start:                                     # in real mode, where the top bits of an address are ignored
        entry   PROCESSES, 0x40000000000000a0 + ROOT + 13
        entry   ROOT, VALID + MIDDLE + 9
        entry   MIDDLE, VALID + LEAVES + 9
        entry   LEAVES, LEAF + REFERENCED + CHANGED + KERNEL
        entry   LEAVES + 8, LEAF + 0x200000 + REFERENCED + CHANGED + KERNEL
        li      r3, 0x37c                   # H_REGISTER_PROC_TBL
        li      r4, 0x1d
        lis     r5, PROCESSES >> 16
        li      r6, 0
        li      r7, 0
        sc      1
        li      r3, 0x31c                   # H_SET_MODE
        li      r4, 3                       # AIL 3
        li      r5, 3
        li      r6, 0
        li      r7, 0
        sc      1
        address r9, probe
        constant r10, LINEAR
        or      r9, r9, r10
        mtsrr0  r9
        mfmsr   r9
        ori     r9, r9, 0x30                # IR, DR
        mtsrr1  r9
        constant r21, LINEAR + LEAVES
        constant r22, LEAF + OTHERS + REFERENCED + CHANGED + KERNEL
        rfid

probe:
        nop
        stdbrx  r22, 0, r21
        nop
        nop
        li      r22, 0
        li      r23, 0
        same    r22, r23, 1, m_r
        b       quiet

texts:
m_r:
        .asciz  "channel 16: never said: 0x"
        .balign 4

# ───── The same in every probe: the verdict, then power-off ─────

quiet:                                      # nothing was noticed
        li      r3, 0
        li      r6, m_quiet - texts
verdict:                                    # r3: 0 or a code. r4: what was found. r5: what should have been. r6: the text
        mr      r31, r3
        mr      r30, r4
        mr      r29, r5
        mfmsr   r9                          # whatever was on, to tell it needs no interrupts
        li      r10, 0x600                  # SE, BE
        ori     r10, r10, EE
        andc    r9, r9, r10
        mtmsrd  r9
        address r28, texts
        add     r28, r28, r6
        bl      say
        cmpdi   r31, 0
        beq     2f
        mr      r27, r30
        bl      number
        address r28, m_instead
        bl      say
        mr      r27, r29
        bl      number
2:      address r28, m_end
        bl      say
        address r4, power_off
        lis     r3, 0
        ori     r3, r3, 0xf000              # H_RTAS
        sc      1
        b       .

say:                                        # r28: text, with a 0 behind it
        lbz     r6, 0(r28)
        cmpdi   r6, 0
        beqlr
        sldi    r6, r6, 56
        li      r5, 1
        lis     r4, 0x7100
        li      r3, 0x58                    # H_PUT_TERM_CHAR
        sc      1
        addi    r28, r28, 1
        b       say

number:                                     # r27, in hexadecimal without zeros in front
        mflr    r26
        li      r25, 60
2:      cmpdi   r25, 0
        beq     3f
        srd     r6, r27, r25
        cmpdi   r6, 0
        bne     3f
        addi    r25, r25, -4
        b       2b
3:      srd     r6, r27, r25
        clrldi  r6, r6, 60
        cmpldi  r6, 10
        addi    r6, r6, 0x30
        blt     4f
        addi    r6, r6, 0x27
4:      sldi    r6, r6, 56
        li      r5, 1
        lis     r4, 0x7100
        li      r3, 0x58
        sc      1
        addic.  r25, r25, -4
        bge     3b
        mtlr    r26
        blr

unasked:                                    # a Trace interrupt, in a guest that did not ask for one
        mfsrr1  r4
        li      r5, 0
        li      r3, 99
        li      r6, m_unasked - texts
        b       verdict
uncaused:                                   # a Program interrupt, in a guest that did not cause one
        mfsrr0  r4
        li      r5, 0
        li      r3, 98
        li      r6, m_uncaused - texts
        b       verdict
        .ifndef on_trace
        .set    on_trace, unasked
        .endif
        .ifndef on_program
        .set    on_program, uncaused
        .endif
m_instead:
        .asciz  " instead of 0x"
m_end:  .asciz  "\n"
m_unasked:
        .asciz  "channel 16: a Trace interrupt came that I did not ask for, with SRR1 = 0x"
m_uncaused:
        .asciz  "channel 16: a Program interrupt came that I did not cause, from 0x"
m_quiet:
        .asciz  "channel 16: nothing noticed"
        .balign 8
power_off:                                  # RTAS takes big-endian words
        .byte   0, 0, 0x20, 3, 0, 0, 0, 2, 0, 0, 0, 1
        .byte   255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0

        .section .real, "ax"                # handlers in real mode: AIL 0, or IR or DR off
        .org    0x700
        b       on_program - LINEAR
        .org    0xd00
        b       on_trace - LINEAR
        .ifndef own_vectors
        vector  4700, on_program
        vector  4d00, on_trace
        .endif
        .macro  other at, to                # of the others, which are mapped where the first were
        .pushsection .o\at, "ax"
        .org    LINEAR + OTHERS + 0x\at
        b       . + (\to - LINEAR - 0x\at)
        .popsection
        .endm
        other   4700, on_program
        other   4d00, on_trace
