/** Units and address spaces, as types. A plain number or bigint may become any of them; one of them never becomes another by mistake. */
declare const unit: unique symbol
type Unit<T, U extends string> = T & { readonly [unit]?: U }

/** Address that an instruction computes, before any translation. */
export type EffectiveAddress = Unit<bigint, 'effective'>
/** Guest real address: result of process-scoped translation, or the effective address in real mode. */
export type GuestReal = Unit<bigint, 'guest real'>
/** Position in the machine's RAM: host real address, result of partition-scoped translation. */
export type RealAddress = Unit<number, 'real'>
/** Number of boundaries (completed instructions and interrupts taken) since reset. */
export type InstructionCount = Unit<bigint, 'boundaries'>
/** Ticks of the time base. */
export type TimeBase = Unit<bigint, 'time base'>
export type VcpuId = Unit<number, 'vCPU'>
/** The 32 bits of one instruction word, as an unsigned number. */
export type InstructionWord = Unit<number, 'word'>
/** Event number in the recording; the first event is 1, and 0 is the state before any event. */
export type EventIndex = Unit<number, 'event'>
