import { expect, test } from 'vitest'
import { typing } from './typing.ts'

function sender() {
  const sent: string[] = []
  const answers: ((ok: boolean) => void)[] = []
  const type = typing(text => {
    sent.push(text)
    return new Promise(resolve => answers.push(resolve))
  })
  const answer = async (ok: boolean) => {
    answers.shift()!(ok)
    await new Promise(resolve => setTimeout(resolve, 0))
  }
  return { sent, type, answer }
}

test('keys that come while a request is under way go in order, together', async () => {
  const { sent, type, answer } = sender()
  type('a')
  type('b')
  type('c')
  expect(sent).toEqual(['a'])
  await answer(true)
  expect(sent).toEqual(['a', 'bc'])
  await answer(true)
  type('d')
  expect(sent).toEqual(['a', 'bc', 'd'])
})

test('after a refusal nothing that was typed meanwhile is sent', async () => {
  const { sent, type, answer } = sender()
  type('a')
  type('b')
  await answer(false)
  expect(sent).toEqual(['a'])
})
