# What hypercalls answer: each row of the table is made, and r3 to r6 printed after it. Big-endian, at 0x100, as QEMU enters firmware.
        .org    0x100
_start:
        mfmsr   r11
        li      r12, 1
        sldi    r12, r12, 63
        or      r11, r11, r12
        mtmsrd  r11
        lis     r30, table@h
        ori     r30, r30, table@l
        lis     r31, table_end@h
        ori     r31, r31, table_end@l
next:
        ld      r3, 0(r30)
        ld      r4, 8(r30)
        ld      r5, 16(r30)
        ld      r6, 24(r30)
        ld      r7, 32(r30)
        sc      1
        mr      r26, r3
        mr      r27, r4
        mr      r28, r5
        mr      r29, r6
        li      r25, 0x20               # before each number a space, after the last a line's end
        mr      r24, r26
        bl      number
        mr      r24, r27
        bl      number
        mr      r24, r28
        bl      number
        mr      r24, r29
        bl      number
        li      r5, 1
        li      r6, 0x0a
        sldi    r6, r6, 56
        bl      put
        addi    r30, r30, 40
        cmpld   r30, r31
        blt     next
        lis     r4, power_off@h
        ori     r4, r4, power_off@l
        lis     r3, 0
        ori     r3, r3, 0xf000
        sc      1
        b       .

# The number in r24, as 16 hexadecimal digits behind a space.
number:
        mflr    r23
        li      r5, 1
        li      r6, 0x20
        sldi    r6, r6, 56
        bl      put
        li      r22, 16
digit:
        rldicl  r21, r24, 4, 60
        rldicl  r24, r24, 4, 0
        cmpldi  r21, 10
        addi    r6, r21, 0x30
        blt     1f
        addi    r6, r21, 0x57
1:      sldi    r6, r6, 56
        li      r5, 1
        bl      put
        addic.  r22, r22, -1
        bne     digit
        mtlr    r23
        blr

put:
        li      r3, 0x58
        lis     r4, 0x7100
        sc      1
        blr

        .balign 8
power_off:
        .long   0x2003, 2, 1, -1, -1, 0
unknown_service:
        .long   0x2fff, 1, 1, 7, 9
too_few:
        .long   0x2003, 0, 1, 9

        .equ    PUT, 0x58
        .equ    GET, 0x54
        .equ    MODE, 0x31c
        .equ    TABLE, 0x37c
        .equ    RTAS, 0xf000
        .equ    CONSOLE, 0x71000000
        .balign 8
table:
#               r3,    r4,      r5,   r6,   r7
        .quad   0x5c,  1,       2,    3,    4
        .quad   0x3,   1,       2,    3,    4
        .quad   0x1000000e0, 1, 2,    3,    4
        .quad   PUT,   CONSOLE, 17,   0,    0
        .quad   PUT,   CONSOLE, 0,    0,    0
        .quad   PUT,   CONSOLE + 1, 1, 0,   0
        .quad   GET,   CONSOLE, 2,    3,    4
        .quad   GET,   CONSOLE + 1, 2, 3,   4
        .quad   MODE,  0,       0,    0,    0           # resources
        .quad   MODE,  0,       5,    0,    0
        .quad   MODE,  0,       3,    0,    0           # AIL
        .quad   MODE,  1,       3,    0,    0
        .quad   MODE,  2,       3,    0,    0
        .quad   MODE,  3,       3,    0,    0
        .quad   MODE,  4,       3,    0,    0
        .quad   MODE,  3,       3,    1,    0
        .quad   MODE,  3,       3,    0,    1
        .quad   MODE,  1,       3,    1,    1
        .quad   MODE,  0,       3,    0,    0
        .quad   MODE,  1,       4,    0,    0           # byte order
        .quad   MODE,  2,       4,    0,    0
        .quad   MODE,  0,       4,    1,    0
        .quad   MODE,  0,       4,    0,    1
        .quad   MODE,  2,       4,    1,    1
        .quad   MODE,  0,       4,    0,    0
        .quad   TABLE, 0x20,    0,    0,    0           # process table
        .quad   TABLE, 0x3d,    0x100000, 0, 4
        .quad   TABLE, 0x1d,    0x100800, 0, 4
        .quad   TABLE, 0x1d,    0x1000000000000000, 0, 4
        .quad   TABLE, 0x1d,    0x100000, 1, 4
        .quad   TABLE, 0x1d,    0x100000, 0, 25
        .quad   TABLE, 0x1d,    0x100800, 1, 25
        .quad   TABLE, 0x1d,    0x100000, 0, 4
        .quad   TABLE, 0x05,    0,    0,    0
        .quad   TABLE, 0x00,    0,    0,    0
        .quad   TABLE, 0x14,    0,    0,    0
        .quad   RTAS,  unknown_service, 2, 3, 4
        .quad   RTAS,  too_few, 2,    3,    4
table_end:
