/** The recorded outputs of the C programs are what qemu-system-ppc64 prints today. `RECORD=1` records them anew. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
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

/** Built here and now, without the committed files: what GCC makes of the same programs otherwise. */
describe.each(['-O0', '-O2', '-O3'])('built with %s for POWER9', optimise => {
  const out = mkdtempSync(`${tmpdir()}/twostep-programs-`)
  beforeAll(() => {
    execFileSync('sh', ['test/programs/build.sh'], { env: { ...process.env, OPTIMISE: optimise, CPU: 'power9', OUT: out }, stdio: 'pipe' })
  })
  afterAll(() => rmSync(out, { recursive: true }))

  test.each(programNames.flatMap(name => byteOrders.map(order => [name, order] as const)))('%s, %s', (name, order) => {
    const io = new TestIo()
    const file = `${out}/${name}.${order}.bin`
    expect(main(['run', file, '--entry', '0x100', '--max-instructions', '200000000'], io)).toBe(0)
    expect(io.text).toBe(qemuOutput(file))
    expect(io.text).not.toBe(name === 'nothing' ? 'nothing' : '')
  })
})

test('the bench prints the same check sums on both', () => {
  const io = new TestIo()
  expect(main(['run', flatFile('bench', 'le'), '--entry', '0x100'], io)).toBe(0)
  expect(io.text).toBe(qemuOutput(flatFile('bench', 'le')))
})
