/** What a probe found on QEMU, by its own words. */
import type { Verdict } from '../../src/emu/debug/probe.ts'
import type { ProbeProgram } from '../../src/emu/debug/probe-program.ts'
import { QemuProbe, type Sstep } from './guest.ts'

export interface Found {
  readonly verdict: Verdict
  readonly why: string
  /** Steps to the verdict; null run free, or where it did not come. */
  readonly steps: number | null
}

export interface OnQemu {
  readonly program: ProbeProgram
  readonly free: Found
  readonly hold: Found
  readonly deliver: Found
}

/** More than any probe takes in many times its free run. */
const MOST_STEPS = 20_000

const quiet = (p: ProbeProgram): string => `channel ${p.channel}: nothing noticed`

function judged(p: ProbeProgram, { said, fatal }: QemuProbe, ended: boolean, steps: number | null): Found {
  const text = said.trim()
  if (fatal !== null) return { verdict: 'not run', why: `QEMU ended by itself: ${fatal}`, steps: null }
  if (text === quiet(p)) return { verdict: 'pass', why: `“${text}”`, steps }
  if (text !== '') return { verdict: 'leak', why: `“${text}”`, steps }
  const why = ended ? 'it powered off and said nothing' : 'it did not power off'
  return { verdict: 'lost', why, steps }
}

async function one(p: ProbeProgram, stepping: Sstep | null): Promise<Found> {
  const guest = await QemuProbe.start(p)
  try {
    if (stepping === null) {
      const ended = await guest.runToEnd()
      return judged(p, guest, ended, null)
    }
    if (!(await guest.runTo(p.start))) return { verdict: 'not run', why: 'it did not come to its beginning', steps: null }
    await guest.sstep(stepping)
    const steps = await guest.stepTo(p.verdict, MOST_STEPS)
    if (steps === null) return { verdict: 'lost', why: `it did not come to its verdict in ${MOST_STEPS} steps`, steps }
    const ended = await guest.runToEnd()
    return judged(p, guest, ended, steps)
  } finally {
    guest.stop()
  }
}

/** Free first: a probe that notices something there cannot tell of stepping. */
export async function onQemu(program: ProbeProgram): Promise<OnQemu> {
  const { vcpus } = program.image.directives
  if (vcpus > 1) {
    const why = 'its vCPUs all begin at the entry; there the others wait to be started by RTAS'
    const found: Found = { verdict: 'not run', why, steps: null }
    return { program, free: found, hold: found, deliver: found }
  }
  const free = await one(program, null)
  if (free.verdict !== 'pass') {
    const found: Found = { verdict: 'not run', why: 'run free, it does not pass there either', steps: null }
    return { program, free, hold: found, deliver: found }
  }
  return { program, free, hold: await one(program, 'hold'), deliver: await one(program, 'deliver') }
}
