import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { pageOf } from './page.ts'

test('tables become tables, with Markdown in their cells, and code stays code', () => {
  expect(pageOf('# A\n\n| key | says |\n|---|---|\n| `a` | **b** \\| c |\n\nafter\n\n```\n| x |\n|---|\n```\n').replace(/\n+/g, '\n')).toBe(
    '<h3>A</h3>\n<table><thead><tr><th scope="col">key</th><th scope="col">says</th></tr></thead><tbody><tr><td><code>a</code></td><td><strong>b</strong> | c</td></tr></tbody></table>\n<p>after</p>\n<pre><code>| x |\n|---|\n</code></pre>\n',
  )
})

test('nothing in a cell can act', () => {
  const html = pageOf('| a |\n|---|\n| <script>1</script> [x](javascript:1) <img src=x onerror=1> |\n')
  expect(html).not.toMatch(/<script|<img|href=/)
})

test.each(['lessons.md', 'embed.md'])('docs/%s is rendered whole: no row is left as text', name => {
  const text = readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8')
  const html = pageOf(text)
  expect(html.match(/<table>/g)!.length).toBe(text.match(/^\|-/gm)!.length)
  expect(html.replace(/<pre>[\s\S]*?<\/pre>/g, '')).not.toMatch(/^\|/m)
})
