/** `npm run bench:ui`: how the page answers in headless Chromium, as a person would feel it; medians. Prints a table and never fails a build. */
import { cpSync, existsSync, rmSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import type { Page } from 'playwright-core'
import type { FromWorker, Request } from '../../src/emu/worker/protocol.ts'
import { type FirstLoad, firstLoad, launch, serve } from './browser.ts'
import { formatTable, type Row } from './table.ts'

const built = `${process.cwd()}/dist`
/** A copy, so that a build which begins meanwhile changes nothing. */
const dist = `${process.cwd()}/test/output/dist-ui`
const LOOP = '_start: addi r9, r9, 1\n        b _start\n'
/** Four events a turn. */
const EVENTFUL = '_start: li r3, 0x54\n        li r4, 0\n        sc 1\n        b _start\n'
const LONG = 100_000_000
/** Prints a line of 16 characters a turn. */
const PRINTING = `_start: li r3, 0x58
        li r4, 0
        li r5, 16
        lis r6, 0x6162
        ori r6, r6, 0x6364
        sldi r7, r6, 32
        ori r7, r7, 0x0d0a
        mr r6, r7
        sc 1
        b _start
`
/** Events that the timeline is measured with, or as many as the recording keeps. */
const EVENTS = Number(process.env.EVENTS ?? 1_000_000)

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!

async function load(page: Page, source: string): Promise<void> {
  await page.getByRole('textbox', { name: /Ctrl M lets Tab move/ }).focus()
  await page.keyboard.press('Control+a')
  await page.keyboard.insertText(source)
  await page.keyboard.press('Control+Enter')
  // In the status bar: the lesson's text says so too.
  await page.locator('footer').getByText('loaded and paused').waitFor()
  await page.locator('#run').focus()
}

/** Pauses; answers the instructions since reset, as the status bar says them. */
async function paused(page: Page): Promise<number> {
  await page.keyboard.press('Space')
  const footer = page.locator('footer')
  const sentence = footer.getByText(/^Paused at/).first()
  const text = await sentence.innerText().catch(async () => {
    throw new Error(`it was not paused; the status bar says: ${await footer.innerText()}`)
  })
  return Number(/after ([\d\s\u2009]+) instructions/.exec(text)![1]!.replace(/\D/g, ''))
}

const events = async (page: Page): Promise<number> =>
  Number((await page.getByRole('contentinfo').innerText()).match(/Recording, ([\d\s\u2009]+) events/)![1]!.replace(/\D/g, ''))

/** Milliseconds from a key press to the frame in which the status bar or the scrubber shows what it did. */
async function pressed(page: Page, key: string, times: number): Promise<number[]> {
  const out: number[] = []
  for (let n = 0; n < times; n++) {
    // It listens before the key is pressed, however busy the machine is.
    await page.evaluate(() => {
      const answer = new Promise<number>(done => {
        let from = 0
        addEventListener('keydown', e => { from = e.timeStamp }, { once: true, capture: true })
        const seen = new MutationObserver(() => {
          if (from === 0) return
          seen.disconnect()
          // Behind the next frame's paint.
          requestAnimationFrame(() => setTimeout(() => done(performance.now() - from)))
        })
        for (const e of [document.querySelector('footer'), document.querySelector('.scrub')])
          seen.observe(e!, { subtree: true, childList: true, characterData: true, attributes: true })
      })
      Object.assign(window, { answer })
    }) // biome-ignore format: short
    await page.waitForTimeout(30)
    await page.keyboard.press(key)
    out.push(await page.evaluate(() => (window as unknown as { answer: Promise<number> }).answer))
  }
  return out
}

/** Frames a second while something goes on, and the longest time between two. */
const frames = (page: Page, ms: number): Promise<{ rate: number; longest: number }> =>
  page.evaluate(
    for_ =>
      new Promise(done => {
        const at: number[] = []
        const end = performance.now() + for_
        const frame = (now: number) => {
          at.push(now)
          if (performance.now() < end) requestAnimationFrame(frame)
          else
            done({
              rate: (1000 * (at.length - 1)) / (at.at(-1)! - at[0]!),
              longest: Math.max(...at.slice(1).map((t, n) => t - at[n]!)),
            })
        }
        requestAnimationFrame(frame)
      }),
    ms,
  )

/** Instructions a second of the loop in a worker without a page. */
const headless = (page: Page, workerUrl: string, source: string, ms: number): Promise<number> =>
  page.evaluate(
    ({ workerUrl, source, ms }) =>
      new Promise<number>((resolve, reject) => {
        const worker = new Worker(workerUrl, { type: 'module' })
        const send = (request: Request) => worker.postMessage(request)
        let from = 0
        worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
          if (data.type === 'initialized') send({ type: 'request', seq: 1, command: 'loadSource', arguments: { name: 'loop.s', source } })
          if (data.type === 'response' && !data.success) reject(new Error(data.message))
          else if (data.type === 'response' && data.seq === 1) {
            from = performance.now()
            send({ type: 'request', seq: 2, command: 'continue', arguments: { actor: 'machine' } })
            setTimeout(() => send({ type: 'request', seq: 3, command: 'pause', arguments: {} }), ms)
          }
          if (data.type === 'view' && data.view.run.state === 'paused' && Number(data.view.instructions) > 0) {
            resolve((1000 * Number(data.view.instructions)) / (performance.now() - from))
            worker.terminate()
          }
        }
      }),
    { workerUrl, source, ms },
  )

/** Timers and frames that an idle page asks for. */
async function idle(page: Page, ms: number): Promise<number> {
  await page.waitForTimeout(1500)
  return page.evaluate(
    for_ =>
      new Promise<number>(done => {
        let asked = 0
        const { setTimeout: later, setInterval: every, requestAnimationFrame: frame } = window
        Object.assign(window, {
          setTimeout: (...a: Parameters<typeof later>) => { asked++; return later(...a) },
          setInterval: (...a: Parameters<typeof every>) => { asked++; return every(...a) },
          requestAnimationFrame: (f: FrameRequestCallback) => { asked++; return frame(f) },
        })
        later(() => {
          Object.assign(window, { setTimeout: later, setInterval: every, requestAnimationFrame: frame })
          done(asked)
        }, for_)
      }), // biome-ignore format: short
    ms,
  )
}

/** The wheel turned to and fro over the lanes. */
async function panning(page: Page, note: string): Promise<[number, string, Row['wanted'], string]> {
  const lanes = (await page.locator('.tl-s').boundingBox())!
  await page.mouse.move(lanes.x + lanes.width / 2, lanes.y + 20)
  let goesOn = true
  const pan = (async () => {
    for (let n = 0; goesOn; n++) {
      await page.mouse.wheel(n % 100 < 50 ? 240 : -240, 0)
      await page.waitForTimeout(16)
    }
  })()
  const { rate, longest } = await frames(page, 3000)
  goesOn = false
  await pan
  return [rate, '', { atLeast: 58 }, `${note}, longest ${longest.toFixed(0)} ms`]
}

async function measure({ page, workerUrl, scriptBytes }: FirstLoad): Promise<Row[]> {
  const rows: Row[] = []
  const add = (what: string, value: number, unit: string, wanted: Row['wanted'], note?: string) =>
    rows.push({ what, value, unit, ...(wanted && { wanted }), ...(note && { note }) })
  await page.locator('.monaco-editor .view-line').first().waitFor({ state: 'attached' })
  await page.locator('#run').focus()
  add('idle page: timers in 3 s', await idle(page, 3000), '', { atMost: 0 })
  add('outside step: key press to painted', median(await pressed(page, 'o', 21)), 'ms', { atMost: 32 })
  add('previous event: key press to painted', median(await pressed(page, '[', 21)), 'ms', { atMost: 150 })

  await load(page, LOOP)
  await page.keyboard.press('Space')
  const then = performance.now()
  const { rate, longest } = await frames(page, 3000)
  let ran = await paused(page)
  const speed = (1000 * ran) / (performance.now() - then)
  while (ran < LONG) {
    await page.keyboard.press('Space')
    await page.waitForTimeout(500)
    ran = await paused(page)
  }
  add('running at full speed: frames a second', rate, '', { atLeast: 50 }, `longest ${longest.toFixed(0)} ms`)
  const alone = await headless(page, workerUrl, LOOP, 3000)
  add(
    'its speed ÷ that of a worker without a page',
    speed / alone,
    '',
    { atLeast: 0.9 },
    `${(alone / 1e6).toFixed(0)} million instructions a second`,
  )
  const far = Math.round(ran / 1e6)
  add('previous event, from far ahead', median(await pressed(page, '[', 1)), 'ms', { atMost: 150 }, `${far} million instructions`)
  await page.keyboard.press(']')
  await page.waitForTimeout(300)
  add('Back', median(await pressed(page, 'Shift+F8', 1)), 'ms', { atMost: 150 }, `${far} million instructions`)

  await load(page, EVENTFUL)
  await page.keyboard.press('Space')
  let recorded = 0
  for (let before = -1; recorded > before && recorded < EVENTS; ) {
    before = recorded
    await page.waitForTimeout(4000)
    recorded = await events(page)
  }
  await paused(page)
  recorded = await events(page)
  const note = `${recorded} events`
  const slider = page.getByRole('slider', { name: 'Time travel' })
  await slider.focus()
  await page.keyboard.press('Home')
  await page.waitForTimeout(500)
  const seeks: number[] = []
  const box = (await slider.boundingBox())!
  for (let n = 1; n < 20; n++) {
    const began = performance.now()
    const was = await slider.getAttribute('aria-valuetext')
    await page.mouse.click(box.x + (box.width * ((n * 7) % 20)) / 20, box.y + box.height / 2)
    await page.waitForFunction(t => document.querySelector('.scrub .bar')?.getAttribute('aria-valuetext') !== t, was, { polling: 'raf' })
    seeks.push(performance.now() - began)
  }
  add('seek to an event anywhere', median(seeks), 'ms', { atMost: 150 }, note)
  add('panning the timeline: frames a second', ...(await panning(page, note)))
  for (let n = 0; n < 12; n++) await page.getByRole('button', { name: 'Zoom out' }).click()
  add('the same, zoomed out to counts', ...(await panning(page, note)))

  await load(page, PRINTING)
  await page.keyboard.press('4')
  await page.locator('.xterm-rows').waitFor()
  add('idle page with Console: timers in 3 s', await idle(page, 3000), '', { atMost: 0 })
  await page.keyboard.press('Space')
  const printing = await frames(page, 3000)
  await paused(page)
  add(
    'printing at full speed, Console shown: frames a second',
    printing.rate,
    '',
    { atLeast: 50 },
    `longest ${printing.longest.toFixed(0)} ms`,
  )
  add('scripts of the first load, gzipped, without Monaco', scriptBytes / 1000, 'kB', { atMost: 400 })
  return rows
}

async function main(): Promise<void> {
  if (!existsSync(`${built}/index.html`)) return console.log('Nothing is built yet. Run npm run build first.')
  rmSync(dist, { recursive: true, force: true })
  cpSync(built, dist, { recursive: true })
  const browser = await launch()
  const served = await serve(dist)
  try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, serviceWorkers: 'block' })
    console.log(formatTable(await measure(await firstLoad(context, served.address))))
    console.log(
      `\nMedians, in ${browser.version()} without a screen, on ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, load ${loadavg()[0]!.toFixed(1)}.`,
    )
  } finally {
    served.close()
    await browser.close()
  }
}

await main()
