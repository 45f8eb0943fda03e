/** Memory and disassembly as they are shown, without leaving a trace in the page tables. */
import { describe, expect, test } from 'vitest'
import { Session } from '../debug/session.ts'
import type { PolicyId } from '../hypervisor/policy.ts'
import { imageOfSource } from '../machine/image.ts'
import { Pseries } from '../machine/pseries.ts'
import { disassemblyRows, memoryView, realPieces } from './memory-view.ts'
import { SourceFiles } from './source-view.ts'

const LINEAR = 0xc000000000000000n
const TRACE = LINEAR + 0x4d00n

function open(source: string, policy: PolicyId = 'rfc-v2') {
  const { image, diagnostics } = imageOfSource('guest.s', source)
  if (!image) throw new Error(diagnostics.map(d => d.message).join())
  const machine = new Pseries(image)
  const session = new Session(machine, policy)
  const { name, kind, instructions, littleEndian, entry, symbols, lines } = image
  const program = { name, kind, instructions, littleEndian, entry, symbols: [...symbols], lines: [...lines], files: [] }
  const rows = (address: bigint, count: number) =>
    disassemblyRows(session, address, count, program, a => machine.symbolAt(a), new SourceFiles(image))
  const phases = (n: number) => {
    for (let i = 0; i < n; i++) session.perform({ kind: 'transition', walk: 'step' }, 'hypervisor')
  }
  return { machine, session, rows, phases, read: (address: bigint, count: number) => memoryView(session, address, count) }
}

const KERNEL = '# twostep: map=radix ail=3 ir=1 dr=1 ram=16M\n'
const TWO = `${KERNEL}_start: li r4,8\nprobe: b probe\n`

describe('memory', () => {
  test('is read by effective address, over the end of a page', () => {
    const { machine, read } = open(TWO)
    machine.core.write(0x2ffe, Uint8Array.of(1, 2, 3, 4))
    const v = read(LINEAR + 0x2ffen, 4)
    expect([...v.bytes]).toEqual([1, 2, 3, 4])
    expect(v).toMatchObject({ real: 0x2ffen, fault: null, planted: [] })
  })

  test('ends where nothing is mapped, with the reason', () => {
    const { read } = open(TWO)
    const v = read(LINEAR + 0xfffff8n, 16)
    expect(v.bytes.length).toBe(8)
    expect(v.fault).toBe('Not mapped: 0xc000000001000000 (DR on, no entry)')
  })

  test('at the top of the address space it goes round', () => {
    const { read } = open('_start: b .\n')
    expect(read((1n << 64n) - 4n, 8).fault).toMatch(/^Not mapped: 0xfffffffffffffffc \(real mode, beyond RAM\)$/)
  })

  test.each([
    ['quadrant 1', 0x4000000000000000n, 'outside the quadrant'],
    ['an address wider than the tree', 0x0100000000000000n, 'outside the quadrant'],
    ['beyond the mapping', LINEAR + 0x40000000n, 'no entry'],
  ])('%s: %s', (_, address, why) => {
    expect(open(TWO).read(address, 4)).toMatchObject({ real: null, fault: `Not mapped: 0x${address.toString(16)} (DR on, ${why})` })
  })

  test("problem state does not see the kernel's pages", () => {
    const { session, read } = open(TWO)
    session.edit({ kind: 'register', vcpu: 0, register: 'MSR', value: session.vcpu().state.get('MSR') | 0x4000n }, 'edited')
    expect(read(LINEAR, 4).fault).toContain('the page forbids it')
    expect(read(0n, 4).fault).toBeNull()
  })

  test('of a process without a table entry', () => {
    const { session, read } = open(TWO)
    session.edit({ kind: 'register', vcpu: 0, register: 'PIDR', value: 1000n }, 'edited')
    expect(read(0n, 4).fault).toContain('no process table entry')
  })

  test('looking sets neither R nor C', () => {
    const { machine, read, rows } = open(TWO.replace('ram', 'page=4K rc=0 ram'))
    const before = machine.core.ram.slice()
    read(LINEAR + 0x5000n, 64)
    rows(LINEAR + 0x6000n, 8)
    expect(Buffer.compare(machine.core.ram, before)).toBe(0)
  })

  test('pieces lie where their pages do', () => {
    const { machine, session } = open(TWO.replace('ram', 'page=4K ram'))
    // The page at 0x3000 of the kernel's mapping is moved to 0x7000: found by its entry, which maps it with R and C.
    const entry = 0xc000000000003000n | 0x18fn
    const { core } = machine
    for (let at = 0n; at < BigInt(core.ramBytes); at += 8n) if (core.readDoubleword(at) === entry) core.writeDoubleword(at, entry + 0x4000n)
    core.flushTranslations(core.vcpus[0]!)
    expect(realPieces(session, LINEAR + 0x2ffcn, 8)).toEqual({
      pieces: [
        { offset: 0, real: 0x2ffc, count: 4 },
        { offset: 4, real: 0x7000, count: 4 },
      ],
      fault: null,
    })
  })

  test("shows RFC v2's word with what it hides; Transparent's is not in memory", () => {
    const rfc = open(TWO)
    rfc.machine.core.write(0x4d00, Uint8Array.of(9, 8, 7, 6))
    rfc.phases(1)
    expect([...rfc.read(TRACE - 4n, 12).bytes].slice(4, 8)).toEqual([0, 0xdd, 0xdd, 0])
    expect(rfc.read(TRACE - 4n, 12).planted).toEqual([{ offset: 4, original: Uint8Array.of(9, 8, 7, 6) }])
    const transparent = open(TWO, 'transparent')
    transparent.machine.core.write(0x4d00, Uint8Array.of(9, 8, 7, 6))
    transparent.phases(1)
    expect(transparent.session.hypervisor.state.step!.planted.length).toBeGreaterThan(0)
    expect([...transparent.read(TRACE, 4).bytes]).toEqual([9, 8, 7, 6])
    expect(transparent.read(TRACE, 4).planted).toEqual([])
  })
})

describe('disassembly', () => {
  test('has labels, source lines and symbols', () => {
    const rows = open(TWO).rows(LINEAR + 0x10000n, 2)
    expect(rows.map(r => [r.label, r.line, r.text])).toEqual([
      ['_start', 2, 'li r4,8'],
      ['probe', 3, expect.stringContaining('probe')],
    ])
    expect([...rows[0]!.bytes!]).toEqual([8, 0, 0x80, 0x38])
  })

  test('the trace vector is named where it is now', () => {
    const guest = open(TWO)
    expect(guest.rows(TRACE, 1)[0]!.label).toBe('trace vector (0xd00, AIL 3)')
    guest.session.edit({ kind: 'register', vcpu: 0, register: 'MSR', value: guest.session.vcpu().state.get('MSR') & ~0x10n }, 'edited')
    expect(guest.rows(TRACE, 1)[0]!.label).toBeNull()
    expect(guest.rows(0xd00n, 1)[0]!.label).toBe('trace vector (0xd00, AIL does not apply)')
  })

  test.each(['rfc-v2', 'transparent'] as const)('under %s the word is shown with what it hides', policy => {
    const guest = open(TWO, policy)
    guest.machine.core.write(0x4d00, Uint8Array.of(0x78, 0x43, 0x22, 0x7e))
    guest.phases(1)
    const [row] = guest.rows(TRACE, 1)
    expect([...row!.bytes!]).toEqual([0, 0xdd, 0xdd, 0])
    expect(row!.planted).toEqual({ bytes: Uint8Array.of(0x78, 0x43, 0x22, 0x7e), text: 'or r2,r17,r8' })
  })

  test('an address that is not mapped is a row with the reason; one that is not aligned is its word', () => {
    const { rows } = open(TWO)
    expect(rows(LINEAR + 0x10002n, 1)[0]!.address).toBe(LINEAR + 0x10000n)
    const [last, beyond] = rows(LINEAR + 0xfffffcn, 2)
    expect(last!.bytes).not.toBeNull()
    expect(beyond).toMatchObject({ bytes: null, text: 'Not mapped: 0xc000000001000000 (IR on, no entry)' })
    expect(rows((1n << 64n) - 4n, 2).map(r => r.address)).toEqual([(1n << 64n) - 4n, 0n])
  })
})

test('bytes before the last action, where some changed', () => {
  const { session, read } = open(`${KERNEL}_start: lis r4,0x10\n std r3,0x7100(0)\n b .\n`)
  expect(read(LINEAR + 0x7100n, 16).before).toBeNull()
  const byte = read(LINEAR + 0x7100n, 1).bytes[0]!
  session.edit({ kind: 'memory', pieces: [{ real: 0x7101, bytes: Uint8Array.of(byte ^ 0x5a) }] }, 'edited')
  expect(read(LINEAR + 0x7100n, 16).before).toEqual(Uint8Array.from({ length: 16 }, () => byte))
  expect(read(0x7100n, 4).bytes[1]).toBe(byte ^ 0x5a)
  expect(memoryView(session, 0x7101n, 1, 'guest real')).toMatchObject({ real: 0x7101n, bytes: Uint8Array.of(byte ^ 0x5a) })
  expect(memoryView(session, LINEAR, 1, 'host real').fault).toMatch(
    /^Not mapped: 0xc000000000000000 \(host real, beyond the end of RAM at 0x1000000\)$/,
  )
  session.edit({ kind: 'register', vcpu: 0, register: 'r9', value: 1n }, 'edited')
  expect(read(LINEAR + 0x7100n, 16).before).toBeNull()
  session.seek(1)
  expect(read(LINEAR + 0x7100n, 16).before).not.toBeNull()
})
