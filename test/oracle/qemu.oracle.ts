/** Every instruction, one step on each side: all registers and the storage it touches are QEMU's, or the difference is explained. */
import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { instructions } from '../../src/emu/isa/instructions.ts'
import { explanation } from './deviations.ts'
import { type Case, differences } from './one-step.ts'
import { OurGuest } from './our-guest.ts'
import { QemuGuest } from './qemu-guest.ts'
import { Random } from './random.ts'
import { randomCase } from './random-cases.ts'
import { pack, type Vector, vectorOf } from './vectors.ts'

const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000)
const CASES = Number(process.env.CASES ?? 1000)
/** Not asked, and why. */
const elsewhere: Readonly<Record<string, string>> = {
  attn: 'QEMU has no service processor: it is illegal there, and here it ends the run.',
  wait: 'QEMU stops the thread until an interrupt, which a step never ends; here it completes at once.',
}

/** Keeps that many answers an instruction for the everyday test. */
const RECORD = Number(process.env.RECORD ?? 0)
const recorded: Vector[] = []

let qemu: QemuGuest
const [interpreter, reference] = [new OurGuest('interpreter'), new OurGuest('reference')]
beforeAll(async () => {
  console.log(`seed ${SEED}, ${CASES} cases an instruction`)
  qemu = await QemuGuest.start()
})
afterAll(() => {
  qemu.stop()
  if (RECORD) writeFileSync(new URL('../fixtures/vectors.gz', import.meta.url), pack(recorded))
})

const show = (c: Case, text: string): string =>
  `${text}\n  ${c.instruction} 0x${c.word.toString(16)} at 0x${c.nip.toString(16)}, MSR 0x${c.msr.toString(16)}, CR 0x${c.cr.toString(16)}, XER 0x${c.xer.toString(16)}, CTR 0x${c.ctr.toString(16)}, ${Object.entries(
    c.gpr,
  )
    .map(([n, v]) => `r${n}=0x${v.toString(16)}`)
    .join(' ')}`

test.each(instructions.filter(i => !(i.base in elsewhere)).map(i => [i.name, i] as const))('%s', async (name, instruction) => {
  const random = new Random(SEED, name)
  const unexplained: string[] = []
  let compared = 0
  for (let n = 0; n < CASES * 4 && compared < CASES; n++) {
    const c = randomCase(random, instruction)
    if (!c) continue
    compared++
    const theirs = await qemu.step(c)
    const one = interpreter.step(c)
    const explained = differences(c, one, theirs).map(d => d.register)
    if (compared <= RECORD) recorded.push(vectorOf(c, theirs, explained))
    for (const ours of [one, reference.step(c)]) {
      const found = differences(c, ours, theirs).filter(d => !explanation({ c, i: instruction, d, ours, theirs }))
      if (ours.left) unexplained.push(show(c, `left the guest: ${ours.left}`))
      else if (found.length) unexplained.push(show(c, found.map(d => `${d.register}: ours ${d.ours}, QEMU ${d.theirs}`).join('; ')))
    }
  }
  expect(compared, `cases of ${name}`).toBeGreaterThanOrEqual(Math.min(CASES, 50))
  expect(unexplained.length, unexplained.slice(0, 3).join('\n')).toBe(0)
})
