import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { StatusPill, statuses } from './status.tsx'

const drawn = (status: (typeof statuses)[number]) => renderToStaticMarkup(<StatusPill status={status} word="Stopped before enter" />)
const shape = (status: (typeof statuses)[number]) => /<svg[^>]*>(.*)<\/svg>/.exec(drawn(status))![1]!

test('every status has a shape of its own, so that colour only repeats it', () => {
  expect(statuses).toEqual(['idle', 'stepping', 'running', 'stopped', 'blocked', 'error'])
  expect(new Set(statuses.map(shape)).size).toBe(statuses.length)
})

test('the word may be more exact; the class and shape are those of the status', () => {
  expect(drawn('stopped')).toContain('class="pill stopped"')
  expect(drawn('stopped')).toContain('Stopped before enter')
})
