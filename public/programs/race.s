# twostep: map=radix ail=3 ir=1 dr=1 vcpus=2 ram=16M
# Two debuggers, one vector. vCPU 0 works in the kernel, and is to be stepped from outside. On vCPU 1 the guest's own debugger steps
# a program: it sets MSR[SE] in SRR1 and returns to it, so that a Trace interrupt follows each of its instructions. Both vCPUs fetch
# the same vector, so whoever meets the hypervisor's word there is not always the vCPU that is stepped.
#
# SPRG1 of a vCPU counts the Trace interrupts that its handler got. vCPU 0 never asks for one: there it should stay 0.

        .include "msr.inc"
        .include "spr.inc"
        .equ    LINEAR, 0xc000000000000000  # where the kernel sees real address 0

_start: mfspr   r9, SPR_PIR                 # which vCPU
        cmpdi   r9, 0
        bne     inside

work:   addi    r3, r3, 1                   # vCPU 0, kernel
        b       work

inside: bcl     20, 31, 1f                  # vCPU 1, kernel: the guest's debugger
1:      mflr    r9
        addi    r9, r9, program - 1b
        clrldi  r9, r9, 4                   # as the program sees it, at its real address
        mtsrr0  r9
        mfmsr   r9
        ori     r9, r9, MSR_PR              # problem state
        ori     r9, r9, MSR_SE              # one Trace interrupt an instruction
        mtsrr1  r9
        rfid

program:
        addi    r3, r3, 1                   # vCPU 1, user
        b       program

        .section .vectors, "ax"
        .org    LINEAR + 0x4d00             # 0xd00 with AIL 3
trace_vector:
        mtspr   SPR_SPRG0, r9
        mfspr   r9, SPR_SPRG1
        addi    r9, r9, 1
        mtspr   SPR_SPRG1, r9
        mfspr   r9, SPR_SPRG0
        rfid                                # SRR1 has SE still: the next instruction is traced too
