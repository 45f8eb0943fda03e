/** The matrix of probes for the page, cell by cell as the runs end. Free of worker APIs, so that tests drive it too. */
import { cellsOf, matrix } from '../debug/matrix.ts'
import type { ProbeResult } from '../debug/probe.ts'
import { type ProbeProgram, probeProgram } from '../debug/probe-program.ts'
import type { Policy } from '../hypervisor/policy.ts'
import { policyOf } from '../hypervisor/policy-file.ts'
import type { CellView, FromMatrix, MatrixRequest } from './protocol.ts'

const cellView = (results: readonly ProbeResult[], titles: ReadonlyMap<string, string>, probes: number): CellView => {
  const [cell] = cellsOf(results)
  const { policy, channel, setting, verdict, why, program, programs } = cell!
  return {
    policy,
    channel,
    setting,
    verdict,
    why,
    program,
    complete: programs.length === probes,
    probes: programs.map(p => ({ program: p.program, title: titles.get(p.program) ?? p.program, verdict: p.verdict, why: p.why })),
  }
}

/** Policies that cannot be read are refused before anything runs. */
function policiesOf(request: MatrixRequest): Policy[] {
  return request.policies.map(({ id, name, summary, claimsTransparency, choices }) => {
    const { policy, problems } = policyOf({ id, name, summary, claimsTransparency, choices })
    if (!policy) throw new Error(`${name}: ${problems[0]!.text}`)
    return policy
  })
}

/** Messages one by one: a cell each time a run ends, with how many have; then done. */
export function* matrixMessages(sources: Readonly<Record<string, string>>, request: MatrixRequest): Generator<FromMatrix> {
  const policies = policiesOf(request)
  const programs: ProbeProgram[] = Object.keys(sources)
    .sort()
    .map(name => probeProgram(name, sources[name]!))
  const titles = new Map(programs.map(p => [p.name, p.title]))
  const total = programs.length * policies.length
  const results = new Map<string, ProbeResult[]>()
  let done = 0
  yield { type: 'progress', done, total }
  for (const result of matrix(programs, policies, [request.setting])) {
    done++
    const key = `${result.policy} ${result.channel}`
    const of = [...(results.get(key) ?? []), result]
    results.set(key, of)
    const probes = programs.filter(p => p.channel === result.channel).length
    yield { type: 'cell', cell: cellView(of, titles, probes), done, total }
  }
  yield { type: 'done', total }
}
