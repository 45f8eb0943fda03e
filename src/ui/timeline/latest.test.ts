import { expect, test } from 'vitest'
import { latest } from './latest.ts'

test('one request at a time; of those asked for meanwhile only the last', async () => {
  const sent: number[] = []
  const done: (() => void)[] = []
  let settled = 0
  const ask = latest(
    (n: number) => {
      sent.push(n)
      return new Promise<void>(resolve => done.push(resolve))
    },
    () => settled++,
  )
  for (const n of [1, 2, 3, 4]) ask(n)
  expect(sent).toEqual([1])
  done.shift()!()
  await Promise.resolve()
  await new Promise(r => setTimeout(r))
  expect(sent).toEqual([1, 4])
  expect(settled).toBe(0)
  done.shift()!()
  await new Promise(r => setTimeout(r))
  expect([sent.length, settled]).toEqual([2, 1])
  ask(5)
  expect(sent).toEqual([1, 4, 5])
})
