import { expect, test } from 'vitest'
import type { ProgramView } from '../../../emu/worker/protocol.ts'
import { emptyDraft, specOf } from './draft.ts'
import { read, written } from './kept.ts'

const program: ProgramView = {
  name: 'a.s', kind: 'source', instructions: 3, littleEndian: true, entry: 4n, symbols: [{ name: 's', address: 8n }], lines: [], files: [],
} // biome-ignore format: short

test('what was written is read for the same program, and for no other', () => {
  const spec = specOf({ ...emptyDraft('watch'), condition: 'r3' }, false, () => ({ address: 0xc000_0000_0000_0008n, problem: null }))
  if (typeof spec === 'string') throw new Error(spec)
  const text = written(program, [spec])
  expect(read(program, text)).toEqual([spec])
  expect(read({ ...program, symbols: [{ name: 's', address: 12n }] }, text)).toEqual([])
  expect(read(program, '{')).toEqual([])
  expect(read(program, null)).toEqual([])
})
