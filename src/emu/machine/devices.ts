/** State of the machine's devices: plain data, part of every snapshot. */
export type PortName = 'console' | 'debug'

export const noDevices: DeviceState = {
  consoleInput: '',
  consoleOutput: '',
  debugInput: '',
  debugOutput: '',
  debugWaits: false,
  poweredOff: false,
}

export interface DeviceState {
  /** Typed, and not yet read by the guest. */
  consoleInput: string
  /** Everything the guest wrote. */
  consoleOutput: string
  /** The same of the second serial port, where a debugger in the guest listens. */
  debugInput: string
  debugOutput: string
  /** The guest asked the second port for characters, and there were none: its debugger waits for a command. */
  debugWaits: boolean
  poweredOff: boolean
}
