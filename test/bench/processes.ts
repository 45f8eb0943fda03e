/** Whole processes that run a program to its power-off: qemu-system-ppc64 and `twostep run`. */
import { spawnSync } from 'node:child_process'
import { qemuArguments } from '../oracle/qemu-machine.ts'
import { elfFile, flatFile } from '../programs/programs.ts'

export interface Sample {
  /** Processor time, of the system's calls too. */
  readonly milliseconds: number
  readonly output: string
}

export interface Runner {
  readonly name: string
  run(program: string): Sample
}

/** The shell's `times`: of itself, then of its children. */
const CHILD_TIMES = /(\d+)m([\d.]+)s (\d+)m([\d.]+)s\s*$/

function timed(command: string, args: string[]): Sample {
  const script = '"$@"; status=$?; times >&2; exit $status'
  const { status, stdout, stderr, error } = spawnSync('sh', ['-c', script, 'sh', command, ...args], {
    encoding: 'latin1',
    timeout: 600_000,
  })
  const times = CHILD_TIMES.exec(stderr ?? '')
  if (error || status !== 0 || !times) throw error ?? new Error(`${command} ended with status ${status}: ${stderr}`)
  const [userMinutes, user, systemMinutes, system] = times.slice(1).map(Number) as [number, number, number, number]
  return { milliseconds: 1000 * (60 * (userMinutes + systemMinutes) + user + system), output: stdout }
}

export const qemu: Runner = {
  name: 'qemu-system-ppc64',
  run: program => timed('qemu-system-ppc64', qemuArguments(flatFile(program, 'le'))),
}

export const node = (command: string): Runner => ({
  name: 'Node',
  run: program => timed(process.execPath, [command, 'run', elfFile(program, 'le')]),
})
