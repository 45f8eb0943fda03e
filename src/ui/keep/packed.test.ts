import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packed, unpacked } from './packed.ts'

test('what is packed is unpacked, in characters that addresses take', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 2000 }), async text => {
      const small = await packed(text)
      expect(small).toMatch(/^[\w-]*$/)
      expect(await unpacked(small)).toBe(text)
    }),
    { numRuns: 50 },
  )
  expect((await packed('addi r3,r3,1\n'.repeat(10_000))).length).toBeLessThan(1000)
})

test('a link that was cut off is refused', async () => {
  const small = await packed(JSON.stringify({ twostep: 1, text: Array.from({ length: 500 }, (_, n) => `${n * 7919}`).join() }))
  for (const cut of ['', small.slice(0, 40), small.slice(0, -5), `${small.slice(0, 30)}*`]) await expect(unpacked(cut)).rejects.toThrow()
})

test('what stands for more than any session has is refused, before it is all there', async () => {
  const bomb = await packed('\0'.repeat(40 << 20))
  expect(bomb.length).toBeLessThan(100_000)
  await expect(unpacked(bomb)).rejects.toThrow()
})
