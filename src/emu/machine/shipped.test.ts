/** The files that come with the assembler: they assemble, by GNU as's rules, and their macros do what they say. */
import { describe, expect, test } from 'vitest'
import { Hypervisor } from '../hypervisor/hypervisor.ts'
import { MSR } from '../isa/bitfields.ts'
import { imageOfSource } from './image.ts'
import { Pseries } from './pseries.ts'
import { shippedFile, shippedNames } from './shipped.ts'

const errors = (source: string) => imageOfSource('t.s', source).diagnostics.map(d => `${d.line}: ${d.message}`)

test.each(shippedNames)('%s can be included', name => {
  expect(errors(`.include "${name}"\n_start: b .\n`)).toEqual([])
})

test('names stand for the values of the tables', () => {
  const { image } = imageOfSource(
    't.s',
    '.include "msr.inc"\n.include "spr.inc"\n.include "vectors.inc"\n_start: li r3, MSR_SE\n mfspr r4, SPR_SRR0\n li r5, VECTOR_TRACE\n',
  )
  const machine = new Pseries(image!)
  const { vcpu } = { vcpu: machine.core.vcpus[0]! }
  vcpu.state.set('SRR0', 0x1234n)
  for (let n = 0; n < 3; n++) vcpu.step()
  expect([3, 4, 5].map(n => vcpu.state.get('GPR', n))).toEqual([MSR.mask.SE, 0x1234n, 0xd00n])
})

describe.each(['', 'map=radix ail=3 ir=1 dr=1', 'endian=big'])('macros of hcall.inc (%s)', header => {
  test('write, and power off', () => {
    const { image, diagnostics } = imageOfSource(
      't.s',
      `# twostep: ${header}\n.include "hcall.inc"\n_start: li r9, 'a'\n hputc r9\n hputs text, 5\n hpoweroff\n .data\ntext: .ascii "hello"\n`,
    )
    expect(diagnostics).toEqual([])
    const machine = new Pseries(image!)
    const { stop } = new Hypervisor(machine, 'transparent').run(0, 1000)
    expect(stop?.reason).toBe('powerOff')
    expect(machine.devices.consoleOutput).toBe('ahello')
  })
})

test('a file that there is not: what there is', () => {
  expect(errors('.include "none.inc"\n_start: b .\n')).toEqual([
    `1: no file "none.inc" to include. Twostep comes with ${shippedNames.join(', ')}`,
  ])
  expect(shippedFile('constructor')).toBeNull()
})

test('an error in an included file names it, at the line that includes it', () => {
  const include = (path: string) => (path === 'own.inc' ? 'nop\nady r1,r2\n' : null)
  const { diagnostics } = imageOfSource('t.s', '_start: b .\n.include "own.inc"\n', include)
  expect(diagnostics).toHaveLength(1)
  expect(diagnostics[0]).toMatchObject({ line: 2, message: expect.stringMatching(/own\.inc.*line 2.*ady|own\.inc.*2.*ady/) })
})
