/** State of the machine's devices: plain data, part of every snapshot. */
export interface DeviceState {
  /** Typed, and not yet read by the guest. */
  consoleInput: string
  /** Everything the guest wrote. */
  consoleOutput: string
  poweredOff: boolean
}
