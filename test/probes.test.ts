/** The probes against the reviewed matrix: every probe, under every preset, in both settings. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { runProbe, settings } from '../src/emu/debug/probe.ts'
import { probeProgram } from '../src/emu/debug/probe-program.ts'
import { policyNamed } from '../src/emu/hypervisor/policy.ts'
import { expected, idle, presets, probes, reason } from './fixtures/matrix.ts'

const folder = new URL('../public/programs/probes/', import.meta.url)
const names = readdirSync(folder)
  .filter(f => f.endsWith('.s'))
  .map(f => f.slice(0, -2))
  .sort()

test('the matrix has a row for every probe, and no other', () => {
  expect([...probes].sort()).toEqual(names)
})

test('every cell has its reason', () => {
  for (const name of names)
    for (const preset of presets)
      for (const setting of settings) expect(reason(name, preset, setting), `${name} ${preset} ${setting}`).not.toBeNull()
  expect(idle()).toEqual([])
})

describe.each(names)('%s', name => {
  const program = probeProgram(name, readFileSync(new URL(`${name}.s`, folder), 'utf8'))
  test.each(presets)('%s', preset => {
    for (const setting of settings) {
      const { verdict, why } = runProbe(program, policyNamed(preset), setting)
      expect(verdict, `${setting}: ${why}`).toBe(expected(name, preset, setting))
    }
  })
})
