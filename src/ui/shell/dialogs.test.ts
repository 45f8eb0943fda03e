import { expect, test } from 'vitest'
import { typedAhead, useDialogs } from './dialogs.ts'

const none = useDialogs.getInitialState()
const palette = { ...none, open: 'palette' as const, typed: 'st' }

test('letters typed before the palette is there are its query', () => {
  expect(typedAhead(palette, 'e')).toEqual({ typed: 'ste' })
  expect(typedAhead(palette, ' ')).toEqual({ typed: 'st ' })
})

test('keys that are no text are dropped', () => {
  expect(typedAhead(palette, 'F8')).toEqual({})
  expect(typedAhead({ ...none, open: 'help' }, 'o')).toEqual({})
})

test('Esc takes the wish back', () => {
  expect(typedAhead(palette, 'Escape')).toEqual({ open: null, question: null, typed: '' })
})
