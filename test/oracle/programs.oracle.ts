/** The recorded outputs of the C programs are what qemu-system-ppc64 prints today. `RECORD=1` records them anew. */
import { writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { main } from '../../src/cli/main.ts'
import { byteOrders, expectedFile, expectedOutput, flatFile, programNames } from '../programs/programs.ts'
import { TestIo } from '../test-io.ts'
import { qemuOutput } from './qemu-machine.ts'

describe.each(programNames)('%s', name => {
  test.each(byteOrders)('%s', order => {
    const printed = qemuOutput(flatFile(name, order))
    if (process.env.RECORD) writeFileSync(expectedFile(name, order), printed)
    expect(expectedOutput(name, order)).toBe(printed)
  })
})

test('the bench prints the same check sums on both', () => {
  const io = new TestIo()
  expect(main(['run', flatFile('bench', 'le'), '--entry', '0x100'], io)).toBe(0)
  expect(io.text).toBe(qemuOutput(flatFile('bench', 'le')))
})
