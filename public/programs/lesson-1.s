# twostep: map=radix ail=3 ir=1 dr=1
# Lesson 1: does this kernel notice being stepped?
        .equ    SE, 0x0400  # MSR bit 53
_start:
        li      r3, 0       # SE count
        li      r4, 8       # rounds left
probe:
        mfmsr   r5          # reads MSR
        andi.   r6, r5, SE
        beq     quiet
        addi    r3, r3, 1   # it noticed
quiet:
        mfspr   r7, SRR1    # left by the trace?
        addic.  r4, r4, -1
        bne     probe
        b       _start
