/** `twostep probe`: the matrix of probes, from runs made then and there. */
import { parseArgs } from 'node:util'
import { type Cell, cellsOf, matrix } from '../emu/debug/matrix.ts'
import { type Setting, settings } from '../emu/debug/probe.ts'
import { ProbeError } from '../emu/debug/probe-program.ts'
import { channels, type Policy, policies } from '../emu/hypervisor/policy.ts'
import { readPolicy } from '../emu/hypervisor/policy-file.ts'
import { CommandError, type Io, outText } from './io.ts'
import { oneOf } from './options.ts'
import { probePrograms } from './probe-programs.ts'

const options = {
  policy: { type: 'string', multiple: true },
  channel: { type: 'string', multiple: true },
  setting: { type: 'string' },
  json: { type: 'boolean' },
} as const

function parse(args: string[]) {
  try {
    return parseArgs({ args, options, strict: true }).values
  } catch (e) {
    throw new CommandError(`probe: ${(e as Error).message}`)
  }
}

/** A preset by its id or name, else a file. */
function policyOf(text: string, io: Io): Policy {
  const same = (a: string) => a.toLowerCase() === text.toLowerCase()
  const preset = policies.find(p => same(p.id) || same(p.name))
  if (preset) return preset
  if (!/[./\\]/.test(text))
    throw new CommandError(
      `--policy ${text}: there is no such policy. There are ${policies.map(p => p.id).join(', ')}; or name a JSON file.`,
    )
  const { policy, problems } = readPolicy(new TextDecoder().decode(io.read(text)))
  if (policy) return policy
  throw new CommandError(`${text} is no policy; nothing was run.\n${problems.map(p => `  ${p.text}`).join('\n')}`)
}

function channelOf(text: string): number {
  if (/^\d+$/.test(text) && Object.hasOwn(channels, Number(text))) return Number(text)
  throw new CommandError(`--channel ${text}: there are 1 to ${Object.keys(channels).length}.`)
}

const isolated = (cell: Cell): boolean => cell.verdict === 'leak' || cell.verdict === 'lost'

const LEGEND = `pass     the guest noticed nothing, and each step ended after its one boundary
leak     the guest noticed, or did not survive
lost     the guest noticed nothing, but a step did not end where it should
not run  no such run is possible yet; the reason is below
`

/** Words that a person compares best below each other. */
function table(cells: readonly Cell[], shown: readonly Policy[], setting: Setting): string {
  const widths = shown.map(p => Math.max(p.name.length, 'not run'.length))
  const names = Object.values(channels)
  const first = Math.max(...names.map(n => n.length)) + 4
  const line = (head: string, words: readonly string[]) =>
    `${head.padEnd(first)}${words.map((w, n) => `  ${w.padEnd(widths[n]!)}`).join('')}`.trimEnd()
  const rows = [...new Set(cells.map(c => c.channel))].map(channel => {
    const words = shown.map(p => cells.find(c => c.channel === channel && c.policy === p.id && c.setting === setting)?.verdict ?? '')
    return line(`${String(channel).padStart(2)}  ${channels[channel]}`, words)
  })
  return [
    line(
      '',
      shown.map(p => p.name),
    ),
    ...rows,
  ].join('\n')
}

const whyOf = (c: Cell): string => `  ${String(c.channel).padStart(2)}  ${c.verdict}, ${c.program}: ${c.why}`

function reasons(cells: readonly Cell[], shown: readonly Policy[], setting: Setting): string {
  const of = (p: Policy) => cells.filter(c => c.policy === p.id && c.setting === setting && c.verdict !== 'pass')
  return shown
    .filter(p => of(p).length > 0)
    .map(p => `${p.name}\n${of(p).map(whyOf).join('\n')}\n`)
    .join('\n')
}

const SAYS: Readonly<Record<Setting, string>> = {
  deliver: 'deliver: interrupts come where they would in a free run',
  hold: 'hold: interrupts wait while stepping',
}

function report(cells: readonly Cell[], shown: readonly Policy[], asked: readonly Setting[]): string {
  const [main, other] = asked
  const parts = [`Interrupts: ${SAYS[main!]}\n\n${table(cells, shown, main!)}\n`, LEGEND, reasons(cells, shown, main!)]
  if (other) {
    const key = (c: Cell) => `${c.channel} ${c.policy}`
    const before = new Map(cells.filter(c => c.setting === main).map(c => [key(c), c]))
    const changed = cells.filter(c => c.setting === other && before.get(key(c))!.verdict !== c.verdict)
    const says = reasons(changed, shown, other) || 'Every cell is the same.\n'
    parts.push(`Otherwise under ${SAYS[other]}\n\n${says}`)
  }
  return parts.join('\n')
}

/** A result a channel, policy and setting; beside them each probe's own, from which they come. */
const json = (cells: readonly Cell[]) => ({
  results: cells.map(({ policy, channel, verdict, setting, why }) => ({ policy, channel, verdict, setting, why })),
  probes: cells.flatMap(c => c.programs),
})

export function probe(args: string[], io: Io): number {
  const values = parse(args)
  const shown = values.policy ? values.policy.map(p => policyOf(p, io)) : policies
  const numbers = values.channel?.map(channelOf)
  const asked: readonly Setting[] = values.setting === undefined ? ['deliver', 'hold'] : [oneOf('--setting', values.setting, settings)]
  try {
    const programs = probePrograms().filter(p => numbers === undefined || numbers.includes(p.channel))
    const cells = cellsOf([...matrix(programs, shown, asked)])
    outText(io, values.json ? `${JSON.stringify(json(cells), null, 2)}\n` : report(cells, shown, asked))
    const claims = new Set(shown.filter(p => p.claimsTransparency).map(p => p.id))
    const broken = cells.filter(c => c.setting === 'deliver' && claims.has(c.policy) && isolated(c))
    for (const c of broken)
      io.error(`twostep: ${c.policy} claims that no guest can notice it: channel ${c.channel}, ${c.program}: ${c.why}`)
    return broken.length > 0 ? 1 : 0
  } catch (e) {
    if (e instanceof ProbeError) throw new CommandError(`a probe is wrong, which no policy can be judged by: ${e.message}`)
    throw e
  }
}
