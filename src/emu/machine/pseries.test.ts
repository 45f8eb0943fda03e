import { describe, expect, test } from 'vitest'
import { getField, LPCR, MSR } from '../isa/bitfields.ts'
import { LoadError } from './elf.ts'
import { imageOfFlat, imageOfSource } from './image.ts'
import { Pseries } from './pseries.ts'

const boot = (text: string): Pseries => {
  const { image, diagnostics } = imageOfSource('t.s', text)
  if (!image) throw new Error(diagnostics.map(d => d.message).join('; '))
  return new Pseries(image)
}
const state = (m: Pseries, vcpu = 0) => m.core.vcpus[vcpu]!.state

/** Runs until something happens that is no completed instruction; what it was. */
function outcome(m: Pseries, limit = 10_000): string {
  const end = m.core.vcpus[0]!.run(limit).outcome
  if (end.kind === 'vmExit') return end.reason.kind
  return end.kind === 'interrupt' ? end.interrupt.id : end.kind
}

describe('the state at the first instruction', () => {
  test('of the first lesson', () => {
    const s = state(boot('# twostep: map=radix ail=3 ir=1 dr=1\n_start: nop'))
    expect(s.get('MSR')).toBe(0x8000000002803033n)
    expect(s.get('NIP')).toBe(0xc000000000010000n)
    expect([1, 2].map(n => s.get('GPR', n))).toEqual([0xc00000000001fe80n, 0xc000000000028000n])
    expect([s.get('SRR0'), s.get('SRR1')]).toEqual([s.get('NIP'), s.get('MSR')])
    expect(s.get('PVR')).toBe(0x004e1200n)
    const lpcr = s.get('LPCR')
    expect((['AIL', 'ILE', 'HR', 'UPRT', 'GTSE', 'LD', 'LPES'] as const).map(f => getField(LPCR, f, lpcr))).toEqual([
      3n,
      1n,
      1n,
      1n,
      1n,
      1n,
      1n,
    ])
  })

  test('everything else is 0', () => {
    const s = state(boot('_start: nop'))
    for (let n = 0; n < 32; n++) expect(s.get('GPR', n), `r${n}`).toBe(0n)
    for (const name of ['LR', 'CTR', 'SRR0', 'SRR1', 'HSRR0', 'HSRR1', 'DAR', 'DSISR', 'CIABR', 'DAWR0', 'TIME'])
      expect(s.get(name), name).toBe(0n)
    expect(s.cr).toBe(0n)
  })

  test('a big-endian guest takes its interrupts so', () => {
    const s = state(boot('# twostep: endian=big\n_start: nop'))
    expect(s.msr('LE')).toBe(false)
    expect(getField(LPCR, 'ILE', s.get('LPCR'))).toBe(0n)
  })

  test('as QEMU enters firmware: at 0x100, big-endian', () => {
    const m = new Pseries(imageOfFlat('f', new Uint8Array(0x104), { address: 0, entry: 0x100n, littleEndian: false }))
    expect(state(m).get('NIP')).toBe(0x100n)
    expect(state(m).get('MSR') & (MSR.mask.LE | MSR.mask.IR | MSR.mask.DR | MSR.mask.HV)).toBe(0n)
  })

  test('each vCPU has its number and a stack of its own', () => {
    const m = boot('# twostep: map=radix vcpus=3\n_start: nop')
    expect([0, 1, 2].map(n => state(m, n).get('PIR'))).toEqual([0n, 1n, 2n])
    expect([0, 1, 2].map(n => state(m, n).get('GPR', 1))).toEqual([0xc00000000001fe80n, 0xc00000000001ee80n, 0xc00000000001de80n])
  })
})

describe('the ready table', () => {
  test.each(['4K', '64K', '2M', '1G'])('a guest with pages of %s stores and loads through it', page => {
    const m = boot(`# twostep: map=radix page=${page} ram=16M ir=1 dr=1
      _start: lis r4, 0x1234
        std r4, -8(r1)
        lis r5, 0xc000
        sldi r5, r5, 32
        oris r5, r5, 0x50
        std r4, 0x18(r5)
        ld r6, -8(r1)
        attn`)
    expect(outcome(m)).toBe('attn')
    expect(state(m).get('GPR', 6)).toBe(0x12340000n)
    expect(new DataView(m.core.read(0x500018, 8).buffer).getBigUint64(0, true)).toBe(0x12340000n)
  })

  const USER = `# twostep: map=radix ram=16M ail=3 ir=1 dr=1
    _start: lis r3, user@h
      ori r3, r3, user@l
      clrldi r3, r3, 32
      mtsrr0 r3
      mfmsr r4
      ori r4, r4, 0x4000
      mtsrr1 r4
      rfid
    user: ld r5, 0(r3)
    `

  test('a program in problem state has RAM in quadrant 0', () => {
    const m = boot(`${USER}sc\nb .\n.section .vectors, "ax"\n.org 0xc000000000004c00\nattn\n`)
    expect(outcome(m)).toBe('attn')
    expect(state(m).get('SRR1') & MSR.mask.PR).toBe(MSR.mask.PR)
    expect(state(m).get('GPR', 5)).not.toBe(0n)
  })

  test('and not the kernel', () => {
    const m = boot(`${USER}ld r6, -8(r1)\nb .\n.section .vectors, "ax"\n.org 0xc000000000004300\nattn\n`)
    expect(outcome(m)).toBe('attn')
    expect([state(m).get('DAR'), state(m).get('DSISR')]).toEqual([0xc00000000001fe78n, 0x08000000n])
  })

  test('a program where the tables would be', () => {
    const text = '# twostep: map=radix ram=16M page=4K\n_start: nop\n.section .top, "aw"\n.org 0xc000000000ffff00\n.quad 1\n'
    expect(() => boot(text)).toThrow(LoadError)
    expect(() => boot(text)).toThrow(/ends at 0xffff08, and the ready page tables begin at 0xf[0-9a-f]{5}\. Give it more RAM/)
  })
})

test('what the guest writes comes out as it is written; devices can be put back', () => {
  const m = boot('_start: nop')
  const heard: string[] = []
  m.onOutput = text => heard.push(text)
  const put = (text: string) => {
    const s = state(m)
    ;[0x58n, 0n, 1n, BigInt(text.charCodeAt(0)) << 56n].forEach((v, n) => {
      s.set('GPR', v, 3 + n)
    })
    m.hypercall(m.core.vcpus[0]!)
  }
  put('a')
  m.type('typed')
  const saved = m.saveDevices()
  put('b')
  m.type(' more')
  expect(m.devices).toMatchObject({ consoleInput: 'typed more', consoleOutput: 'ab', poweredOff: false })
  m.restoreDevices(saved)
  expect(m.devices).toMatchObject({ consoleInput: 'typed', consoleOutput: 'a', poweredOff: false })
  put('c')
  m.restoreDevices(saved)
  expect(m.devices.consoleOutput).toBe('a')
  expect(heard).toEqual(['a', 'b', 'c'])
})

test('a decrementer that nobody has set is positive, counts down, and does not interrupt', () => {
  const { image } = imageOfSource('guest.s', '# twostep: ee=1 ram=16M\n_start: mfdec r3\n mfdec r4\n b .\n')
  const v = new Pseries(image!).core.vcpus[0]!
  expect(v.run(1000).boundaries).toBe(1000)
  expect(v.state.get('GPR', 3)).toBe((1n << 55n) - 1n)
  expect(v.state.get('GPR', 4)).toBe((1n << 55n) - 2n)
  expect(v.asynchronousDue()).toBe(false)
})
