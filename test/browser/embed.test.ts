/** The page within another page, on another origin: what it takes, what it says, and from whom it takes nothing. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Browser, chromium, type FrameLocator, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { FLAGS } from './workbench.ts'

interface Heard {
  readonly event: string
  readonly [key: string]: unknown
}
declare global {
  interface Window {
    heard: Heard[]
    ask(message: object): void
  }
}

/** The page around: `frame` is the address of the page within. */
const around = (frame: string) => `<!doctype html><title>Course</title><iframe title="Twostep" width="1280" height="800"></iframe>
<script>
  const origin = ${JSON.stringify(new URL(frame).origin)}
  const frame = document.querySelector('iframe')
  window.heard = []
  addEventListener('message', e => { if (e.origin === origin && e.source === frame.contentWindow) heard.push(e.data) })
  window.ask = message => frame.contentWindow.postMessage({ twostep: 1, ...message }, origin)
  frame.src = ${JSON.stringify(frame)}.replace('ORIGIN', encodeURIComponent(location.origin))
</script>`

let browser: Browser
beforeAll(async () => {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS })
})
afterAll(() => browser.close())

interface Course {
  readonly page: Page
  readonly frame: FrameLocator
  /** Sends a command and waits for its answer. */
  ask(message: object): Promise<Heard>
  next(event: string): Promise<Heard>
  heard(): Promise<Heard[]>
}

async function embedded(query: string, act: (course: Course) => Promise<void>): Promise<void> {
  const server = createServer((_, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end(around(inject('address') + query)),
  )
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const context = await browser.newContext({ viewport: { width: 1300, height: 820 }, serviceWorkers: 'block', reducedMotion: 'reduce' })
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', e => errors.push(e.message))
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  let ids = 0
  const found = async (look: (h: Heard) => boolean, what: string): Promise<Heard> => {
    const end = Date.now() + 20_000
    for (;;) {
      const hit = (await page.evaluate(() => window.heard)).find(look)
      if (hit) return hit
      if (Date.now() > end) throw new Error(`${what} was not heard, but ${JSON.stringify(await page.evaluate(() => window.heard))}`)
      await page.waitForTimeout(20)
    }
  }
  try {
    await act({
      page,
      frame: page.frameLocator('iframe'),
      ask: async message => {
        const id = ++ids
        await page.evaluate(m => window.ask(m), { id, ...message })
        return found(h => h.id === id, `an answer to ${JSON.stringify(message)}`)
      },
      next: event => found(h => h.event === event, event),
      heard: () => page.evaluate(() => window.heard),
    })
    expect(errors).toEqual([])
  } finally {
    await context.close()
    server.closeAllConnections()
    server.close()
  }
}

const LOOP = '_start: li r3,5\nmore: addi r3,r3,2\n b more\n'

test('programs, policies, steps, runs and their state', () =>
  embedded('?embed=ORIGIN', async ({ ask, next, frame, page, heard }) => {
    expect(await next('ready')).toEqual({ twostep: 1, event: 'ready', version: 1 })
    expect(await ask({ command: 'load', source: LOOP })).toMatchObject({ event: 'done' })
    expect(await ask({ command: 'policy', policy: 'transparent' })).toMatchObject({ event: 'done' })
    // Sent at once, done in order.
    await page.evaluate(() => {
      for (const actor of ['outside', 'outside']) window.ask({ command: 'step', actor })
    })
    const { state } = (await ask({ command: 'state', registers: ['r3', 'NIP'] })) as unknown as { state: Record<string, unknown> }
    expect(state).toMatchObject({
      program: 'guest.s',
      policy: 'transparent',
      instructions: '2',
      running: false,
      next: 'b 0x10004 <more>',
      lesson: null,
      leaks: [],
    })
    expect(state.registers).toEqual({ r3: '0x0000000000000007', NIP: '0x0000000000010008' })
    expect((await heard()).filter(h => h.event === 'stopped')).toHaveLength(2)
    await ask({ command: 'back', actor: 'outside' })
    expect(await ask({ command: 'state', registers: ['r3'] })).toMatchObject({ state: { registers: { r3: '0x0000000000000005' } } })
    await ask({ command: 'run', actor: 'machine' })
    expect(await ask({ command: 'state' })).toMatchObject({ state: { running: true } })
    await ask({ command: 'pause' })
    await frame.getByText('Worker ready').waitFor()
    await expect.poll(async () => (await heard()).some(h => h.event === 'stopped' && h.reason === 'pause')).toBe(true)
    // What the student does is heard too.
    const before = (await heard()).length
    await frame.locator('#run').focus()
    await page.keyboard.press('o')
    await expect.poll(async () => (await heard()).slice(before).map(h => h.event)).toContain('stopped')
  }))

test('what is refused or not understood is answered, and changes nothing', () =>
  embedded('?embed=ORIGIN', async ({ ask, next, frame, page }) => {
    await next('ready')
    await ask({ command: 'load', source: LOOP })
    for (const [message, why] of [
      [{ command: 'load', source: '_start: fly r3\n' }, /line 1: .*What was loaded stays loaded/],
      [{ command: 'session', text: '[]' }, /no session of Twostep/],
      [{ command: 'policy', policy: 'rfc-v99' }, /There is no policy rfc-v99/],
      [{ command: 'lesson', lesson: 'none' }, /There is no lesson none|there is no lesson none/],
      [{ command: 'lesson', text: '---\nversion: 2\n---\n' }, /could not be opened/],
      [{ command: 'state', registers: ['r99'] }, /There is no register r99/],
      [{ command: 'step', actor: 'inside' }, /debugger in the guest/],
      [{ command: 'fly' }, /command must be one of/],
      [{ command: 'pause', force: true }, /knows no force/],
      [{ command: 'pause', twostep: 2 }, /version 1/],
    ] as const) {
      const answer = await ask(message)
      expect([answer.event, answer.message]).toEqual(['error', expect.stringMatching(why)])
    }
    expect(await ask({ command: 'state', registers: ['r3'] })).toMatchObject({
      state: { program: 'guest.s', instructions: '0', lesson: null },
    })
    await frame.locator('.monaco-editor .view-line').first().waitFor({ state: 'attached' })
    await frame.getByRole('textbox', { name: /Ctrl M lets Tab move/ }).focus()
    await page.keyboard.type('# mine')
    expect(await ask({ command: 'load', source: LOOP })).toMatchObject({
      event: 'error',
      message: expect.stringMatching(/has edits of the user/),
    })
    expect(await ask({ command: 'load', source: LOOP, replace: true })).toMatchObject({ event: 'done' })
  }))

test('a lesson, and the tasks that the student passes', () =>
  embedded('?embed=ORIGIN', async ({ ask, next, frame, page }) => {
    await next('ready')
    expect(await frame.getByRole('complementary').count()).toBe(0)
    const text = `---
version: 2
id: count
title: Count to three
policy: transparent
tasks:
  - title: Count
    ask: Step with **Outside** until r3 is 1.
    when: [{ register: r3, equals: '0x1' }]
    look: { at: state r3, text: 'r3 in State' }
---
This guest counts.

\`\`\`ppc64
_start: addi r3, r3, 1
        b _start
\`\`\`
`
    expect(await ask({ command: 'lesson', text })).toMatchObject({ event: 'done' })
    await frame.getByRole('complementary', { name: 'Lesson' }).getByText('Count to three').waitFor()
    await frame.locator('#run').focus()
    await page.keyboard.press('o')
    expect(await next('task')).toEqual({ twostep: 1, event: 'task', lesson: 'count', task: 1, title: 'Count', of: 1 })
    expect(await ask({ command: 'state' })).toMatchObject({ state: { lesson: { id: 'count', tasks: 1, done: [1] } } })
    expect(await ask({ command: 'lesson', lesson: 'the-race' })).toMatchObject({ event: 'done' })
    await frame.getByText('The race, and scheduler-locking').first().waitFor()
  }))

test('nobody but the stated origin is heard or spoken to', () =>
  embedded('?embed=https://teacher.example', async ({ page, frame, heard }) => {
    await frame.getByText('Worker ready').waitFor()
    await frame.getByText('empty program').or(frame.getByText('loaded and paused')).first().waitFor()
    await page.evaluate(source => {
      window.ask({ id: 1, command: 'load', name: 'evil.s', source })
      window.ask({ id: 2, command: 'state' })
      window.ask({ id: 3, command: 'fly' })
    }, LOOP)
    await page.waitForTimeout(1500)
    expect(await heard()).toEqual([])
    expect(await frame.locator('header').innerText()).not.toContain('evil.s')
  }))

test('without the chrome of a page of its own; a lesson may be named without messages; what is no origin is told', () =>
  embedded('?embed=nonsense#lesson=where-it-goes', async ({ frame, heard }) => {
    await frame.getByRole('complementary', { name: 'Lesson' }).getByText('Where it goes').first().waitFor()
    const bar = frame.getByRole('banner')
    for (const name of ['Open ELF', 'New', 'Share']) expect(await bar.getByRole('button', { name, exact: true }).count()).toBe(0)
    expect(await bar.getByRole('button', { name: /^Lesson/ }).count()).toBe(0)
    expect(await bar.getByRole('button', { name: 'Open in its own tab' }).count()).toBe(1)
    expect(await frame.getByRole('button', { name: 'Next lesson' }).count()).toBe(0)
    expect(await frame.getByRole('alert').first().innerText()).toContain('must be an origin')
    expect(await heard()).toEqual([])
  }))
