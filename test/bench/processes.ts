/** Whole processes that run a program to its power-off: qemu-system-ppc64 and `twostep run`. */
import { execFileSync } from 'node:child_process'
import { qemuArguments } from '../oracle/qemu-machine.ts'
import { elfFile, flatFile } from '../programs/programs.ts'

export interface Runner {
  readonly name: string
  /** Milliseconds of host time, and what was printed. */
  run(program: string): { milliseconds: number; output: string }
}

function timed(command: string, args: string[]): { milliseconds: number; output: string } {
  const from = performance.now()
  const output = execFileSync(command, args, { encoding: 'latin1', stdio: ['ignore', 'pipe', 'pipe'], timeout: 300_000 })
  return { milliseconds: performance.now() - from, output }
}

export const qemu: Runner = {
  name: 'qemu-system-ppc64',
  run: program => timed('qemu-system-ppc64', qemuArguments(flatFile(program, 'le'))),
}

export const node = (command: string): Runner => ({
  name: 'Node',
  run: program => timed(process.execPath, [command, 'run', elfFile(program, 'le')]),
})
