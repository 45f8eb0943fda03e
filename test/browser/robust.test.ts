/** Beside `hostile.test.ts`: lessons that hold harm in every text, more broken links, full storage, two tabs: a message, and nothing is lost. */
import { readFileSync } from 'node:fs'
import { deflateRawSync } from 'node:zlib'
import { chromium } from 'playwright-core'
import { inject } from 'vitest'
import { describe, expect, FLAGS, test, type Workbench } from './workbench.ts'

const SPIN = '_start: addi r3,r3,1\n b _start\n'
const SCRIPTS =
  '<script>window.evil = 1</script><img src=x onerror="window.evil = 1"><svg onload="window.evil = 1"></svg> [a](javascript:window.evil=1) [b](data:text/html,<script>1</script>) ![c](x) <iframe srcdoc="<script>parent.evil = 1</script>"></iframe> <style>* { display: none }</style>'

const packed = (text: string) => deflateRawSync(text).toString('base64url')
const go = (bench: Workbench, fragment: string) => bench.page.evaluate(hash => void (location.hash = hash), fragment)
const evil = (bench: Workbench) =>
  bench.page.evaluate(() => ['evil', 'polluted'].filter(name => name in window || name in ({} as Record<string, unknown>)))
const settle = (bench: Workbench) => bench.page.waitForTimeout(1500)

const lesson = (text: string, head = '') => `---
version: 2
id: own
title: ${JSON.stringify(`Mine ${text}`)}
policy: transparent
${head}words:
  - word: ${JSON.stringify(text)}
    means: ${JSON.stringify(text)}
tasks:
  - title: ${JSON.stringify(text)}
    text: ${JSON.stringify(text)}
    ask: ${JSON.stringify(text)}
    when: [{ register: r3, equals: '0x1' }]
    look: { at: state r3, text: ${JSON.stringify(text)} }
    choices:
      - { text: ${JSON.stringify(text)}, note: ${JSON.stringify(text)}, holds: { register: r3, equals: '0x1' } }
      - { text: other, holds: { register: r3, equals: '0x2' } }
    hint: { at: guest, text: ${JSON.stringify(text)} }
---
${text}

\`\`\`ppc64
_start: li r3, 1
        b _start
\`\`\`
`

async function openLesson(bench: Workbench, text: string): Promise<void> {
  const asked = bench.page.waitForEvent('filechooser')
  await bench.command('Open a lesson')
  await (await asked).setFiles({ name: 'mine.md', mimeType: 'text/markdown', buffer: Buffer.from(text) })
}

describe('the policy of the page', () => {
  test('stops what would get past all else', async () => {
    const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS })
    try {
      const page = await (await browser.newContext({ serviceWorkers: 'block' })).newPage()
      await page.goto(inject('address'))
      await page.getByText('Worker ready').waitFor()
      const ran = await page.evaluate(async text => {
        const box = document.createElement('div')
        box.innerHTML = text
        document.body.append(box)
        const script = document.createElement('script')
        script.textContent = 'window.evil = 1'
        document.body.append(script)
        box.querySelector('svg')?.dispatchEvent(new Event('load'))
        const link = document.createElement('a')
        link.href = 'javascript:window.evil=1'
        box.append(link)
        link.click()
        await new Promise(done => setTimeout(done, 300))
        const evaluated = await new Promise(done => {
          const probe = document.createElement('button')
          probe.setAttribute('onclick', 'window.evil = 1')
          box.append(probe)
          probe.click()
          done('evil' in window)
        })
        return [evaluated, 'evil' in window]
      }, SCRIPTS)
      expect(ran).toEqual([false, false])
    } finally {
      await browser.close()
    }
  })
})

describe('a lesson', () => {
  test('with scripts in every text of head and body runs none', async ({ bench }) => {
    await openLesson(bench, lesson(SCRIPTS))
    await bench.waitFor('lesson', () => bench.lesson(), /Mine <script>/)
    const panel = bench.page.getByRole('complementary', { name: 'Lesson' })
    await panel.getByRole('radio').first().check({ force: true })
    await panel.getByRole('button', { name: 'Check' }).press('Enter')
    await settle(bench)
    const live = 'script, img, iframe, style, a[href]:not([href^="https://"]), svg[onload], [onerror]'
    expect(await panel.locator(live).count()).toBe(0)
    expect(await evil(bench)).toEqual([])
  })

  test.for([
    ['that would grow without end', `bomb: [&a [x, x], *a, *a]\n`, /The head is not YAML/],
    ['that reaches for prototypes', `__proto__: { polluted: 1 }\n`, /there is no key "__proto__"/],
    ['that reaches for constructors', `constructor: { prototype: { polluted: 1 } }\n`, /there is no key "constructor"/],
    ['that names code to run', `evil: !!js/function 'function () { window.evil = 1 }'\n`, /there is no key "evil"|not YAML/],
    ['that asks for files of the site', `program: ../../secret.s\n`, /program/],
  ] as const)('%s is refused, and what was loaded stays', async ([, head, said], { bench }) => {
    const state = await bench.text('State')
    await openLesson(bench, lesson('x', head))
    expect(await bench.waitFor('notice', () => bench.notice(), said)).toContain('What was loaded stays loaded.')
    expect(await bench.text('State')).toBe(state)
    expect(await bench.lesson()).toContain('Lesson 1 of')
    expect(await evil(bench)).toEqual([])
  })
})

const session = (changes: object) =>
  packed(
    JSON.stringify({
      twostep: 1,
      program: { kind: 'source', name: 'x.s', text: SPIN },
      policy: { id: 'transparent' },
      locking: 'off',
      interrupts: 'hold',
      breakpoints: [],
      vcpu: 0,
      shown: null,
      actions: [],
      ...changes,
    }),
  )

test.for([
  ['garbage', '#session=%00%ff<script>', /cannot be read/],
  ['no deflated text', `#session=${Buffer.from('{"twostep":1}').toString('base64url')}`, /cannot be read/],
  ['no JSON', `#session=${packed('x'.repeat(1000))}`, /no session of Twostep|not JSON|cannot be read/],
  ['a version that is none', `#session=${packed('{"twostep":"__proto__"}')}`, /does not say which version/],
  [
    'prototypes',
    `#session=${packed('{"__proto__":{"polluted":1,"twostep":1},"constructor":{"prototype":{"polluted":1}}}')}`,
    /does not say which version/,
  ],
  ['a program that is none', `#session=${session({ program: { kind: 'constructor' } })}`, /program\.kind/],
  ['actions that are none', `#session=${session({ actions: [{ do: { kind: '__proto__' } }] })}`, /policy|actions/],
  ['a policy that is none', '#policy=%00<script>', /policy in this link cannot be read/],
  ['a lesson that is a script', '#lesson=javascript:window.evil=1', /lies at javascript:/],
  ['a lesson of half an address', '#lesson=%E0%A4%A', /cannot be read/],
] as const)('a link with %s is refused with a message, and nothing is lost', { timeout: 60_000 }, async ([, fragment, said], { bench }) => {
  const state = await bench.text('State')
  await go(bench, fragment)
  await bench.waitFor('notice', () => bench.notice(), said)
  expect(await bench.text('State')).toBe(state)
  expect(await bench.lesson()).toContain('Lesson 1 of')
  expect(await evil(bench)).toEqual([])
  await bench.page.getByRole('button', { name: 'Dismiss' }).press('Enter')
  await bench.leaveEditor()
  await bench.step('o')
})

test('full storage: the page says so once, goes on, and what was done can be saved', async ({ bench }) => {
  await bench.page.evaluate(() => {
    const full = () => {
      throw new DOMException('full', 'QuotaExceededError')
    }
    IDBObjectStore.prototype.put = full
    Storage.prototype.setItem = full
  })
  await bench.load(SPIN)
  await bench.step('o')
  const said = () =>
    bench.waitFor('notice', () => bench.notice(), /has no room for the session.*closing the page would lose it\. Save it to a file/)
  await said()
  // What the user does next does not take the warning away.
  await bench.step('o')
  await settle(bench)
  await said()
  const r3 = await bench.register('r3')
  const download = bench.page.waitForEvent('download')
  await bench.command('Session: save to a file')
  const text = readFileSync((await (await download).path())!, 'utf8')
  expect(JSON.parse(text).program.text.trimEnd()).toBe(SPIN.trimEnd())
  expect(await bench.register('r3')).toBe(r3)
  await bench.page.getByRole('button', { name: 'Dismiss' }).press('Enter')
  await bench.command('Theme:')
  await bench.step('o')
  await settle(bench)
  expect(await bench.notice()).toBe('')
})

test('full storage in a lesson: tasks are passed, and the page says that they are known until it is closed', async ({ bench }) => {
  await openLesson(bench, lesson('x').replace(/ {4}choices:[\s\S]*? {4}hint/, '    hint'))
  await bench.waitFor('lesson', () => bench.lesson(), /Mine x/)
  await bench.page.evaluate(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError')
    }
  })
  await bench.leaveEditor()
  await bench.step('o')
  await bench.waitFor('lesson', () => bench.lesson(), /All tasks are done\./)
  await bench.waitFor('notice', () => bench.notice(), /known until the page is closed\. Save my answer/)
})

describe('two tabs', () => {
  const ready = (bench: Workbench) => bench.waitFor('status bar', () => bench.page.getByRole('contentinfo').innerText(), /Worker ready/)

  test('say that each has a session of its own, and keep policies and progress of both', async ({ bench }) => {
    await bench.load(SPIN)
    await bench.step('o')
    await settle(bench)
    const page = await bench.page.context().newPage()
    const second = new (bench.constructor as new (p: typeof page) => Workbench)(page)
    await page.goto(bench.page.url())
    await ready(second)
    await second.waitFor('notice', () => second.notice(), /open in another tab, so that this one begins anew/)
    expect(await second.text('Guest code')).not.toContain('assembled, 2 instructions')
    // A policy saved here is not lost by one saved there.
    const save = (tab: Workbench, name: string) =>
      tab.page.evaluate(n => {
        const key = 'twostep.policies'
        const own = JSON.parse(localStorage.getItem(key) ?? '[]') as unknown[]
        localStorage.setItem(key, JSON.stringify([...own, { name: n, summary: '', choices: {} }]))
      }, name)
    await save(bench, 'Of the first tab')
    await second.page.locator('#policy').press('Enter')
    await second.page
      .getByRole('menuitemradio', { name: /Of the first tab/ })
      .or(second.page.getByRole('menuitem', { name: /Of the first tab/ }))
      .first()
      .waitFor()
    await page.close()
    await bench.page.reload()
    await ready(bench)
    await bench.waitFor('status', () => bench.sentence(), /opened as it was left/)
    expect(await bench.register('r3')).toBe(1n)
  })
})

test('a tab that cannot be fetched says so, leaves the others, and is fetched again with its style', async () => {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS })
  try {
    const page = await (await browser.newContext({ serviceWorkers: 'block' })).newPage()
    await page.goto(inject('address'))
    await page.getByText('Worker ready').waitFor()
    const open = (name: string) => page.getByRole('tab', { name }).press('Enter')
    for (const [tab, part] of [
      ['Memory', /MemoryPanel-.*\.css/],
      ['SPRs', /SprsPanel-.*\.js/],
    ] as const) {
      await page.route(part, route => route.abort())
      await open(tab)
      const panel = page.getByRole('tabpanel', { name: tab })
      await expect.poll(() => panel.getByRole('alert').innerText()).toMatch(new RegExp(`^${tab} could not be fetched`))
      await open('Exception')
      await expect.poll(() => page.getByRole('tabpanel', { name: 'Exception' }).innerText()).toContain('No interrupt yet')
      await open(tab)
      await page.unroute(part)
      await panel.getByRole('button', { name: 'Fetch it again' }).press('Enter')
      await panel.getByRole('grid').first().waitFor()
      // Its own style: rows of the dump and of the list scroll within the panel.
      await expect.poll(() => panel.locator('.hexd, .sprs-list').evaluate(e => getComputedStyle(e).overflowY)).toBe('auto')
    }
  } finally {
    await browser.close()
  }
})
