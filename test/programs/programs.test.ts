/** C programs as GCC -O2 builds them print on Twostep what they printed on qemu-system-ppc64. */
import { describe, expect, test } from 'vitest'
import { main } from '../../src/cli/main.ts'
import { TestIo } from '../test-io.ts'
import { byteOrders, elfFile, expectedOutput, flatFile, programNames } from './programs.ts'

function output(...args: string[]): { status: number | Promise<number>; out: string; errors: string } {
  const io = new TestIo()
  const status = main(['run', ...args, '--max-instructions', '50000000'], io)
  return { status, out: io.text, errors: io.errors.join('\n') }
}

describe.each(programNames)('%s', name => {
  test.each(byteOrders)('%s, as ELF', order => {
    expect(output(elfFile(name, order))).toEqual({ status: 0, out: expectedOutput(name, order), errors: '' })
  })

  test.each(byteOrders)('%s, as a flat image entered as QEMU enters it', order => {
    const expected = { status: 0, out: expectedOutput(name, order), errors: '' }
    expect(output(flatFile(name, order), '--entry', '0x100')).toEqual(expected)
    // QEMU's own MSR: 32-bit mode until the program leaves it.
    expect(output(flatFile(name, order), '--entry', '0x100', '--msr', '0')).toEqual(expected)
  })
})
