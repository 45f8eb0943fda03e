import { expect, test } from 'vitest'
import { sprStates } from '../../../emu/isa/sprs.ts'
import { allRows, fieldText, rowsFor } from './rows.ts'

const names = (search: string) => rowsFor(search).flatMap(g => g.rows.map(r => r.name))

test('every register that a number reaches has a row', () => {
  expect(allRows.flatMap(g => g.rows.map(r => r.name)).sort()).toEqual([...sprStates].sort())
  expect(allRows.flatMap(g => g.rows).find(r => r.name === 'SPRG3')).toMatchObject({ numbers: '259, 275' })
})

test('registers are found by name, number, field and meaning', () => {
  expect(names('lpcr')).toEqual(['LPCR'])
  expect(names('AIL')).toContain('LPCR')
  expect(names('lpcr.ail')).toEqual(['LPCR'])
  expect(names('318')).toEqual(['LPCR'])
  expect(names('watched data')).toEqual(['DAWR0', 'DAWR1'])
  expect(names('no such register')).toEqual([])
  expect(names(' ').length).toBe(sprStates.length)
})

test('a field is decimal, a wide one hexadecimal', () => {
  const { fields } = allRows.flatMap(g => g.rows).find(r => r.name === 'LPCR')!
  const ail = fields!.bits.find(b => b.name === 'AIL')!
  expect(fieldText(fields!, ail, 0x01800000n)).toBe('3')
  const ciabr = allRows.flatMap(g => g.rows).find(r => r.name === 'CIABR')!.fields!
  expect(fieldText(ciabr, ciabr.bits[0]!, 0x4d01n)).toBe('0x1340')
})
