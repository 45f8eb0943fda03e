/** Loads and stores of several registers, and atomic memory operations: what QEMU cannot be asked. Power ISA 3.0B, Book I, 3.3.4 to 3.3.8; Book II, 4.5. */
import { describe, expect, test } from 'vitest'
import { boot, type Guest } from '../../../test/support/guest.ts'
import { MSR } from '../isa/bitfields.ts'

const { SF, LE } = MSR.mask
const DATA = 0x20000
const bytes = Array.from({ length: 64 }, (_, n) => n + 1)

function run(source: string, msr: bigint, set: Record<string, bigint> = {}, data: readonly number[] = bytes): Guest {
  const guest = boot(`_start: ${source}\n b .`, { msr, little: (msr & LE) !== 0n, set: { r5: BigInt(DATA), ...set } })
  guest.core.write(DATA, Uint8Array.from(data))
  guest.vcpu.step()
  return guest
}
const stored = (guest: Guest, at: number, count: number): string => Buffer.from(guest.core.read(DATA + at, count)).toString('hex')

describe('quadwords', () => {
  test('the first register has the first bytes in big-endian mode and the last in little-endian mode', () => {
    const big = run('lq r6,0(r5)', SF)
    expect([big.get('r6'), big.get('r7')]).toEqual([0x0102030405060708n, 0x090a0b0c0d0e0f10n])
    const little = run('lq r6,0(r5)', SF | LE)
    expect([little.get('r6'), little.get('r7')]).toEqual([0x100f0e0d0c0b0a09n, 0x0807060504030201n])
  })

  test.each([SF, SF | LE])('stq stores what lq loads', msr => {
    const guest = boot('_start: lq r6,0(r5)\n stq r6,32(r5)\n lqarx r8,0,r5\n stqcx. r6,0,r5\n b .', {
      msr,
      little: (msr & LE) !== 0n,
      set: { r5: BigInt(DATA) },
    })
    guest.core.write(DATA, Uint8Array.from(bytes))
    guest.vcpu.run(4)
    expect(stored(guest, 32, 16)).toBe(stored(guest, 0, 16))
    expect([guest.get('r8'), guest.get('r9')]).toEqual([guest.get('r6'), guest.get('r7')])
    expect(guest.vcpu.state.get('CRF')).toBe(2n)
  })

  test('a misaligned one is an Alignment interrupt with its address in DAR', () => {
    const guest = run('lq r6,16(r5)', SF, { r5: BigInt(DATA + 8) })
    expect([guest.get('NIP'), guest.get('DAR')]).toEqual([0x600n, BigInt(DATA + 24)])
  })

  test('an odd pair is illegal', () => {
    const guest = boot('_start: .long 0xe0e50000\n b .', { msr: SF, set: { r5: BigInt(DATA) } })
    expect(guest.vcpu.step()).toMatchObject({ kind: 'vmExit', reason: { kind: 'emulationAssistance' } })
  })
})

describe('multiple and string', () => {
  test('lmw fills low words to r31, stmw stores them', () => {
    const guest = boot('_start: lmw r29,0(r5)\n stmw r29,32(r5)\n b .', { msr: SF, set: { r5: BigInt(DATA), r31: -1n } })
    guest.core.write(DATA, Uint8Array.from(bytes))
    guest.vcpu.run(2)
    expect([guest.get('r29'), guest.get('r31')]).toEqual([0x01020304n, 0x090a0b0cn])
    expect(stored(guest, 32, 12)).toBe(stored(guest, 0, 12))
  })

  test('lswi goes on at r0, and the last word is filled with zeros', () => {
    const guest = run('lswi r30,r5,10', SF)
    expect([guest.get('r30'), guest.get('r31'), guest.get('r0')]).toEqual([0x01020304n, 0x05060708n, 0x090a0000n])
  })

  test('stswx stores as many bytes as XER says', () => {
    const guest = run('stswx r6,0,r5', SF, { XERLOW: 6n, r6: 0xaabbccddn, r7: 0x11223344n })
    expect(stored(guest, 0, 8)).toBe('aabbccdd11220708')
  })

  test.each([
    'lmw r30,0(r5)',
    'stmw r30,0(r5)',
    'lswi r6,r5,4',
    'stswi r6,r5,4',
    'lswx r6,0,r5',
    'stswx r6,0,r5',
  ])('%s in little-endian mode is an Alignment interrupt', source => {
    const guest = run(source, SF | LE, { XERLOW: 4n })
    expect([guest.get('NIP'), guest.get('DAR')]).toEqual([0x600n, BigInt(DATA)])
  })

  test('a store over the end of RAM stores nothing', () => {
    const guest = boot('_start: stmw r28,0(r5)\n b .', { msr: SF, set: { r28: -1n } })
    const at = guest.core.ramBytes - 8
    guest.set('r5', BigInt(at))
    expect(guest.vcpu.step().kind).toBe('vmExit')
    expect(Buffer.from(guest.core.read(at, 8)).toString('hex')).toBe('0000000000000000')
  })
})

describe('atomic memory operations', () => {
  const words = [0, 0, 0, 7, 0, 0, 0, 9]
  test('Fetch and Decrement Bounded is bounded by the operand before it', () => {
    const other = run('lwat r6,r7,28', SF, { r7: BigInt(DATA + 4) }, words)
    expect([other.get('r6'), stored(other, 0, 8)]).toEqual([9n, '0000000700000008'])
    const same = run('lwat r6,r7,28', SF, { r7: BigInt(DATA + 4) }, [0, 0, 0, 9, 0, 0, 0, 9])
    expect([same.get('r6'), stored(same, 0, 8)]).toEqual([0x80000000n, '0000000900000009'])
  })

  test('the signed minimum of words', () => {
    const guest = run('stwat r6,r7,7', SF, { r6: 0xffffffffn, r7: BigInt(DATA) }, words)
    expect(stored(guest, 0, 4)).toBe('ffffffff')
  })

  test('Store Twin changes both when they are alike, and neither when not', () => {
    const alike = run('stwat r6,r7,24', SF, { r6: 5n, r7: BigInt(DATA) }, [0, 0, 0, 9, 0, 0, 0, 9])
    expect(stored(alike, 0, 8)).toBe('0000000500000005')
    expect(stored(run('stwat r6,r7,24', SF, { r6: 5n, r7: BigInt(DATA) }, words), 0, 8)).toBe('0000000700000009')
  })

  test.each([
    ['a function that is none', 'lwat r6,r7,9', DATA, 0x300n],
    ['a misaligned word', 'lwat r6,r7,0', DATA + 2, 0x600n],
    ['a pair over the end of its block', 'lwat r6,r7,24', DATA + 28, 0x600n],
    ['a pair before the begin of its block', 'ldat r6,r7,28', DATA + 32, 0x600n],
  ])('%s is refused, and changes nothing', (_, source, at, vector) => {
    const guest = run(source, SF, { r7: BigInt(at) })
    expect([guest.get('NIP'), guest.get('DAR'), stored(guest, 0, 64)]).toEqual([vector, BigInt(at), Buffer.from(bytes).toString('hex')])
  })
})

test('rfebb goes to EBBRR without its two low bits, and sets BESCR[GE] to S', () => {
  const guest = boot('_start: rfebb\n b .', { msr: SF, set: { HFSCR: 0x80n, EBBRR: 0x10007n } })
  guest.vcpu.step()
  expect([guest.get('NIP'), guest.get('BESCR')]).toEqual([0x10004n, 1n << 63n])
})

test('a load with update whose RT is RA leaves the address, run as emulated: an invalid form', () => {
  const guest = run('.long 0xa4a50004', SF) // lhzu r5,4(r5)
  const emulated = run('nop', SF)
  emulated.vcpu.emulate(0xa4a50004)
  expect([guest.get('r5'), emulated.get('r5')]).toEqual([BigInt(DATA + 4), BigInt(DATA + 4)])
})
