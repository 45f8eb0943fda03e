import { expect, test } from 'vitest'
import { documentFor, moved, rowsFor } from './rows.ts'

test('without a search: chapters with their mnemonics', () => {
  const rows = rowsFor(' ')
  expect(rows[0]).toEqual({ title: 'Branch and condition register' })
  const titles = rows.flatMap(r => ('title' in r ? [r.title] : []))
  expect(new Set(titles).size).toBe(titles.length)
})

test('a search: what contains it; a word: what it is; nothing: none', () => {
  expect(rowsFor('mfmsr')).toMatchObject([{ entry: { name: 'mfmsr' } }])
  expect(rowsFor('0x38600001')).toMatchObject([{ entry: { name: 'addi' } }])
  expect(rowsFor('0x00000000')).toEqual([])
  expect(rowsFor('qqq')).toEqual([])
  expect(documentFor('0x38600001')!.rtl).toEqual(['r3 ← 1'])
})

test('moving skips chapters and stops at the ends', () => {
  const rows = rowsFor('')
  expect(moved(rows, -1, 1)).toBe(1)
  expect(moved(rows, 1, -1)).toBe(1)
  expect('entry' in rows[moved(rows, rows.length - 1, 9)]!).toBe(true)
  const second = rows.findLastIndex(r => 'title' in r)
  expect(moved(rows, second - 1, 1)).toBe(second + 1)
  expect(moved([], -1, 1)).toBe(-1)
})
