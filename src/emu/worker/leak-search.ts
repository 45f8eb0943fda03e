/** A probe that was loaded, brought to the step that leaks. */
import { comeToProbe, stepsAtMost, stepToLeak } from '../debug/probe-leak.ts'
import { probeProgram } from '../debug/probe-program.ts'
import type { Session } from '../debug/session.ts'
import { Cancelled } from './job.ts'
import type { Origin } from './saved.ts'
import { sentence } from './words.ts'

interface Place {
  readonly session: Session
  readonly origin: Origin
  /** What the guest has written on its console. */
  said(): string
  work<T>(what: string, total: number, work: Generator<number, T>): Promise<T>
}

/** Why the probe leaks where the machine then stands. Rejects with a sentence. */
export async function comeToLeak({ session, origin, said, work }: Place): Promise<string> {
  if (origin.kind !== 'source') throw new Error('This program is no probe: it has no source. Nothing was changed.')
  if (session.history.some(a => a.doing.kind !== 'edit')) throw new Error('Something was done already. Reset first; nothing was changed.')
  const program = probeProgram(origin.name.replace(/\.s$/, ''), origin.text)
  const probed = { session, program, said }
  comeToProbe(probed)
  const atMost = stepsAtMost(probed)
  try {
    const leak = await work('Stepping to the leak', atMost, stepToLeak(probed, atMost))
    return leak !== null ? sentence(leak) : 'The guest has come to its verdict, stepped all the way, and has noticed nothing.'
  } catch (e) {
    if (e instanceof Cancelled) throw new Error('Stepping to the leak was cancelled. What was stepped stays.')
    throw e
  }
}
