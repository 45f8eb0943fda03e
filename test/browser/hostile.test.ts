/** What somebody else made runs no script in the page and breaks nothing: lessons, links, programs. The page's policy forbids scripts but its own. */
import { deflateRawSync } from 'node:zlib'
import { expect, test, type Workbench } from './workbench.ts'

const HOSTILE = `---
version: 2
id: hostile
title: '<img src=x onerror="window.harmed = 1">'
policy: rfc-v2
words:
  - word: '<script>window.harmed = 2</script>'
    means: '<svg onload="window.harmed = 3"></svg>'
tasks:
  - title: '"><script>window.harmed = 4</script>'
    ask: |
      [press me](javascript:window.harmed=5) and [me](data:text/html,<script>top.harmed=6</script>)
    when:
      - seen: { instruction: any, by: outside }
    look: { at: outside, text: '<iframe srcdoc="<script>parent.harmed=7</script>"></iframe>' }
---
<script>window.harmed = 8</script>

<img src="x" onerror="window.harmed = 9">
![picture](https://example.org/track.png)
[link](vbscript:alert(1)) <a href="javascript:window.harmed=10">raw</a>

<form action="https://example.org"><input name="q"></form>

\`\`\`ppc64
_start: li r3, 1 # <script>window.harmed = 11</script>
        b _start
\`\`\`
`

async function openFile(bench: Workbench, name: string, text: string): Promise<void> {
  const asked = bench.page.waitForEvent('filechooser')
  await bench.command('Open a lesson')
  await (await asked).setFiles({ name, mimeType: 'text/markdown', buffer: Buffer.from(text) })
}

const unharmed = async ({ page }: Workbench): Promise<void> => {
  expect(await page.evaluate(() => (window as { harmed?: unknown }).harmed ?? ({} as { polluted?: unknown }).polluted)).toBeUndefined()
}

test('a hostile lesson is text, and nothing of it runs or is fetched', async ({ bench }) => {
  const { page } = bench
  await openFile(bench, 'hostile.md', HOSTILE)
  await bench.waitFor('lesson', () => bench.lesson(), /onerror/)
  await page.waitForTimeout(300)
  await unharmed(bench)
  const lesson = page.getByRole('complementary', { name: 'Lesson' })
  expect(await lesson.locator('script, iframe, img, form, svg[onload]').count()).toBe(0)
  for (const href of await lesson.locator('a').evaluateAll(as => as.map(a => (a as HTMLAnchorElement).href)))
    expect(href).not.toMatch(/^(javascript|data|vbscript):/i)
  // It is a lesson still: its task can be done.
  await bench.leaveEditor()
  await bench.step('o')
  await bench.waitFor('lesson', () => bench.lesson(), /done/i)
  await unharmed(bench)
})

test('a lesson of millions of brackets, and a head of aliases, end in a message', async ({ bench }) => {
  await openFile(bench, 'deep.md', HOSTILE.replace('<script>window.harmed = 8</script>', '['.repeat(200_000)))
  await bench.waitFor('lesson or notice', async () => `${await bench.lesson()} ${await bench.notice()}`, /onerror|could not be opened/)
  await bench.leaveEditor()
  const aliases = `---\na: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b]\n---\nx\n`
  await openFile(bench, 'aliases.md', aliases)
  await bench.waitFor('notice', () => bench.notice(), /could not be opened.*What was loaded stays loaded/)
})

const link = (text: string): string => `#session=${deflateRawSync(Buffer.from(text)).toString('base64url')}`
const hostileLinks: Readonly<Record<string, string>> = {
  'cut off': link('{"twostep":2}').slice(0, -6),
  'no session': link('[1, 2, 3]'),
  'a prototype for a program': link(
    '{"twostep":2,"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"program":{"__proto__":{"polluted":1}}}',
  ),
  'of a later form': link('{"twostep":999}'),
  'a script for a name': link(
    JSON.stringify({ twostep: 2, program: { kind: 'source', name: '<script>harmed=1</script>', text: 'what is this' } }),
  ),
  'gigabytes in few characters': link('\0'.repeat(60 << 20)),
  'a lesson elsewhere': '#lesson=https://example.org/lesson.md',
  'a policy of nonsense': '#policy=%3Cscript%3E',
}

for (const [name, at] of Object.entries(hostileLinks))
  test(`a link: ${name}`, async ({ open }) => {
    const bench = await open({ at })
    await bench.waitFor('notice', () => bench.notice(), /./)
    await unharmed(bench)
    // What the page has is whole: the first lesson, or nothing but a sound machine.
    await bench.load('_start: li r3, 9\n')
    await bench.step('o')
    expect(await bench.register('r3')).toBe(9n)
  })

test('the policy of the built page allows scripts of its own alone', async ({ bench }) => {
  const content = await bench.page.locator('meta[http-equiv=Content-Security-Policy]').getAttribute('content')
  expect(content).toContain("default-src 'self'")
  expect(content).toContain("script-src 'self' 'wasm-unsafe-eval'")
  // What `default-src` does not cover: where relative addresses lead, and where forms go.
  for (const none of ['object-src', 'base-uri', 'form-action']) expect(content).toContain(`${none} 'none'`)
  expect(content).not.toMatch(/unsafe-eval'(?<!wasm-unsafe-eval')|script-src[^;]*unsafe-inline|\*/)
})
