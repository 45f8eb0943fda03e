/** The probes, as they lie in `public/programs/probes/`; the bundle carries them. */
import { type ProbeProgram, probeProgram } from '../emu/debug/probe-program.ts'

const sources = import.meta.glob<string>('../../public/programs/probes/*.s', { query: '?raw', import: 'default', eager: true })

/** By name. Throws ProbeError. */
export const probePrograms = (): ProbeProgram[] =>
  Object.keys(sources)
    .sort()
    .map(path => probeProgram(path.slice(path.lastIndexOf('/') + 1, -'.s'.length), sources[path]!))
