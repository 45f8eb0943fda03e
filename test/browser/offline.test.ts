/** After one visit the page works without a network: it loads, the editor too, and a program is written and stepped. */
import { expect, test } from './workbench.ts'

test('offline after the first load; installable', async ({ open }) => {
  const bench = await open({ serviceWorkers: 'allow' })
  const { page } = bench
  await page.evaluate(async () => void (await navigator.serviceWorker.ready))
  // A page is served by it from its next load on.
  const reload = async () => {
    await page.reload()
    await bench.waitFor('status bar', () => page.getByRole('contentinfo').innerText(), /Worker ready/)
    await page.locator('.monaco-editor .view-line').first().waitFor({ state: 'attached' })
  }
  await reload()
  await page.context().setOffline(true)
  await reload()
  // What is loaded when it is looked at first, is there as well.
  await bench.command('Lesson 4')
  await bench.waitFor('lesson', () => bench.lesson(), /Lesson 4 of/)
  await bench.waitFor('History', () => bench.dock('History'), /Branches/)
  await bench.load('_start: li r3, 42\n')
  await bench.leaveEditor()
  await bench.step('o')
  expect(await bench.register('r3')).toBe(42n)
  const manifest = await page.evaluate(async () => {
    const link = document.querySelector<HTMLLinkElement>('link[rel=manifest]')!
    return (await (await fetch(link.href)).json()) as { icons: { src: string }[]; display: string; start_url: string }
  })
  expect(manifest).toMatchObject({ display: 'standalone', start_url: './' })
  for (const { src } of manifest.icons)
    expect(await page.evaluate(async icon => (await fetch(icon)).headers.get('content-type'), src)).toBe('image/png')
})
