# Start of a bare program on a hosted ppc64 machine: real mode, byte order of the machine or of the program, entered at 0x100.
        .section .start, "ax"
        .globl  _start
_start:
.ifdef LITTLE
        # Read in big-endian order this word is "b .+8", which skips the branch below it.
        tdi     0, 0, 0x48
        b       begin
        # Big-endian words: go on at "begin" with MSR[LE] set.
        .long   0xa600607d              # mfmsr  r11
        .long   0x01006b61              # ori    r11,r11,1
        .long   0xa6037b7d              # mtsrr1 r11
        .long   0x28016039              # li     r11,0x128
        .long   0xa6037a7d              # mtsrr0 r11
        .long   0x2400004c              # rfid
.else
        b       begin
.endif
        .org    _start + 0x28
begin:
        # QEMU enters with MSR[SF]=0.
        mfmsr   %r11
        li      %r12, 1
        sldi    %r12, %r12, 63
        or      %r11, %r11, %r12
        mtmsrd  %r11
        lis     %r1, stack_top@ha
        addi    %r1, %r1, stack_top@l
        stdu    %r0, -32(%r1)
        lis     %r2, .TOC.@ha
        addi    %r2, %r2, .TOC.@l
        bl      main
        nop
        bl      power_off
        nop
1:      b       1b

# long hypercall(long number, long a, long b, long c, long d): r3 to r7 are where the hypervisor wants them.
        .text
        .globl  hypercall
hypercall:
        sc      1
        blr
