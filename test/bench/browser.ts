/** The production build in headless Chromium: first load, what it fetched, its memory, and its worker at work. */
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import sirv from 'sirv'
import type { FromWorker, Request } from '../../src/emu/worker/protocol.ts'
import { elfFile } from '../programs/programs.ts'
import type { Sample } from './processes.ts'

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const SUB_PATH = '/twostep/'
const PAUSED = 'paused before its first instruction'
const LOAD_TIMEOUT = 60_000

export interface Served {
  readonly address: string
  close(): void
}

/** Under a sub-path, without special headers. */
export async function serve(dist: string): Promise<Served> {
  const files = sirv(dist)
  const server: Server = createServer((request, response) => {
    const none = () => void response.writeHead(404).end()
    if (!request.url?.startsWith(SUB_PATH)) return none()
    request.url = request.url.slice(SUB_PATH.length - 1)
    files(request, response, none)
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return { address: `http://127.0.0.1:${port}${SUB_PATH}`, close: () => void server.close() }
}

export const launch = (): Promise<Browser> => chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS })

export interface FirstLoad {
  /** From navigation to the paused lesson on the screen. */
  readonly milliseconds: number
  /** Of the scripts fetched until then, those of Monaco left out. */
  readonly scriptBytes: number
  readonly workerUrl: string
  readonly page: Page
}

/** Names of its own modules are strings in its code. */
const isMonaco = (source: string): boolean => source.includes('vs/editor')

/** Opens the page in a fresh context, its caches empty. */
export async function firstLoad(context: BrowserContext, address: string): Promise<FirstLoad> {
  const page = await context.newPage()
  const scripts: Promise<string>[] = []
  const workers: string[] = []
  page.on('worker', w => workers.push(w.url()))
  context.on('response', response => {
    if (/\.js$/.test(new URL(response.url()).pathname)) scripts.push(response.text().catch(() => ''))
  })
  await page.goto(address, { waitUntil: 'commit' })
  const handle = await page.waitForFunction(text => (document.body?.textContent.includes(text) ? performance.now() : false), PAUSED, {
    polling: 'raf',
    timeout: LOAD_TIMEOUT,
  })
  const milliseconds = (await handle.jsonValue()) as number
  const sources = await Promise.all(scripts)
  const scriptBytes = sources.filter(s => !isMonaco(s)).reduce((n, s) => n + gzipSync(s).length, 0)
  const workerUrl = workers.find(u => /\/entry-[^/]*\.js$/.test(u)) ?? workers[0]
  if (workerUrl === undefined) throw new Error('the page started no worker')
  return { milliseconds, scriptBytes, workerUrl, page }
}

/** Milliseconds of processor time that the pages' processes have used. */
async function pagesTime(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  return 1000 * processInfo.filter(p => p.type === 'renderer').reduce((sum, p) => sum + p.cpuTime, 0)
}

/** Runs a program in a worker of its own, started by the page from the build's worker script. The worker stays, with its recording. */
export async function runInWorker(page: Page, workerUrl: string, program: string): Promise<Sample> {
  const browser = page.context().browser()!
  const bytes = [...readFileSync(elfFile(program, 'le'))]
  const from = await pagesTime(browser)
  const output = await page.evaluate(
    ({ workerUrl, bytes }) =>
      new Promise<string>((resolve, reject) => {
        const worker = new Worker(workerUrl, { type: 'module' })
        let output = ''
        const send = (request: Request) => worker.postMessage(request)
        worker.onerror = e => reject(new Error(e.message))
        worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
          if (data.type === 'initialized')
            send({ type: 'request', seq: 1, command: 'loadImage', arguments: { name: 'bench', bytes: Uint8Array.from(bytes) } })
          if (data.type === 'output') output = data.reset ? data.text : output + data.text
          if (data.type === 'response' && !data.success) reject(new Error(data.message))
          else if (data.type === 'response' && data.seq === 1)
            send({ type: 'request', seq: 2, command: 'continue', arguments: { actor: 'machine' } })
          if (data.type === 'stopped') {
            if (data.reason === 'powerOff') resolve(output)
            else reject(new Error(data.text))
          }
        }
      }),
    { workerUrl, bytes },
  )
  return { milliseconds: (await pagesTime(browser)) - from, output }
}

/** Milliseconds from "Run all checks" to the last cell of the Leaks tab. */
export async function matrixTime({ page }: FirstLoad): Promise<number> {
  await page.getByRole('tab', { name: 'Leaks' }).click()
  const run = page.getByRole('button', { name: 'Run all checks' })
  const from = performance.now()
  await run.click()
  await page.getByRole('button', { name: 'Cancel' }).waitFor()
  await run.waitFor()
  return performance.now() - from
}
