/** qemu-system-ppc64 as a whole machine: a flat image runs to its power-off. */
import { execFileSync } from 'node:child_process'

const machine = '-M pseries,cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken,cap-ccf-assist=off -cpu POWER9 -m 256'
const quiet = '-nographic -nodefaults -vga none -serial stdio'

export const qemuArguments = (image: string): string[] => [...`${machine} ${quiet}`.split(' '), '-bios', image]

/** What it wrote to its console. Throws when it does not power off in time. */
export function qemuOutput(image: string, milliseconds = 60_000): string {
  return execFileSync('qemu-system-ppc64', qemuArguments(image), {
    timeout: milliseconds,
    encoding: 'latin1',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}
