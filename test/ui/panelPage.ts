/** Builds a page of panels as production would be built, serves it under a sub-path and opens it in Chromium. */
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { type Browser, chromium, type Page } from 'playwright-core'
import sirv from 'sirv'
import { build } from 'vite'

const SUB_PATH = '/some/where'
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking']

export interface PanelPage {
  /** Errors of all pages opened, in order. */
  errors: string[]
  open(query?: string, size?: { width: number; height: number }): Promise<Page>
  close(): Promise<void>
}

/** `html`: a page in this folder. The emulator's worker is not built: the page brings an answer of its own. */
export async function panelPage(html: string): Promise<PanelPage> {
  const outDir = await mkdtemp(join(tmpdir(), 'twostep-panels-'))
  await build({
    root: import.meta.dirname,
    configFile: false,
    base: './',
    logLevel: 'error',
    plugins: [
      react(),
      {
        name: 'without-emulator',
        enforce: 'pre',
        transform: (code, id) =>
          id.endsWith('/store/client.ts') ? code.replace(/new URL\('[^']*worker\/entry\.ts', import\.meta\.url\)/, "'none.js'") : undefined,
      },
    ],
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2023',
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 4000,
      rollupOptions: { input: join(import.meta.dirname, html) },
    },
    worker: { format: 'es' },
  })
  const files = sirv(outDir)
  const server = createServer((request, response) => {
    if (!request.url?.startsWith(`${SUB_PATH}/`)) return void response.writeHead(404).end()
    request.url = request.url.slice(SUB_PATH.length)
    files(request, response, () => void response.writeHead(404).end())
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  const browser: Browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS })
  const errors: string[] = []
  return {
    errors,
    async open(query = '', viewport = { width: 1240, height: 560 }) {
      const page = await browser.newPage({ viewport })
      page.on('pageerror', e => errors.push(String(e)))
      page.on('console', m => m.type() === 'error' && !m.location().url.endsWith('favicon.ico') && errors.push(m.text()))
      page.on('requestfailed', r => errors.push(`${r.url()}: ${r.failure()?.errorText}`))
      await page.goto(`http://127.0.0.1:${port}${SUB_PATH}/${html}${query}`)
      return page
    },
    async close() {
      await browser.close()
      server.close()
      await rm(outDir, { recursive: true, force: true })
    },
  }
}
