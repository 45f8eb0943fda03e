/** What hypercalls answer on Twostep and on qemu-system-ppc64, row by row of the table in hypercalls.s. `record.sh` records QEMU's side. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { main } from '../../src/cli/main.ts'
import { TestIo } from '../test-io.ts'

const here = new URL('.', import.meta.url).pathname
const source = readFileSync(`${here}hypercalls.s`, 'utf8')
const qemu = readFileSync(`${here}hypercalls.qemu.txt`, 'utf8')

/** Where QEMU is not followed, with its reason. */
const deviations: Readonly<Record<string, string>> = {
  'PUT, CONSOLE + 1, 1, 0, 0': 'this machine has a second serial port there; QEMU was run with one',
  'GET, CONSOLE + 1, 2, 3, 4': 'the same',
  'MODE, 4, 3, 0, 0': 'AIL has two bits: 4 would set none of them, and QEMU 7.2 calls that a success',
}

const rows = source
  .slice(source.indexOf('table:'))
  .split('\n')
  .flatMap(line => /^\s*\.quad\s+(.*?)\s*(#.*)?$/.exec(line)?.[1]?.replace(/\s+/g, ' ') ?? [])

test('as QEMU, but for the listed differences', () => {
  const io = new TestIo({ 'hypercalls.s': source })
  expect(main(['asm', 'hypercalls.s', '-o', 'hypercalls.bin', '--endian', 'big'], io)).toBe(0)
  expect(main(['run', 'hypercalls.bin', '--entry', '0x100', '--max-instructions', '1000000'], io)).toBe(0)
  const answers = (text: string) => text.split('\n').filter(line => line)
  const [ours, theirs] = [answers(io.text), answers(qemu)]
  expect([ours.length, theirs.length]).toEqual([rows.length, rows.length])
  const different = rows.filter((_, n) => ours[n] !== theirs[n])
  expect(different).toEqual(Object.keys(deviations))
})
