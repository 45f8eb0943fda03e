import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { imageOfSource } from '../machine/image.ts'
import { Pseries } from '../machine/pseries.ts'
import { fromBase64, toBase64 } from './base64.ts'
import { RecordingError } from './readers.ts'
import { deedsFrom, deedsJson, deedsOf, doAgain } from './recording.ts'
import { readRegisters } from './registers.ts'
import { Session } from './session.ts'

/** Two vCPUs; vCPU 1 steps itself, both call the hypervisor and read the console. */
const SOURCE = `# twostep: map=radix ail=3 ir=1 dr=1 ram=16M vcpus=2
_start: mfspr r9,1023; cmpdi r9,0; mfmsr r5; ori r6,r5,0x400; beq 1f; mtmsrd r6
1:      addi r3,r3,1
        li r4,0x54; mr r7,r3; mr r3,r4; li r4,0; sc 1; mr r3,r7
        std r3,0x100(r1); lwarx r8,0,r1; stwcx. r8,0,r1
        b 1b
        .section .vectors, "ax"
        .org 0xc000000000004d00
        mtspr 272,r9; mfspr r9,273; addi r9,r9,1; mtspr 273,r9; mfspr r9,272; rfid`

function open(): Session {
  const { image, diagnostics } = imageOfSource('guest.s', SOURCE)
  if (!image) throw new Error(diagnostics.map(d => d.message).join())
  return new Session(new Pseries(image), 'rfc-v2')
}

const stateOf = (session: Session) => ({
  registers: session.core.vcpus.map(v => readRegisters(v.state)),
  time: session.now,
  ram: createHash('sha256').update(session.core.read(0, 0x40000)).digest('hex'),
  step: session.hypervisor.state.step,
  schedule: session.hypervisor.state.schedule,
  devices: session.machine.saveDevices(),
})

type Act = (session: Session, n: number) => void
const run = (session: Session, boundaries: number, slice: number) => {
  session.begin({ kind: 'run' }, 'machine')
  for (let left = boundaries; left > 0 && session.running; left -= slice) session.advance(Math.min(slice, left))
  session.pause()
}
const acts: readonly Act[] = [
  s => void s.perform({ kind: 'transition', walk: 'step' }, 'hypervisor'),
  s => void s.perform({ kind: 'transition', walk: 'loop' }, 'hypervisor'),
  s => void s.perform({ kind: 'boundary' }, 'machine'),
  (s, n) => void s.perform({ kind: 'preempt', boundaries: 1 + (n % 40) }, 'machine', n % 2),
  (s, n) => run(s, n % 5000, 777),
  (s, n) => {
    s.begin({ kind: 'step' }, 'outside')
    if (s.advance(1 + (n % 300)) === null) s.pause()
  },
  (s, n) => s.edit({ kind: 'register', vcpu: n % 2, register: 'r20', value: BigInt(n) }, 'r20 edited', n % 2),
  (s, n) => s.edit({ kind: 'memory', pieces: [{ real: 0x20000 + (n % 64), bytes: Uint8Array.of(n, n + 1) }] }, 'memory edited'),
  (s, n) => s.edit({ kind: 'schedule', change: { script: [{ vcpu: n % 2, boundaries: 1 + (n % 9) }], quantum: 1 + (n % 50) } }, 'schedule'),
  (s, n) => s.edit({ kind: 'input', text: `${n}`, port: 'console' }, 'typed'),
  (s, n) => {
    if (!s.hypervisor.state.step) s.hypervisor.setPolicy((['rfc-v2', 'rfc-v6', 'transparent', 'kvm-pr', 'tcg'] as const)[n % 5]!)
  },
  (s, n) => {
    s.hypervisor.holdInterrupts = n % 2 === 0
  },
  (s, n) => s.setStops(n % 2 ? [0xc000000000010018n] : []),
]

const again = (session: Session): Session => {
  const deeds = deedsFrom(JSON.parse(JSON.stringify(deedsJson(deedsOf(session)))), 2)
  const second = open()
  for (const _ of doAgain(second, deeds));
  return second
}

test('done again from its text, a recording has the same events and ends in the same state', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(acts.length - 1), fc.nat(100_000)), { maxLength: 14 }), list => {
      const first = open()
      for (const [act, n] of list) acts[act]!(first, n)
      const second = again(first)
      for (const event of first.events) expect(second.events.at(event.index)).toEqual(event)
      expect(second.events.length).toBe(first.events.length)
      expect(stateOf(second)).toEqual(stateOf(first))
    }),
    { numRuns: 60 },
  )
}, 60_000)

test('a recording whose machine does something else is refused', () => {
  const first = open()
  run(first, 500, 100)
  const deeds = deedsOf(first).map(d => ({ ...d, boundaries: 17, paused: false }))
  expect(() => [...doAgain(open(), deeds)]).toThrow(RecordingError)
})

describe('what is no recording is refused with the place and what was expected', () => {
  const policy = () => (deedsJson(deedsOf(stepped())) as { policy: unknown }[])[0]!.policy
  const stepped = () => {
    const s = open()
    s.perform({ kind: 'step' }, 'outside')
    return s
  }
  test.each([
    [{}, 'actions: expected a list.'],
    [[3], 'actions[0]: expected an object.'],
    [[{ do: { kind: 'fly' } }], 'actions[0].do.kind: expected one of step, transition, run,'],
    [
      [{ do: { kind: 'step' }, actor: 'outside', vcpu: 0, boundaries: 1, transitions: 1 }],
      'actions[0].policy: expected the policy of the first action.',
    ],
    [
      [{ do: { kind: 'step' }, actor: 'outside', vcpu: 7, boundaries: 1, transitions: 1, policy: policy() }],
      'actions[0].vcpu: expected a vCPU from 0 to 1.',
    ],
    [
      [{ do: { kind: 'step' }, actor: 'outside', vcpu: 0, boundaries: 1, policy: { name: 'x', choices: {} } }],
      'actions[0].policy: expected a policy: ',
    ],
    [
      [{ do: { kind: 'edit', sentence: 's', edit: { kind: 'register', vcpu: 0, register: 'r3', value: '12' } }, policy: policy() }],
      'actions[0].do.edit.value: expected a hexadecimal value',
    ],
    [
      [{ do: { kind: 'edit', sentence: 's', edit: { kind: 'memory', pieces: [{ real: 0, bytes: '*' }] } }, policy: policy() }],
      'actions[0].do.edit.pieces[0].bytes: expected bytes in base64.',
    ],
  ])('%j', (actions, said) => {
    expect(() => deedsFrom(actions, 2)).toThrow(said)
  })
})

test('base64 is read as it is written, and as others write it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), bytes => {
      expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'))
      expect(fromBase64(toBase64(bytes))).toEqual(bytes)
    }),
  )
  expect(['A', 'AB=', 'A===', 'AB*=', 'ABC'].map(fromBase64)).toEqual([null, null, null, null, null])
})
