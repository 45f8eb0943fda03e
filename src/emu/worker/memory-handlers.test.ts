/** Requests about memory, as the page sends them. */
import { beforeEach, expect, test } from 'vitest'
import { Page } from '../../../test/support/page.ts'

const PROGRAM = `# twostep: map=radix page=4K ail=3 ir=1 dr=1 ram=256M
_start: lis     r4, 0x1234
        std     r4, 0x7100(0)
loop:   addi    r5, r5, 1
        b       loop
`
const LINEAR = 0xc000000000000000n
let page: Page
beforeEach(async () => {
  page = new Page()
  await page.send('loadSource', { name: 'guest.s', source: PROGRAM })
})

const at = async (address: bigint, space?: 'guest real' | 'host real') => [
  ...(await page.send('readMemory', { address, count: 2, ...(space ? { space } : {}) })).bytes,
]

test('an edit is an event of the recording, in every space, and Back of the step before it takes it along', async () => {
  await page.send('stepMachine', {})
  await page.send('writeMemory', { address: 0x7200n, bytes: Uint8Array.of(1, 2), space: 'guest real' })
  expect(page.view.status.text).toBe('Memory at guest real 0x7200 changed.')
  expect(page.events.at(-1)).toMatchObject({ kind: 'edit', sentence: '2 bytes at guest real 0x7200 edited by you' })
  expect(await at(LINEAR + 0x7200n)).toEqual([1, 2])
  expect(await at(0x7200n, 'host real')).toEqual([1, 2])
  const { before } = await page.send('readMemory', { address: LINEAR + 0x7200n, count: 2 })
  expect([...before!]).toEqual([0, 0])
  await page.send('stepBack', { actor: 'machine' })
  expect(await at(LINEAR + 0x7200n)).toEqual([0, 0])
  await expect(page.send('writeMemory', { address: 1n << 40n, bytes: Uint8Array.of(1), space: 'host real' })).rejects.toThrow(
    'Not mapped: 0x10000000000 (host real, beyond the end of RAM at 0x10000000). Nothing was changed.',
  )
})

test('a long search can be cancelled; the machine stays where it was', async () => {
  const bytes = new TextEncoder().encode('nowhere to be found')
  const searching = page.send('searchMemory', { space: 'effective', bytes, from: 0n, backwards: false })
  await page.send('cancel', {})
  await expect(searching).rejects.toThrow('Searching memory was cancelled. Nothing was changed.')
  expect(await page.send('searchMemory', { space: 'guest real', bytes, from: 0n, backwards: false })).toEqual({
    address: null,
    wrapped: false,
  })
  await expect(page.send('searchMemory', { space: 'effective', bytes: new Uint8Array(), from: 0n, backwards: false })).rejects.toThrow(
    'There is nothing to search for. Give at least one byte.',
  )
})

test('a search needs the machine at rest; looking does not', async () => {
  await page.send('continue', { actor: 'machine' })
  await expect(page.send('searchMemory', { space: 'effective', bytes: Uint8Array.of(1), from: 0n, backwards: false })).rejects.toThrow(
    'The machine is running. Pause it first; nothing was changed.',
  )
  expect((await page.send('translateAddress', { address: LINEAR, access: 'load' })).hostReal).toBe(0n)
  expect((await page.send('memoryMarks', {})).marks).toEqual([])
  await page.send('pause', {})
})

test('a word as the disassembler has it', async () => {
  expect(await page.send('decodeWord', { word: 0x3c801234, address: 0n })).toEqual({ text: 'lis r4,4660', plain: 'addis r4,0,4660' })
  expect((await page.send('decodeWord', { word: 0x48000000, address: LINEAR + 0x10000n })).text).toContain('_start')
})
