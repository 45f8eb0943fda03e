/** The document: what each probe found on QEMU, and where that is not what our TCG policy has. */
import { runProbe, settings, type Verdict } from '../../src/emu/debug/probe.ts'
import { policyNamed } from '../../src/emu/hypervisor/policy.ts'
import { explained } from './explained.ts'
import type { OnQemu } from './judge.ts'

/** Verdicts of our TCG policy, where they are others than QEMU's. */
function otherwise({ program, ...found }: OnQemu): string[] {
  const tcg = policyNamed('tcg')
  return settings.flatMap(setting => {
    const ours: Verdict = runProbe(program, tcg, setting).verdict
    return ours === found[setting].verdict ? [] : [`${setting}: ${ours} here, ${found[setting].verdict} there`]
  })
}

export interface Document {
  readonly text: string
  /** Differences without a reason, and reasons without a difference. */
  readonly problems: readonly string[]
}

const cell = (text: string): string => text.replaceAll('|', '\\|')

export function documentOf(version: string, results: readonly OnQemu[]): Document {
  const rows = results.map(({ program: { name, channel, title }, free, hold, deliver }) => {
    const steps = deliver.steps === null ? '' : `${deliver.steps}`
    const why = [free, hold, deliver].find(f => f.verdict !== 'pass')?.why ?? ''
    return `| ${channel} | \`${name}\` | ${cell(title)} | ${free.verdict} | ${hold.verdict} | ${deliver.verdict} | ${steps} | ${cell(why)} |`
  })
  const different = results.map(r => ({ name: r.program.name, says: otherwise(r) })).filter(d => d.says.length > 0)
  const names = different.map(d => d.name)
  const problems = [
    ...names.filter(n => !Object.hasOwn(explained, n)).map(n => `${n} differs, and explained.ts has no reason.`),
    ...Object.keys(explained)
      .filter(n => !names.includes(n))
      .map(n => `explained.ts has a reason for ${n}, which does not differ.`),
  ]
  const passed = (key: 'free' | 'hold' | 'deliver') => results.filter(r => r[key].verdict === 'pass').length
  const text = `# The probes on QEMU

Written by \`npm run probe:qemu\`; ${version}, TCG, machine pseries with a POWER9 and one vCPU.

The probes of \`public/programs/probes/\` use the architecture, hypercalls and the console alone, so they run unchanged on other systems.
Each begins with the memory and registers that our own machine boots it with, written through QEMU's GDB stub (the process table is registered by
H_REGISTER_PROC_TBL). *free*: it runs to its power-off. *hold* and *deliver*: from its label \`probe\` to its verdict it is stepped by raw \`vCont;s\`
packets, with \`Qqemu.sstep\` 7 (interrupts and timers wait) and 1 (they come); raw, because GDB itself replaces steps inside of
\`lwarx\` … \`stwcx.\`. What it says on its console is its verdict; a probe that notices something when it runs free cannot tell of stepping: *not run*.

${passed('free')} of ${results.length} pass run free, ${passed('hold')} stepped with interrupts held, ${passed('deliver')} with interrupts delivered.

| channel | probe | | free | hold | deliver | steps | what it said |
|---|---|---|---|---|---|---|---|
${rows.join('\n')}

## Where our TCG policy answers otherwise

| probe | verdicts | why |
|---|---|---|
${different.map(d => `| \`${d.name}\` | ${d.says.join('; ')} | ${explained[d.name] ?? ''} |`).join('\n')}
`
  return { text, problems }
}
