/** What the hypervisor needs of the machine that it hosts. */
import type { Core } from '../core/core.ts'
import type { Vcpu } from '../core/vcpu.ts'

export interface HypercallAnswer {
  readonly name: string
  /** "H_PUT_TERM_CHAR wrote 5 characters". */
  readonly sentence: string
  readonly poweredOff: boolean
  /** The vCPU waits for an interrupt (H_CEDE). */
  readonly waits: boolean
  /** A debugger in the guest asked the second serial port for a command, and there was none. */
  readonly asks?: boolean
}

export interface Hosted {
  readonly core: Core
  /** Performs the hypercall that the vCPU's registers ask for. */
  hypercall(vcpu: Vcpu): HypercallAnswer
}
