/** A translation as it is drawn: what the core's walk read, and why it ended. */
import { expect, test } from 'vitest'
import { Session } from '../debug/session.ts'
import { imageOfSource } from '../machine/image.ts'
import { Pseries } from '../machine/pseries.ts'
import { translationView } from './translation-view.ts'

const LINEAR = 0xc000000000000000n
const RADIX = '# twostep: map=radix page=4K rc=0 ail=3 ir=1 dr=1 ram=16M\n_start: b .\n'

function open(source: string) {
  const { image, diagnostics } = imageOfSource('guest.s', source)
  if (!image) throw new Error(diagnostics.map(d => d.message).join())
  const session = new Session(new Pseries(image), 'rfc-v2')
  const set = (register: string, value: bigint) => session.edit({ kind: 'register', vcpu: 0, register, value }, 'edited')
  return { session, set, view: (a: bigint, access: 'load' | 'store' | 'fetch' = 'load') => translationView(session, a, access) }
}

test('four levels of a page of 4 KiB, each with its entry as it lies in memory', () => {
  const { session, view } = open(RADIX)
  const before = session.core.ram.slice()
  const v = view(LINEAR + 0x5678n, 'store')
  expect(v.steps.map(s => s.title)).toEqual([
    'Process table',
    'Process table, entry 0',
    'Level 1, directory',
    'Level 2, directory',
    'Level 3, directory',
    'Level 4, leaf: a page of 4 KiB',
  ])
  for (const { at, value } of v.steps) if (at !== null) expect(session.core.readDoubleword(at)).toBe(value)
  const [, , root, second] = v.steps
  expect(root!.says).toBe('Entry 0x0, by bits 12:24 of the address.')
  // The directory's address is where the level below is read.
  expect(root!.fields.find(f => f.name === 'NLB')!.value).toBe(`0x${(second!.at! & ~0xfffn).toString(16)}`)
  const leaf = v.steps.at(-1)!
  expect(leaf.says).toBe('Entry 0x5, by bits 43:51 of the address.')
  expect(leaf.fields.find(f => f.name === 'RPN')).toMatchObject({ bits: '7:51', value: '0x5000' })
  expect(v).toMatchObject({ guestReal: 0x5678n, hostReal: 0x5678n, fault: null, sets: ['R', 'C'] })
  expect(view(LINEAR + 0x5678n).sets).toEqual(['R'])
  expect(Buffer.compare(session.core.ram, before)).toBe(0)
})

test('a fault says which interrupt, its cause bits, and where the walk ended', () => {
  const { set, session, view } = open(RADIX)
  const v = view(LINEAR + 0x100_0000n, 'store')
  expect(v.fault).toMatchObject({ interrupt: 'data storage interrupt (0x300)', register: 'DSISR', status: 0x42000000n })
  expect(v.fault!.bits.map(b => [b.name, b.bits])).toEqual([
    ['noTranslation', '1'],
    ['store', '6'],
  ])
  expect(v.fault!.why).toBe(`No entry. The walk ended at the entry at 0x${v.steps.at(-1)!.at!.toString(16)}.`)
  expect(v.steps.at(-1)!.title).toMatch(/^Level \d, not valid$/)
  expect(v).toMatchObject({ guestReal: null, hostReal: null })
  const fetch = view(LINEAR + 0x100_0000n, 'fetch')
  expect(fetch.fault).toMatchObject({ interrupt: 'instruction storage interrupt (0x400)', register: 'SRR1', bits: [{ bits: '33' }] })
  expect(view(1n << 62n).fault).toMatchObject({ interrupt: 'data segment interrupt (0x380)', register: null, bits: [] })
  set('MSR', session.vcpu().state.get('MSR') | 0x4000n)
  expect(view(LINEAR).fault!.bits.map(b => b.name)).toEqual(['protection'])
  expect(
    view(LINEAR)
      .steps.at(-1)!
      .fields.find(f => f.name === 'PRIV')!.value,
  ).toBe('1')
  set('PIDR', 1000n)
  expect(view(0n).fault!.bits.map(b => b.name)).toEqual(['noTranslation', 'processTable'])
})

test('real mode takes no entry; beyond RAM is the hypervisor’s interrupt', () => {
  const { view } = open('# twostep: ram=16M\n_start: b .\n')
  expect(view(LINEAR + 0x100n)).toMatchObject({ steps: [], guestReal: 0x100n, hostReal: 0x100n, fault: null, sets: [] })
  expect(view(LINEAR + 0x100n).context).toBe('MSR[DR] is 0: real mode, the address without its high four bits.')
  expect(view(0x100_0000n)).toMatchObject({ guestReal: 0x100_0000n, hostReal: null })
  expect(view(0x100_0000n).fault).toMatchObject({ interrupt: 'hypervisor data storage interrupt (0xe00)', register: 'HDSISR' })
})
