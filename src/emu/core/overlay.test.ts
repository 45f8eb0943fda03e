/** The page of a planted word is execute-only for its vCPU: loads and stores there come to the hypervisor, and change nothing before. */
import { describe, expect, test } from 'vitest'
import { boot, type Guest, linearMap, MiB } from '../../../test/support/guest.ts'
import { DAWRX, MSR } from '../isa/bitfields.ts'

const { SF, DR } = MSR.mask
const WORD = 0x00dddd00
/** Of the word; the page ends at 0x5000. */
const AT = 0x4d00

function guest(source: string, set: Record<string, bigint> = {}, msr = SF): Guest {
  const g = boot(`_start: ${source}\n b .`, { msr, set, vcpus: 2 })
  g.core.write(
    0x4000,
    Uint8Array.from({ length: 0x2000 }, (_, n) => (n * 7) & 0xff),
  )
  return g
}

/** The page, and one before and behind it. */
const around = ({ core }: Guest): string => Buffer.from(core.read(0x3000, 0x3000)).toString('hex')

const LOAD = 0x08000000n
const STORE = 0x0a000000n

describe('an access to the page', () => {
  const cases: [string, Record<string, bigint>, bigint, bigint][] = [
    ['lwz r4,0(r3)', { r3: 0x4d00n }, LOAD, 0x4d00n],
    ['ld r4,0(r3)', { r3: 0x4008n }, LOAD, 0x4008n],
    ['lbzu r4,1(r3)', { r3: 0x4fffn - 1n }, LOAD, 0x4fffn],
    ['stw r4,0(r3)', { r3: 0x4d00n }, STORE, 0x4d00n],
    ['stdu r4,8(r3)', { r3: 0x4000n }, STORE, 0x4008n],
    ['lwarx r4,0,r3', { r3: 0x4010n }, LOAD, 0x4010n],
    ['stwcx. r4,0,r3', { r3: 0x4010n }, STORE, 0x4010n],
    ['stmw r28,0(r3)', { r3: 0x4ff8n }, STORE, 0x4ff8n],
    ['lmw r28,0(r3)', { r3: 0x3ff8n }, LOAD, 0x4000n],
    ['ld r4,0(r3)', { r3: 0x3ffcn }, LOAD, 0x4000n],
    ['std r4,0(r3)', { r3: 0x4ffcn }, STORE, 0x4ffcn],
    ['dcbz 0,r3', { r3: 0x4f80n }, STORE, 0x4f80n],
  ]

  test.each(cases)('%s', (source, set, status, address) => {
    const g = guest(source, { r4: 0x1234n, ...set })
    const { vcpu, core } = g
    vcpu.plant(AT, WORD)
    const before = around(g)
    expect(vcpu.step()).toMatchObject({
      kind: 'vmExit',
      reason: { kind: 'storage', interrupt: 'hypervisorDataStorage', address, guestReal: address },
    })
    expect([g.get('HDAR'), g.get('HDSISR'), g.get('ASDR'), g.get('HSRR0')]).toEqual([address, status, address, 0x10000n])
    expect(around(g)).toBe(before)
    expect(['NIP', 'MSR', 'r3', 'r4', 'r28', 'RESERVE', 'TIME'].map(g.get)).toEqual([0x10000n, SF, set.r3, 0x1234n, 0n, 0n, 0n])
    // The hypervisor makes it, as a whole, on the real page.
    const other = guest(source, { r4: 0x1234n, ...set })
    vcpu.emulate(core.fetchedWord(vcpu, 0x10000))
    other.vcpu.step()
    expect(around(g)).toBe(around(other))
    for (const name of ['NIP', 'r3', 'r4', 'r28', 'r31', 'RESERVE', 'TIME']) expect(g.get(name), name).toBe(other.get(name))
    expect(vcpu.step().kind).toBe('completed')
  })

  test('is the vCPU’s own again when the word is taken away, and another’s all the time', () => {
    const g = guest('lwz r4,0(r3)\n lwz r5,0(r3)', { r3: 0x4d00n })
    const [vcpu, other] = g.core.vcpus
    other!.state.set('GPR', 0x4d00n, 3)
    vcpu!.plant(AT, WORD)
    expect(other!.step().kind).toBe('completed')
    expect(other!.state.get('GPR', 4)).toBe(0x00070e15n)
    vcpu!.unplant(AT)
    expect(vcpu!.run(2).outcome.kind).toBe('completed')
    expect(g.get('r5')).toBe(0x00070e15n)
  })

  test('that a TLB held before the word was planted', () => {
    const g = guest('lwz r4,0(r3)\n stw r4,4(r3)\n lwz r4,0(r3)\n stw r4,4(r3)', { r3: 0x4d00n })
    expect(g.vcpu.run(2).outcome.kind).toBe('completed')
    g.vcpu.plant(AT, WORD)
    expect(g.vcpu.run(2)).toMatchObject({ boundaries: 0, outcome: { kind: 'vmExit' } })
  })

  test('that another word of the page was planted for, and one was taken away', () => {
    const g = guest('lwz r4,0(r3)', { r3: 0x4d00n })
    for (const at of [AT, 0x4700]) g.vcpu.plant(at, WORD)
    g.vcpu.unplant(AT)
    expect(g.vcpu.step().kind).toBe('vmExit')
  })
})

describe('come first', () => {
  test('the guest’s own translation', () => {
    const g = boot('_start: lwz r4,0(r3)\n b .', {
      msr: SF | DR,
      set: { r3: 0xc000000000204d00n },
      tables: { page: '4K', processes: [[linearMap(MiB)]] },
    })
    g.vcpu.plant(AT, WORD)
    expect(g.vcpu.step()).toMatchObject({ kind: 'interrupt', interrupt: { id: 'dataStorage' } })
  })

  test('DAWR', () => {
    const g = guest('stw r4,0(r3)', { r3: 0x4d00n, DAWR0: 0x4d00n, DAWRX0: DAWRX.mask.DW | DAWRX.mask.PNH | DAWRX.mask.WTI })
    g.vcpu.plant(AT, WORD)
    expect(g.vcpu.step()).toMatchObject({ kind: 'interrupt', interrupt: { id: 'dataStorage' } })
    expect(g.get('DSISR')).toBe(0x02400000n)
  })

  test('alignment', () => {
    const g = guest('lwarx r4,0,r3', { r3: 0x4d02n })
    g.vcpu.plant(AT, WORD)
    expect(g.vcpu.step()).toMatchObject({ kind: 'interrupt', interrupt: { id: 'alignment' } })
  })
})
