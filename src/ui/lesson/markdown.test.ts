import { describe, expect, test } from 'vitest'
import { htmlOf } from './markdown.ts'

test('words, code and lists are what they are', () => {
  expect(htmlOf('**SE** is `MSR` bit 53.\n\n- one')).toBe(
    '<p><strong>SE</strong> is <code>MSR</code> bit 53.</p>\n<ul>\n<li>one</li>\n</ul>',
  )
})

test('a link opens beside the page and says nothing of where it was', () => {
  expect(htmlOf('[a](https://example.org/x)')).toBe(
    '<p><a href="https://example.org/x" target="_blank" rel="noreferrer noopener">a</a></p>',
  )
})

describe('a hostile lesson', () => {
  test.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    'a <b onclick="alert(1)">b</b>',
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](data:text/html,<script>alert(1)</script>)',
    '<javascript:alert(1)>',
    '![x](https://example.org/x.png)',
    '![x](x.png "onerror=alert(1)")',
    '[x](https://example.org/"onmouseover="alert(1))',
    '[x]\n\n[x]: javascript:alert(1)',
    '<iframe src="https://example.org"></iframe>',
    '[x](//example.org/x)',
  ])('%s', markdown => {
    const html = htmlOf(markdown)
    const tags = [...html.matchAll(/<\/?([a-z0-9]+)([^>]*)>/g)]
    for (const [tag, name, rest] of tags) {
      expect(['p', 'a', 'strong', 'em', 'code', 'pre', 'ul', 'ol', 'li', 'br', 'blockquote', 'hr'], tag).toContain(name)
      expect(
        rest === '' || /^ href="https?:\/\/[^"]*" target="_blank" rel="noreferrer noopener"(?: title="[^"]*")?$/.test(rest!),
        tag,
      ).toBe(true)
    }
    expect(html.replace(/<[^>]*>/g, '')).not.toMatch(/[<>]/)
  })
})
