/** Where the Trace interrupt goes by LPCR[AIL], IR and DR, and what each policy makes of it. */
import { describe, expect, test } from './workbench.ts'

/** Handlers of the Trace interrupt wherever it may go: they spin. */
const guest = (settings: string) => `# twostep: map=radix ${settings}
_start: li      r3, 1
        li      r4, 2
        b       _start
        .section .low, "ax"
        .org    0xc000000000000d00
low:    b       low
        .section .middle, "ax"
        .org    0xc000000000018d00
middle: b       middle
        .section .high, "ax"
        .org    0xc000000000004d00
high:   b       high
`

interface Place {
  settings: string
  /** The line of LPCR[AIL] in State. */
  says: string
  /** Why AIL does not apply. */
  why: string | null
  vector: bigint
  added: string | null
}

const places: Place[] = [
  { settings: 'ail=0 ir=1 dr=1', says: '0xd00 → 0xd00', why: 'AIL is 0.', vector: 0xd00n, added: null },
  { settings: 'ail=2 ir=1 dr=1', says: '0xd00 → 0x0001_8d00', why: null, vector: 0x18d00n, added: 'AIL 2, add 0x0000000000018000' },
  {
    settings: 'ail=3 ir=1 dr=1',
    says: '0xd00 → 0xc000_0000_0000_4d00',
    why: null,
    vector: 0xc000000000004d00n,
    added: 'AIL 3, add 0xc000000000004000',
  },
  {
    settings: 'ail=3 ir=1 dr=0',
    says: '0xd00 → 0xd00',
    why: 'AIL is 3, but DR is off, so it does not apply.',
    vector: 0xd00n,
    added: null,
  },
  {
    settings: 'ail=3 ir=0 dr=1',
    says: '0xd00 → 0xd00',
    why: 'AIL is 3, but IR is off, so it does not apply.',
    vector: 0xd00n,
    added: null,
  },
]

describe.each(places)('$settings', ({ settings, says, why, vector, added }) => {
  const reached = vector === 0xc000000000004d00n

  test('State says where the Trace interrupt goes; a step of Transparent goes there and comes back', async ({ bench }) => {
    await bench.load(guest(settings))
    expect(await bench.ailLine()).toEqual(why ? [says, why] : [says])
    await bench.choosePolicy('Transparent')
    const [nip, srr1] = [await bench.register('NIP'), await bench.register('SRR1')]
    await bench.step('o')
    expect(await bench.register('NIP')).toBe(nip + 4n)
    expect(await bench.register('r3')).toBe(1n)
    expect(await bench.register('SRR1')).toBe(srr1)
    expect(await bench.leaks()).toBe(0)
    const exception = await bench.dock('Exception')
    expect(exception).toContain('Hypervisor Emulation Assistance interrupt 0xe40')
    await bench.press('Shift+BracketLeft', 'Shift+BracketLeft')
    const trace = await bench.waitFor('Exception', () => bench.dock('Exception'), /Trace interrupt 0xd00/)
    expect(trace).toContain(`4 Vector vector 0x0000000000000d00 ${added ? `${added} ` : ''}NIP 0x${vector.toString(16).padStart(16, '0')}`)
    expect(trace).toContain(`because the vector holds 0x00dddd00`)
    if (why) expect(trace).toContain(why)
  })

  test(reached ? 'RFC v2 has its word there' : 'RFC v2 has its word elsewhere and loses its step', async ({ bench }) => {
    await bench.load(guest(settings))
    await bench.press('o')
    if (reached) {
      await bench.waitFor('status', () => bench.sentence(), /^Outside stepped li r3,1/)
      return
    }
    const lost = `The outside step is lost: the Trace interrupt took the guest to 0x${vector.toString(16)}, where no word is.`
    await bench.waitFor('status', () => bench.sentence(), /The guest runs\.$/)
    expect(await bench.sentence()).toContain(lost)
    expect(await bench.text('Hypervisor')).toContain('Step lost')
    expect(await bench.phases()).toContain('trace failed')
    await bench.press('Space')
    await bench.waitFor('status', () => bench.sentence(), /^Paused at/)
    expect(await bench.sentence()).toContain(lost)
    expect(await bench.register('NIP')).toBe(vector)
    expect(await bench.text('Timeline')).toContain('wrong from now on')
    await bench.press('Shift+o')
    await bench.waitFor('status', () => bench.sentence(), /^Took back/)
    expect(await bench.register('r3')).toBe(0n)
    expect(await bench.text('Hypervisor')).toContain('Idle')
  })
})
