/** QEMU's recorded answers, one step each, against the interpreter and the reference evaluator. No QEMU is needed. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { instructions } from '../src/emu/isa/instructions.ts'
import { OurGuest } from './oracle/our-guest.ts'
import { disagreements, unpack, type Vector } from './oracle/vectors.ts'

const vectors = unpack(readFileSync(new URL('./fixtures/vectors.gz', import.meta.url)))
const byName = new Map<string, Vector[]>()
for (const v of vectors) byName.set(v.c.instruction, [...(byName.get(v.c.instruction) ?? []), v])

test('every instruction that a guest can compare has vectors', () => {
  const without = instructions.filter(i => !byName.has(i.name)).map(i => i.base)
  expect([...new Set(without)].sort()).toEqual(['attn', 'wait'])
})

describe.each(['interpreter', 'reference'] as const)('by the %s', by => {
  const guest = new OurGuest(by)
  test.each([...byName])('%s', (_name, some) => {
    for (const v of some) {
      expect(
        disagreements(v, guest.step(v.c)),
        `0x${v.c.word.toString(16)} at 0x${v.c.nip.toString(16)}, MSR 0x${v.c.msr.toString(16)}`,
      ).toEqual([])
    }
  })
})
