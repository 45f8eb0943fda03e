/** `twostep probe`: the matrix as text and as JSON, its exit status, and what it refuses. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { main } from '../src/cli/main.ts'
import { TestIo } from './test-io.ts'

const twostep = (args: string, files: Readonly<Record<string, string>> = {}) => {
  const io = new TestIo(files)
  const status = main(args.split(' '), io)
  return { status, text: io.text, errors: io.errors.join('\n') }
}

test('one channel under all presets, as a table with its reasons', () => {
  const { status, text } = twostep('probe --channel 3 --setting deliver')
  expect(status).toBe(0)
  expect(text).toMatch(/^ 3 {2}SRR0 and SRR1 +leak +pass +pass +pass +pass$/m)
  expect(text).toContain('SRR0 changed under me')
})

test('as JSON: policy, channel, verdict, setting, why', () => {
  const { text } = twostep('probe --channel 1 --policy transparent --policy tcg --json')
  const { results, probes } = JSON.parse(text) as Record<'results' | 'probes', Record<string, unknown>[]>
  expect(results.map(r => [r.policy, r.channel, r.verdict, r.setting])).toEqual([
    ['transparent', 1, 'pass', 'deliver'],
    ['transparent', 1, 'pass', 'hold'],
    ['tcg', 1, 'pass', 'deliver'],
    ['tcg', 1, 'pass', 'hold'],
  ])
  for (const r of results) {
    expect(Object.keys(r)).toEqual(['policy', 'channel', 'verdict', 'setting', 'why'])
    expect(r.why).toContain('channel 1: nothing noticed')
  }
  expect(probes.map(p => p.program)).toEqual(results.flatMap(() => ['01-mfmsr', '01b-mfmsr-own-se']))
})

test('a policy that claims transparency and leaks: status 1, and which probe said so', () => {
  const json = JSON.stringify({ name: 'Mine', basedOn: 'transparent', claimsTransparency: true, choices: { saveRegisters: 'left' } })
  const { status, errors } = twostep('probe --policy own.json --channel 3', { 'own.json': json })
  expect(status).toBe(1)
  expect(twostep('probe --policy own.json --channel 3 --json', { 'own.json': json }).status).toBe(1)
  expect(errors).toMatch(/own-mine claims that no guest can notice it: channel 3, 03-save-registers/)
})

test.each([
  ['probe --policy nobody', {}, 'there is no such policy. There are rfc-v2, rfc-v6, transparent, kvm-pr, tcg'],
  ['probe --policy bad.json', { 'bad.json': '{"name":"x","basedOn":"tcg","choices":{"colour":"red"}}' }, 'There is no choice "colour".'],
  ['probe --channel 21', {}, 'there are 1 to 20'],
  ['probe --setting maybe', {}, 'expected hold or deliver'],
])('%s is refused', (args, files, says) => {
  const { status, errors } = twostep(args, files)
  expect(status).toBe(1)
  expect(errors).toContain(says)
})

test('the README shows the matrix as computed', () => {
  const [, ...lines] = twostep('probe --setting deliver').text.split('\n\n')
  expect(readFileSync(new URL('../README.md', import.meta.url), 'utf8')).toContain(`\`\`\`\n${lines[0]}\n\`\`\``)
}, 60_000)
