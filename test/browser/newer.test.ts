/** A newer version of the page waits until the user asks for it; then what was done is taken up. */
import { chromium } from 'playwright-core'
import { expect, test } from 'vitest'
import { readDist, serve } from './serve.ts'
import { FLAGS, Workbench } from './workbench.ts'

test('a newer version waits for the user, and loses nothing', async () => {
  const files = readDist()
  const { address, close } = await serve(files)
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS })
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' })
    const bench = new Workbench(page)
    const ready = () => page.getByText('Worker ready').waitFor()
    await page.goto(address)
    await ready()
    await page.evaluate(async () => void (await navigator.serviceWorker.ready))
    await page.reload()
    await ready()
    await page.locator('.monaco-editor .view-line').first().waitFor({ state: 'attached' })
    await bench.load('_start: addi r3,r3,1\n b _start\n')
    const worker = files.get('sw.js')!.toString()
    const newer = worker.replace(/(url:"index.html",revision:")\w+/, `$1${'f'.repeat(32)}`)
    expect(newer).not.toBe(worker)
    files.set('sw.js', Buffer.from(newer))
    files.set('index.html', Buffer.from(files.get('index.html')!.toString().replace('<title>', '<title>Newer: ')))
    await page.evaluate(async () => void (await (await navigator.serviceWorker.ready).update()))
    await bench.waitFor('notice', () => bench.notice(), /new version .* is ready/)
    await bench.step('o')
    expect(await page.title()).not.toMatch(/^Newer/)
    expect(await bench.notice()).toMatch(/new version .* is ready/)
    await page.getByRole('button', { name: 'Reload', exact: true }).click()
    await page.waitForFunction(() => document.title.startsWith('Newer'))
    await ready()
    await bench.waitFor('status', () => bench.sentence(), /opened as it was left/)
    expect(await bench.register('r3')).toBe(1n)
  } finally {
    await browser.close()
    close()
  }
})
