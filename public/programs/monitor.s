# twostep: map=radix ail=3 ir=1 dr=1 ram=16M
#
# A program with its own debugger. The monitor is guest code: it owns the guest's trace vector (0xd00) and its program vector
# (0x700), keeps what it interrupted, and waits at the second serial port for a command. Inside: Step sends it "s".
#
#   s            step one instruction: SE is set in the saved SRR1, and rfid loads it into the MSR
#   c            continue to the next trap
#   r            registers
#   m ADDR LEN   bytes of memory, both in hexadecimal, in the linear mapping
#
# Step the monitor itself from outside while it steps the program: two debuggers, one vector.

        .equ    LINEAR, 0xc000000000000000
        .equ    SE, 0x400                   # MSR bit 53
        .equ    RI, 2                       # MSR bit 62
        .equ    PORT, 0x71000001            # the second serial port
        .equ    H_GET_TERM_CHAR, 84
        .equ    H_PUT_TERM_CHAR, 88

# ───────── the program ─────────

_start:
        li      r4, 5
        li      r3, 0
        trap                                # a breakpoint: the monitor takes over
1:      add     r3, r3, r4
        mfmsr   r5                          # the monitor's SE shows here; the hypervisor's must not
        addi    r4, r4, -1
        cmpdi   r4, 0
        bne     1b
        trap
        b       _start

# ───────── its vectors ─────────

        .macro  vector at, to
        .pushsection .v\at, "ax"
        .org    LINEAR + 0x\at
        b       \to
        .popsection
        .endm

        vector  700, monitor_trap
        vector  d00, monitor
        vector  4700, monitor_trap
        vector  4d00, monitor

# ───────── the monitor ─────────

        .equ    GPR, 0                      # the context: r0 to r31, then these
        .equ    NIP, 256
        .equ    MSR, 264
        .equ    CR, 272
        .equ    LR, 280
        .equ    CTR, 288
        .equ    XER, 296
        .equ    WHY, 304                    # 1 after a trap
        .equ    USED, 312                   # characters in the line
        .equ    LINE, 320                   # 64 bytes

        .macro  keep access                 # r1 is the context's address, r2 is free
        .irp    n, 0, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
        \access r\n, GPR + 8 * \n(r1)
        .endr
        .endm

monitor_trap:
        mtsprg  0, r1
        mtsprg  1, r2
        li      r1, 1
        b       entered
monitor:
        mtsprg  0, r1
        mtsprg  1, r2
        li      r1, 0
entered:
        mtsprg  2, r1                       # why
        mflr    r2
        bcl     20, 31, 1f
1:      mflr    r1
        mtlr    r2
        addis   r1, r1, (context - 1b)@ha
        addi    r1, r1, (context - 1b)@l
        keep    std
        std     r2, LR(r1)
        mfsprg  r2, 0
        std     r2, GPR + 8(r1)
        mfsprg  r2, 1
        std     r2, GPR + 16(r1)
        mfsprg  r2, 2
        std     r2, WHY(r1)
        mfcr    r2
        std     r2, CR(r1)
        mfctr   r2
        std     r2, CTR(r1)
        mfxer   r2
        std     r2, XER(r1)
        mfsrr0  r2
        std     r2, NIP(r1)
        mfsrr1  r2
        std     r2, MSR(r1)
        li      r2, RI                      # what was interrupted is safe
        mtmsrd  r2, 1
        mr      r31, r1
        ld      r3, WHY(r31)
        cmpdi   r3, 0
        lis     r6, 0x7374                  # "step at "
        ori     r6, r6, 0x6570
        lis     r7, 0x2061
        ori     r7, r7, 0x7420
        beq     1f
        lis     r6, 0x7472                  # "trap at "
        ori     r6, r6, 0x6170
1:      rldimi  r7, r6, 32, 0
        mr      r6, r7
        li      r5, 8
        bl      put
        ld      r3, NIP(r31)
        bl      puthex
        bl      newline

monitor_wait:                               # the next line
        li      r3, 0
        std     r3, USED(r31)
more:
        li      r3, H_GET_TERM_CHAR
        lis     r4, PORT@h
        ori     r4, r4, PORT@l
        sc      1
        cmpdi   r4, 0
        beq     more
        mr      r20, r4                     # that many characters, in r5 and r6
        mr      r21, r5
        mr      r22, r6
1:      rldicl  r7, r21, 8, 56              # the next one
        sldi    r21, r21, 8
        rldicl  r8, r22, 8, 56
        or      r21, r21, r8
        sldi    r22, r22, 8
        cmpdi   r7, 10
        beq     command
        ld      r8, USED(r31)
        cmpdi   r8, 63
        bge     2f
        addi    r9, r31, LINE
        stbx    r7, r9, r8
        addi    r8, r8, 1
        std     r8, USED(r31)
2:      addi    r20, r20, -1
        cmpdi   r20, 0
        bne     1b
        b       more

command:
        ld      r8, USED(r31)
        cmpdi   r8, 0
        beq     monitor_wait
        addi    r9, r31, LINE
        li      r10, 0
        stbx    r10, r9, r8                 # ends the line
        lbz     r10, LINE(r31)
        ld      r11, MSR(r31)
        cmpdi   r10, 's'
        beq     step
        cmpdi   r10, 'c'
        beq     continue
        cmpdi   r10, 'r'
        beq     registers
        cmpdi   r10, 'm'
        beq     memory
        lis     r6, 0x733f                  # "s? c r m"
        ori     r6, r6, 0x2063
        lis     r7, 0x2072
        ori     r7, r7, 0x206d
        rldimi  r7, r6, 32, 0
        mr      r6, r7
        li      r5, 8
        bl      put
        bl      newline
        b       monitor_wait

step:   ori     r11, r11, SE
        b       leave
continue:
        li      r12, SE
        andc    r11, r11, r12
leave:  ld      r10, NIP(r31)
        ld      r12, WHY(r31)
        sldi    r12, r12, 2                 # behind the trap
        add     r10, r10, r12
        li      r3, 0
        mtmsrd  r3, 1                       # from here on an interrupt would be fatal: RI is 0
        mtsrr0  r10
        mtsrr1  r11
        mr      r1, r31
        ld      r2, CR(r1)
        mtcr    r2
        ld      r2, LR(r1)
        mtlr    r2
        ld      r2, CTR(r1)
        mtctr   r2
        ld      r2, XER(r1)
        mtxer   r2
        keep    ld
        ld      r2, GPR + 16(r1)
        ld      r1, GPR + 8(r1)
resume: rfid                                # to the program

registers:
        li      r23, 0
1:      sldi    r24, r23, 3
        ldx     r3, r31, r24
        bl      puthex
        bl      newline
        addi    r23, r23, 1
        cmpdi   r23, 34                     # r0 to r31, NIP, MSR
        bne     1b
        b       monitor_wait

memory: addi    r24, r31, LINE + 1
        bl      number
        mr      r25, r3
        bl      number
        mr      r26, r3
        srdi    r3, r25, 24                 # only what the linear mapping has
        lis     r4, 0xc0
        sldi    r4, r4, 16
        cmpd    r3, r4
        bne     3f
        cmpldi  r26, 0x100
        ble     1f
        li      r26, 0x100
1:      cmpdi   r26, 0
        beq     2f
        ld      r3, 0(r25)
        bl      puthex
        bl      newline
        addi    r25, r25, 8
        addi    r26, r26, -8
        cmpdi   r26, 0
        bgt     1b
2:      b       monitor_wait
3:      lis     r6, 0x6d3f                  # "m? "
        ori     r6, r6, 0x2020
        sldi    r6, r6, 32
        li      r5, 3
        bl      put
        bl      newline
        b       monitor_wait

# r3: the hexadecimal number at r24, which goes behind it
number: li      r3, 0
1:      lbz     r4, 0(r24)
        cmpdi   r4, ' '
        bne     2f
        addi    r24, r24, 1
        b       1b
2:      lbz     r4, 0(r24)
        addi    r5, r4, -48
        cmpldi  r5, 9
        ble     3f
        ori     r5, r4, 0x20
        addi    r5, r5, -87
        cmpldi  r5, 15
        bgtlr
        cmpldi  r5, 10
        bltlr
3:      sldi    r3, r3, 4
        or      r3, r3, r5
        addi    r24, r24, 1
        b       2b

newline:
        li      r6, 10
        sldi    r6, r6, 56
        li      r5, 1
        b       put

# r3 as sixteen digits
puthex: li      r4, 16
1:      rldicl  r8, r3, 4, 60
        sldi    r3, r3, 4
        cmpdi   r8, 10
        blt     2f
        addi    r8, r8, 39
2:      addi    r8, r8, 48
        rldicl  r9, r7, 8, 56
        sldi    r6, r6, 8
        or      r6, r6, r9
        sldi    r7, r7, 8
        or      r7, r7, r8
        addi    r4, r4, -1
        cmpdi   r4, 0
        bne     1b
        li      r5, 16
# the r5 characters in r6 and r7
put:    li      r3, H_PUT_TERM_CHAR
        lis     r4, PORT@h
        ori     r4, r4, PORT@l
        sc      1
        blr

        .data
        .balign 16
context:
        .space  512
