/** `npm run probe:qemu [-- NAME…]`: the probes on qemu-system-ppc64. All of them write the table; with names they are only told. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { probePrograms } from '../../src/cli/probe-programs.ts'
import { type OnQemu, onQemu } from './judge.ts'
import { documentOf } from './table.ts'

const DOCUMENT = 'docs/probes-qemu.md'

function versionOf(): string {
  try {
    return execFileSync('qemu-system-ppc64', ['--version'], { encoding: 'utf8' }).split('\n')[0]!.replace(/ \(.*/, '')
  } catch {
    process.stderr.write('qemu-system-ppc64 is not installed (Debian: qemu-system-ppc). Nothing was written.\n')
    process.exit(1)
  }
}

const asked = process.argv.slice(2)
const all = probePrograms()
const unknown = asked.filter(name => !all.some(p => p.name === name))
if (unknown.length > 0) {
  process.stderr.write(`There is no probe ${unknown.join(', ')}. They are the files of public/programs/probes, without .s.\n`)
  process.exit(1)
}
const version = versionOf()
const programs = all.filter(p => asked.length === 0 || asked.includes(p.name))
const results: OnQemu[] = []
for (const [n, program] of programs.entries()) {
  const r = await onQemu(program)
  results.push(r)
  const why = [r.free, r.hold, r.deliver].find(f => f.verdict !== 'pass')?.why
  const said = `free ${r.free.verdict}, hold ${r.hold.verdict}, deliver ${r.deliver.verdict}${why ? `: ${why}` : ''}`
  process.stdout.write(`${n + 1}/${programs.length} ${program.name}: ${said}\n`)
}
if (asked.length === 0) {
  const { text, problems } = documentOf(version, results)
  writeFileSync(DOCUMENT, text)
  process.stdout.write(`${DOCUMENT} is written.\n`)
  for (const p of problems) process.stderr.write(`${p}\n`)
  process.exitCode = problems.length > 0 ? 1 : 0
}
