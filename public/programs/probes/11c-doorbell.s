# twostep: map=radix ail=3 ir=1 dr=1 ram=16M
# probe: A doorbell comes at its instruction
# channel: 11
# looks at: SRR0 and SRR1[SE] in the handler of a doorbell that waited for EE.
# notices: It is due as soon as EE is 1, before the next instruction. Held back, or after an instruction that
#     was performed first, it comes late; taken in the middle of a step, it saves the stepper's SE.

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

_start:
        mfmsr   r20
        ori     r20, r20, EE
        lis     r9, 0x2800                  # to this thread
        msgsndp r9
probe:
        nop
        mtmsrd  r20, 1                      # EE
behind:
        mfmsr   r25
        nop
        li      r22, 0
        li      r23, 1
        same    r22, r23, 3, m_never
on_doorbell:
        mfsrr0  r22
        mfsrr1  r21
        address r23, behind
        same    r22, r23, 1, m_srr0
        andi.   r21, r21, SE
        li      r23, 0
        same    r21, r23, 2, m_se
        b       quiet
        vector  4a00, on_doorbell

texts:
m_srr0:
        .asciz  "channel 11: SRR0 in the handler of the doorbell was 0x"
m_se:
        .asciz  "channel 11: SRR1[SE] in the handler of the doorbell was 0x"
m_never:
        .asciz  "channel 11: doorbell interrupts until it was late: 0x"
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
        .asciz  "channel 11: a Trace interrupt came that I did not ask for, with SRR1 = 0x"
m_uncaused:
        .asciz  "channel 11: a Program interrupt came that I did not cause, from 0x"
m_quiet:
        .asciz  "channel 11: nothing noticed"
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
