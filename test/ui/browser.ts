/** A page of `test/ui` in Chromium, served from the sources. For tests of panels; the whole page is tested as built. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { type Browser, chromium, type Page } from 'playwright-core'
import { createServer, type ViteDevServer } from 'vite'

const places = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export interface TestBrowser {
  /** Opens `test/ui/<path>`; a script error on the page fails the test that waits for `errors` to be empty. */
  open(path: string, size?: { width: number; height: number }): Promise<{ page: Page; errors: string[] }>
  close(): Promise<void>
}

export async function startBrowser(): Promise<TestBrowser> {
  const executablePath = places.find(p => p && existsSync(p))
  if (!executablePath) throw new Error('No Chromium found. Install it (apt-get install chromium) or name it in CHROMIUM.')
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const server: ViteDevServer = await createServer({
    root,
    configFile: false,
    logLevel: 'error',
    plugins: [react()],
    server: { port: 0, hmr: false, watch: null },
    optimizeDeps: { entries: ['test/ui/*.html'] },
  })
  await server.listen()
  const base = `${server.resolvedUrls!.local[0]!}test/ui/`
  const browser: Browser = await chromium.launch({ executablePath, args: flags })
  return {
    async open(path, viewport = { width: 1440, height: 900 }) {
      const context = await browser.newContext({ viewport, permissions: ['clipboard-read', 'clipboard-write'], reducedMotion: 'reduce' })
      const page = await context.newPage()
      const errors: string[] = []
      page.on('pageerror', e => errors.push(e.message))
      await page.goto(base + path)
      return { page, errors }
    },
    async close() {
      await browser.close()
      await server.close()
    },
  }
}
