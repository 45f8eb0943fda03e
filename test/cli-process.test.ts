/** The bundled command as npx starts it: a program of its own, with real files, streams and exit status. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { elfFile, expectedOutput } from './programs/programs.ts'

vi.setConfig({ testTimeout: 30_000 })

const folder = mkdtempSync(join(tmpdir(), 'twostep-cli-'))
const command = join(folder, 'twostep.js')

beforeAll(() => {
  const { status, stderr } = spawnSync('npx', ['vite', 'build', '-c', 'src/cli/vite.config.ts', '--outDir', folder, '--emptyOutDir'])
  if (status !== 0) throw new Error(stderr.toString())
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true }))

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'latin1' })
  return { status, stdout, stderr }
}

test('a program runs to its power-off', () => {
  expect(run('run', elfFile('text', 'le'))).toEqual({ status: 0, stdout: expectedOutput('text', 'le'), stderr: '' })
})

test('assembles a file into a file, runs and disassembles it', () => {
  writeFileSync(join(folder, 'a.s'), '_start: li r3, 42\n        attn\n')
  expect(run('asm', 'a.s', '-o', 'a.elf')).toEqual({ status: 0, stdout: '', stderr: '' })
  const ran = run('run', 'a.elf', '--stop-on', 'attn', '--registers', 'json')
  expect(ran).toMatchObject({ status: 0, stderr: '' })
  expect((JSON.parse(ran.stdout) as Record<string, string>).r3).toBe('0x2a')
  expect(run('disasm', 'a.elf').stdout).toContain('li      r3,42')
})

test('what cannot be read or written is said, with status 1', () => {
  expect(run('run', 'none.elf')).toEqual({ status: 1, stdout: '', stderr: 'twostep: cannot read none.elf: there is no such file.\n' })
  expect(run('run', '.')).toMatchObject({ status: 1, stderr: 'twostep: cannot read .: it is a directory.\n' })
  expect(run('asm', 'a.s', '-o', 'none/a.bin')).toMatchObject({
    status: 1,
    stderr: 'twostep: cannot write none/a.bin: there is no such file.\n',
  })
})

test('a reader that goes away ends it without a word', () => {
  writeFileSync(join(folder, 'big.bin'), new Uint8Array(1 << 20).fill(0x60))
  const { stdout, stderr } = spawnSync('sh', ['-c', `${command} disasm big.bin | head -1`], { cwd: folder, encoding: 'utf8' })
  expect(stdout).toContain('0:\t60 60 60 60')
  expect(stderr).toBe('')
})

test('package.json names the bundle', () => {
  const { bin } = JSON.parse(readFileSync('package.json', 'utf8')) as { bin: Record<string, string> }
  expect(bin).toEqual({ twostep: 'dist/cli/twostep.js' })
  expect(readFileSync(command, 'utf8').startsWith('#!/usr/bin/env node\n')).toBe(true)
})
