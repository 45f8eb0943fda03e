/** Frames told from what lies in memory. */
import { expect, test } from 'vitest'
import { Session } from '../debug/session.ts'
import { imageOfSource } from '../machine/image.ts'
import { Pseries } from '../machine/pseries.ts'
import { interruptFrames, stackFrames } from './memory-marks.ts'

function open(source: string) {
  const { image, diagnostics } = imageOfSource('guest.s', source)
  if (!image) throw new Error(diagnostics.map(d => d.message).join())
  const machine = new Pseries(image)
  const session = new Session(machine, 'rfc-v2')
  const run = (n: number) => {
    for (let k = 0; k < n; k++) session.perform({ kind: 'boundary' }, 'machine')
  }
  return { session, run, symbolAt: (a: bigint) => machine.symbolAt(a) }
}

const CALLS = `# twostep: map=radix ir=1 dr=1
_start: lis     r1, 1
        li      r0, 0
        std     r0, 0(r1)
        bl      outer
after:  b       .
outer:  mflr    r0
        std     r0, 16(r1)
        stdu    r1, -32(r1)
        bl      inner
back:   b       .
inner:  mflr    r0
        std     r0, 16(r1)
        stdu    r1, -48(r1)
        b       .
`

test('the callers’ frames, with where they return', () => {
  const { session, run, symbolAt } = open(CALLS)
  expect(stackFrames(session, symbolAt)).toEqual([])
  run(11)
  expect(session.vcpu().state.get('GPR', 1)).toBe(0x10000n - 80n)
  expect(stackFrames(session, symbolAt)).toEqual([
    { address: 0x10000n - 32n, text: 'stack frame 1 up, returns to back' },
    { address: 0x10000n, text: 'stack frame 2 up, returns to after' },
  ])
  // A chain that leads downwards is none.
  session.edit({ kind: 'memory', pieces: [{ real: 0x10000 - 32, bytes: new Uint8Array(8) }] }, 'edited')
  expect(stackFrames(session, symbolAt).map(m => m.address)).toEqual([0x10000n - 32n])
})

test('where a handler saved SRR0 and SRR1', () => {
  const { session, run } = open(`# twostep: map=radix ir=1 dr=1
_start: lis     r1, 1
        sc
        b       .
        .section .vectors, "ax"
        .org    0xc000000000000c00
        mfsrr0  r4
        mfsrr1  r5
        std     r4, -64(r1)
        std     r5, -56(r1)
        b       .
`)
  run(5)
  expect(interruptFrames(session)).toEqual([])
  run(1)
  expect(interruptFrames(session)).toEqual([
    { address: 0x10000n - 64n, text: expect.stringMatching(/^interrupt frame: SRR0, SRR1 of System Call, event \d+$/) },
  ])
})
