import { expect, test } from 'vitest'
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
    /Program interrupt at 0xc000000000004700 came while MSR\[RI\] was 0: SRR0 0xc000000000010000/,
  )
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
