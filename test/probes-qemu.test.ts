/** The table of the probes on QEMU is of the probes that there are. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { probePrograms } from '../src/cli/probe-programs.ts'

test('docs/probes-qemu.md has each probe once, with its channel and title, and QEMU’s version', () => {
  const text = readFileSync(new URL('../docs/probes-qemu.md', import.meta.url), 'utf8')
  expect(text).toMatch(/QEMU emulator version \d+\.\d+/)
  const rows = [...text.matchAll(/^\| (\d+) \| `([^`]+)` \| (.*?) \| (?:pass|leak|lost|not run) \|/gm)].map(m => [Number(m[1]), m[2], m[3]])
  expect(rows).toEqual(probePrograms().map(p => [p.channel, p.name, p.title]))
})
