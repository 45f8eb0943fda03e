/**
 * What was said of each choice on qemu-devel, in "target/ppc: support single stepping with KVM HV" (2018 to 2021), in our words: what a
 * version does, what the review answered. A row of which the thread does not speak says so.
 */
import type { Choice } from './choices.ts'

const NOT_SPOKEN_OF = 'The thread does not speak of it.'

export const threadNotes: Readonly<Record<Choice, string>> = {
  capability:
    'Review of v2: do not ask whether KVM is PR, have a capability. v6 checks KVM_CAP_PPC_GUEST_DEBUG_SSTEP (Linux 5.5: 1 on PR, 0 on HV) and steps by itself only without it.',
  traceVector:
    'v2 computes 0xc000000000004d00 when the vCPU is created. Review: a global address that is remembered is wrong; compute it when it is needed, from AIL. v6 predicts it from AIL, IR and DR, and moves the word on H_SET_MODE for the vCPU that calls it.',
  vectors:
    'v6 plants at the vector + 4 when NIP stands on the vector: the instruction there is executed twice, and a branch there never comes to + 4.',
  wordLivesIn:
    'Every version writes 0x00dddd00 into guest memory, through the guest’s own translation. The race of two vCPUs follows from it; no version has the word for one vCPU alone.',
  registerCache:
    'The last point of the review of v2: what is remembered before synchronising may be the handler’s MSR, if something else had synchronised already. v6 synchronises first.',
  mfmsr:
    'v2 looks at the word at SRR0 − 4 and clears SE in its target. After a branch that is another word. v6 keeps the word that was at NIP. In both a guest that set SE itself reads 0.',
  msrAfter:
    'v2 writes the remembered MSR back, so an mtmsr is undone. Review: take it from SRR1 with 33:36 and 44:47 cleared, since nobody can assume that the registers are not synchronised yet. v6 clears SE, 33:36 and 43:47.',
  saveRegisters: 'v2 leaves SRR0 and SRR1 as the trace wrote them. v6 saves them when it arms and puts them back.',
  mtspr: 'v6 gives SRR0 or SRR1 the value of the source register when the stepped word is an mtspr of it; v2 does nothing.',
  sampledRegisters: `${NOT_SPOKEN_OF} In v6’s code SIAR, SDAR and CFAR stay as the trace and the VM entry left them.`,
  rfid: 'v6 sets SE in SRR1 instead of the MSR, so one instruction behind the return runs too. Where a breakpoint stands at SRR0, or a step is pending, it does nothing more. Where SRR1[SE] was 1 already, the trace is taken for the guest’s own.',
  rfscv: `${NOT_SPOKEN_OF} v6’s code does not treat rfscv: SE is lost in CTR.`,
  mtmsr:
    'v2 undoes it by writing the old MSR back. v6 predicts the vector from the MSR before, so an mtmsr that changes IR or DR moves the vector away from the word.',
  systemCalls:
    'In v2 and v6 alike the handler runs free and SE rides in SRR1 (CTR for scv): the stop comes one instruction after the return, or never when the handler changes context.',
  interruptsInStep:
    'v6 has a kind PENDING: another breakpoint in the middle of a step leaves the word where it is, and the step that follows may be taken for its end.',
  selfStepping:
    'Review of v2: what if QEMU and the guest step at the same time? Writing SE = 0 back is wrong; the hypervisor’s trap should come first, then the guest’s own vector. Another answer: clearing SE after one instruction is right, as Linux and KVM PR do.',
  otherVcpu:
    'The race in the review of v2: vCPU 1, which the guest itself steps, meets the word set for vCPU 0. scheduler-locking step avoids it. v6 sends a vCPU back into the guest where the word is at its own remembered vector, which only a vCPU has that was stepped before.',
  ownIllegalWord: 'v6’s code reports an illegal word of the guest’s own to GDB; the Program interrupt that the guest is due does not come.',
  reservation: `${NOT_SPOKEN_OF} The VM exit that each version makes loses it.`,
}
