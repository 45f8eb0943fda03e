/** The page in a frame of another origin's page: it does what its embedder asks and tells it what happens; nobody else is heard. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { afterEach, inject } from 'vitest'
import { expect, test } from './workbench.ts'

type Message = Record<string, unknown> & { registers?: never }
let server: Server | null = null
afterEach(() => void server?.close())

/** A page with the frame, on a port of its own; it keeps what it is told. */
async function embedder(browser: Browser, names: (own: string) => string): Promise<Page> {
  const frame = inject('address')
  server = createServer((_, response) => {
    const own = `http://127.0.0.1:${(server!.address() as AddressInfo).port}`
    response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html><title>Course</title>
<iframe src="${frame}?embed=${encodeURIComponent(names(own))}" width="1200" height="800"></iframe>
<script>
  window.told = []
  addEventListener('message', e => { if (e.data && e.data.twostep) told.push(e.data) })
  window.ask = (message, to) => document.querySelector('iframe').contentWindow.postMessage(message, to)
</script>`)
  })
  await new Promise<void>(done => server!.listen(0, '127.0.0.1', done))
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 }, serviceWorkers: 'block' })).newPage()
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  return page
}

const told = (page: Page, wanted: Partial<Message>): Promise<Message> =>
  expect
    .poll(() => page.evaluate(() => (window as unknown as { told: Message[] }).told), { timeout: 20_000 })
    .toContainEqual(expect.objectContaining(wanted))
    .then(() =>
      page.evaluate(
        w => (window as unknown as { told: Message[] }).told.findLast(m => Object.entries(w).every(([k, v]) => m[k] === v))!,
        wanted as Record<string, string>,
      ),
    )

const ask = (page: Page, message: object): Promise<void> =>
  page.evaluate(([m, to]) => (window as unknown as { ask(m: unknown, to: string): void }).ask(m, to), [
    { twostep: 1, ...message },
    new URL(inject('address')).origin,
  ] as const)

test('loads, steps and tells its embedder; what is wrong is answered', async ({ browser }) => {
  const page = await embedder(browser, own => own)
  await told(page, { event: 'ready' })
  await ask(page, { id: 1, do: 'load', source: '_start: li r3, 5\n addi r3, r3, 2\n' })
  await told(page, { event: 'answer', id: 1, ok: true })
  await ask(page, { id: 2, do: 'policy', policy: 'transparent' })
  await told(page, { event: 'answer', id: 2, ok: true })
  for (const id of [3, 4]) {
    await ask(page, { id, do: 'step', actor: 'outside' })
    await told(page, { event: 'answer', id, ok: true })
  }
  await told(page, { event: 'stopped' })
  await ask(page, { id: 5, do: 'state' })
  expect(await told(page, { event: 'answer', id: 5 })).toMatchObject({
    state: { policy: 'transparent', leaks: 0, registers: { r3: '0x7' } },
  })
  await ask(page, { id: 6, do: 'load', source: 'fly r3' })
  expect(await told(page, { event: 'answer', id: 6 })).toMatchObject({ ok: false, problem: expect.stringMatching(/^Line 1: /) })
  await ask(page, { id: 7, do: 'explode' })
  expect(await told(page, { event: 'answer', id: 7 })).toMatchObject({ ok: false, problem: expect.stringMatching(/"do" is one of/) })
  await ask(page, { id: 8, do: 'lesson', lesson: 'where-it-goes' })
  await told(page, { event: 'answer', id: 8, ok: true })
  await page
    .frameLocator('iframe')
    .getByRole('button', { name: /^Lesson 3/ })
    .waitFor()
  await page.context().close()
})

test('another origin than the one that the address names is neither heard nor told', async ({ browser }) => {
  const page = await embedder(browser, () => 'https://teacher.example')
  await page.frameLocator('iframe').getByText('Worker ready').waitFor()
  await ask(page, { id: 1, do: 'reset' })
  await page.waitForTimeout(500)
  expect(await page.evaluate(() => (window as unknown as { told: Message[] }).told)).toEqual([])
  await page.context().close()
})
