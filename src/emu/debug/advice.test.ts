import { describe, expect, test } from 'vitest'
import { MSR } from '../isa/bitfields.ts'
import { imageOfSource } from '../machine/image.ts'
import { Pseries } from '../machine/pseries.ts'
import { Session } from './session.ts'

const KERNEL = '# twostep: map=radix ail=3 ir=1 dr=1 ram=16M'

function advised(source: string, boundaries = 40) {
  const { image, diagnostics } = imageOfSource('guest.s', `${KERNEL}\n${source}`)
  if (!image) throw new Error(diagnostics.map(d => d.message).join())
  const session = new Session(new Pseries(image), 'transparent')
  for (let n = 0; n < boundaries; n++) session.perform({ kind: 'boundary' }, 'machine')
  return session
}
const kinds = (s: Session) => s.advisor.all.map(a => a.kind)

test('a trap within a handler that has not saved SRR0 and SRR1', () => {
  const session = advised(`_start: trap
        b _start
        .section .vectors, "ax"
        .org 0xc000000000004700
        trap`)
  expect(kinds(session)).toEqual(['SRR overwritten'])
  expect(session.advisor.all[0]!.text).toMatch(
    /Program interrupt at 0xc000000000004700 came while MSR\[RI\] was 0: what SRR0 and SRR1 held/,
  )
})

test('a trap in the window before rfid, without an interrupt before it', () => {
  const session = advised(`_start: mfmsr r9
        li r10, 0
        mtmsrd r10, 1
        mtsrr1 r9
        mtsrr0 r9
        trap
        rfid
        .section .vectors, "ax"
        .org 0xc000000000004700
stay:   b stay`)
  expect(kinds(session)).toEqual(['SRR overwritten'])
})

test('a program that is entered with RI at 0 is told nothing of it', () => {
  const { image } = imageOfSource('guest.s', `${KERNEL}\n_start: trap\n .section .vectors, "ax"\n .org 0xc000000000004700\nstay: b stay`)
  const session = new Session(new Pseries({ ...image!, msr: image!.msr & ~MSR.mask.RI }), 'transparent')
  for (let n = 0; n < 4; n++) session.perform({ kind: 'boundary' }, 'machine')
  expect(kinds(session)).toEqual([])
})

describe('outside steps', () => {
  const window = `_start: bcl 20, 31, here
here:   mflr r8
        mfmsr r9
        li r10, 0
        mtmsrd r10, 1
        mtsrr1 r9
        mtsrr0 r8
        rfid`
  const stepped = (policy: 'transparent' | 'rfc-v2' | 'rfc-v6', source: string, steps: number) => {
    const session = new Session(new Pseries(imageOfSource('guest.s', `${KERNEL}\n${source}`).image!), policy)
    for (let n = 0; n < steps; n++) session.perform({ kind: 'step' }, 'outside')
    return session
  }

  test('are no doing of the program: where SRR0 and SRR1 are put back nothing is told', () => {
    expect(kinds(stepped('transparent', window, 7))).toEqual([])
    expect(kinds(stepped('rfc-v6', window, 7))).toEqual([])
    const handler = `_start: sc
        b _start
        .section .vectors, "ax"
        .org 0xc000000000004c00
        mfsrr0 r3
        mfsrr1 r4
        rfid`
    expect(kinds(stepped('transparent', handler, 8))).toEqual([])
  })

  test('are told where the policy leaves what they wrote, once', () => {
    const { all } = stepped('rfc-v2', window, 7).advisor
    expect(all.map(a => a.kind)).toEqual(['SRR overwritten'])
    expect(all[0]!.text).toMatch(
      /^Outside stepped to 0xc[0-9a-f]+ while MSR\[RI\] was 0\. Its Trace interrupt wrote SRR0 and SRR1, and RFC v2 leaves them so/,
    )
  })
})

test('waiting for a lock is well; a reservation that is never stored to is told after a while', () => {
  const loop = (then: string) =>
    advised(
      `_start: lis r6, 3
wait:   lwarx r5, 0, r6
        ${then}
        b wait`,
      60,
    )
  expect(kinds(loop('stwcx. r5, 0, r6'))).toEqual([])
  const never = loop('nop')
  expect(kinds(never)).toEqual(['reservation'])
  expect(never.advisor.all[0]!.text).toMatch(/has made a reservation 8 times in a row/)
  expect(kinds(advised('_start: lis r6, 3\nwait: lwarx r5, 0, r6\n cmpwi r5, 1\n bne wait', 20))).toEqual([])
})

test('a vector that is not mapped', () => {
  const { image } = imageOfSource('guest.s', '# twostep: map=radix ail=2 ir=1 dr=1 ram=16M\n_start: li r3, 5\n mtspr 48, r3 # PIDR\n trap')
  const session = new Session(new Pseries(image!), 'transparent')
  for (let n = 0; n < 3; n++) session.perform({ kind: 'boundary' }, 'machine')
  expect(session.advisor.all.map(a => a.text)).toEqual([expect.stringMatching(/went to 0x18700, which is not mapped for fetch/)])
})

test('a handler that saves them and sets RI is well', () => {
  const session = advised(`_start: trap
        li r9, 1
stay:   b stay
        .section .vectors, "ax"
        .org 0xc000000000004700
        cmpdi r9, 7
        beq out
        mfsrr0 r11
        mfsrr1 r12
        li r9, 2
        mtmsrd r9, 1
        li r9, 7
        trap
        mtsrr0 r11
        mtsrr1 r12
out:    mfsrr0 r3
        addi r3, r3, 4
        mtsrr0 r3
        rfid`)
  expect(kinds(session)).toEqual([])
})

test('no handler: a word that is 0', () => {
  const session = advised('_start: trap', 3)
  expect(kinds(session)).toContain('no handler')
  expect(session.advisor.all.find(a => a.kind === 'no handler')!.text).toMatch(/went to 0xc000000000004700/)
})

test('a call with a stack that is not aligned; a reservation that nothing was stored to; each once', () => {
  const session = advised(`_start: lis r1, 2
        addi r1, r1, 8
again:  bl work
        b again
work:   lis r6, 3
        lwarx r5, 0, r6
        lwarx r5, 0, r6
        stwcx. r5, 0, r6
        lwarx r5, 0, r6
        stwcx. r5, 0, r6
        blr`)
  expect(kinds(session)).toEqual(['stack', 'reservation'])
  // Going back takes what came since.
  session.backTo(2)
  expect(kinds(session)).toEqual([])
})

test('what is told of a place stays told once, when later steps are taken back and done again', () => {
  const session = advised('_start: trap', 3)
  const before = session.advisor.all.length
  session.perform({ kind: 'boundary' }, 'machine')
  session.back('machine')
  session.perform({ kind: 'boundary' }, 'machine')
  expect(before).toBeGreaterThan(0)
  expect(session.advisor.all.length).toBe(before)
})

test('a replay gives none twice', () => {
  const session = advised('_start: trap', 3)
  const before = session.advisor.all.length
  session.seek(1)
  session.seek('live')
  expect(session.advisor.all.length).toBe(before)
})
