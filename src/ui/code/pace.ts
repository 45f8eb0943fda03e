import type { MachineView } from '../../emu/worker/protocol.ts'

/** Whether an eye can follow NIP: at full speed, listings stand still until the guest stops. */
export const followable = ({ run, speed }: Pick<MachineView, 'run' | 'speed'>): boolean =>
  run.state !== 'running' || speed === '1/s' || speed === '10/s'
