/** The page as a user meets it: opened in Chromium, driven by keys, read through names and roles. Any complaint of the browser fails the test. */
import { type Browser, chromium, type Locator, type Page, type Request } from 'playwright-core'
import { test as base, describe, expect, inject } from 'vitest'

export const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Letters are drawn alike wherever the tests run.
  '--font-render-hinting=none',
  '--disable-lcd-text',
  '--force-color-profile=srgb',
]

export interface Look {
  readonly width: number
  readonly height: number
  readonly theme: 'dark' | 'light'
  /** Whether the page keeps a copy of itself for offline. */
  readonly serviceWorkers: 'allow' | 'block'
  /** Behind the page's address: a query, a fragment. */
  readonly at: string
}
const usual: Look = { width: 1440, height: 900, theme: 'dark', serviceWorkers: 'block', at: '' }

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

/** Polls until `read` answers what is wanted; the last answer tells in the message of the failure. */
async function until<T>(read: () => Promise<T>, wanted: (value: T) => boolean, what: string, within = 20_000): Promise<T> {
  const end = performance.now() + within
  for (;;) {
    const value = await read()
    if (wanted(value)) return value
    if (performance.now() > end) throw new Error(`${what}: still ${String(value)} after ${within} ms`)
    await pause(15)
  }
}

export class Workbench {
  constructor(readonly page: Page) {}

  // ───────── keys ─────────

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key)
  }

  /** Presses keys that add events to the recording, and waits for each to be done. */
  async step(...keys: string[]): Promise<void> {
    for (const key of keys) {
      const before = await this.events()
      await this.press(key)
      await until(
        () => this.events(),
        n => n !== before,
        `events recorded after ${key}`,
      )
    }
  }

  /** Tab until what has the focus is named so. */
  async tabTo(name: RegExp, key = 'Tab'): Promise<void> {
    const passed: string[] = []
    for (let n = 0; n < 80; n++) {
      const now = await this.focused()
      if (name.test(now)) return
      passed.push(now)
      await this.press(key)
    }
    throw new Error(`${key} never came to ${name}. It came by ${passed.join(' | ')}`)
  }

  /** What has the focus: its name; empty while it is the page. */
  focused(): Promise<string> {
    return this.page.evaluate(() => {
      const e = document.activeElement as HTMLElement
      if (e === document.body) return ''
      const label = e.closest('label') ?? (e as HTMLInputElement).labels?.[0]
      return e.getAttribute('aria-label') ?? (label ?? e).innerText?.trim() ?? ''
    })
  }

  /** An entry of the command palette, by its name. */
  async command(name: string): Promise<void> {
    await this.press('Control+k')
    await this.page.getByRole('dialog', { name: 'Commands' }).waitFor()
    await this.page.keyboard.type(name)
    await this.press('Enter')
  }

  async choosePolicy(name: string): Promise<void> {
    await this.command(`Policy: ${name}`)
    await this.waitFor('status', () => this.sentence(), new RegExp(`^Policy: ${name}\\.$`))
  }

  // ───────── what the page says ─────────

  region(name: string): Locator {
    return this.page.getByRole('region', { name, exact: true })
  }

  text(name: string): Promise<string> {
    return this.region(name).innerText()
  }

  lesson(): Promise<string> {
    return this.page.getByRole('complementary', { name: 'Lesson' }).innerText()
  }

  /** The sentence of the status bar, polite or assertive. */
  async sentence(): Promise<string> {
    return (await this.page.locator('footer .live').innerText()).trim()
  }

  /** What the page says was refused; empty when nothing was. */
  async notice(): Promise<string> {
    return (await this.page.locator('.notice span').allInnerTexts()).join(' ').trim()
  }

  async events(): Promise<number> {
    const text = await this.page.getByRole('contentinfo').innerText()
    return Number(/Recording, ([\d\u2009]+) event/.exec(text)?.[1]?.replaceAll('\u2009', '') ?? Number.NaN)
  }

  /** Leaks that the top bar counts. */
  async leaks(): Promise<number> {
    const name = await this.page.getByRole('button', { name: /^Policy / }).getAttribute('aria-label')
    return Number(/ (\d+) leaks? seen/.exec(name!)?.[1] ?? 0)
  }

  /** Boundaries since reset, as Machine has room for. */
  instructions(): Promise<string> {
    return this.region('Machine').getByRole('definition').first().innerText()
  }

  /** A register of State, from the name of its cell. */
  async register(name: string): Promise<bigint> {
    const label = await this.region('State')
      .getByRole('gridcell', { name: new RegExp(`^${name}, 0x`) })
      .getAttribute('aria-label')
    return BigInt(/0x[0-9a-f_]+/.exec(label!)![0].replaceAll('_', ''))
  }

  /** The two lines below the MSR strip: as the processor holds it, and as the guest would. */
  async msr(): Promise<{ physical: string; guest: string }> {
    const text = (await this.page.locator('#msr .hexline').innerText()).replace(/\s/g, '')
    const [, physical = '', guest = ''] = /^physical([0-9a-f]{16})guestsees([0-9a-f]{16})$/.exec(text) ?? []
    return { physical, guest }
  }

  /** Names of the MSR bits whose column is boxed, as drawn and as said. */
  async boxed(): Promise<{ drawn: string[]; said: string[] }> {
    const cells = this.page.locator('#msr [role=gridcell]')
    const nameOf = (label: string) => label.split(',')[0]!
    const drawn = await cells.and(this.page.locator('.df')).evaluateAll(es => es.map(e => e.getAttribute('aria-label') ?? ''))
    const said = await cells.evaluateAll(es => es.map(e => e.getAttribute('aria-label') ?? '').filter(l => l.endsWith(', differs')))
    return { drawn: [...new Set(drawn.map(nameOf))], said: [...new Set(said.map(nameOf))] }
  }

  /** LPCR[AIL] in State: where the Trace interrupt goes, and why AIL does not apply. */
  async ailLine(): Promise<string[]> {
    const text = await this.page.locator('.ail .ailto').innerText()
    return text.split('\n').filter(Boolean)
  }

  /** The phase track: each phase with what is said of it, as "set SE next". */
  async phases(): Promise<string[]> {
    const items = await this.region('Hypervisor').getByRole('list', { name: 'Phases' }).getByRole('listitem').allTextContents()
    return items.map(text => text.trim())
  }

  /** The line of the hypervisor's pc in its listing; empty when it is not there. */
  async hypervisorLine(): Promise<string> {
    const now = this.region('Hypervisor code').locator('li[aria-current=step]')
    return (await now.count()) ? (await now.innerText()).replace(/\s+/g, ' ').trim() : ''
  }

  /** Labels of the events on the timeline, oldest first. */
  labels(): Promise<string[]> {
    return this.region('Timeline').getByRole('option').allInnerTexts()
  }

  async waitFor(what: string, read: () => Promise<string>, wanted: RegExp, within?: number): Promise<string> {
    return until(read, text => wanted.test(text), `${what}, waiting for ${wanted}`, within)
  }

  /** The dock with this tab chosen. */
  async dock(tab: 'Exception' | 'Breakpoints' | 'Memory' | 'Console' | 'Leaks' | 'History' | 'SPRs'): Promise<string> {
    await this.page.getByRole('tab', { name: tab }).press('Enter')
    const panel = this.page.getByRole('tabpanel', { name: tab })
    // Some are fetched when they are looked at first.
    const text = await until(
      () => panel.innerText(),
      t => t.trim() !== '' && !/^Fetching /.test(t.trim()),
      `the tab ${tab}`,
    )
    return text.replace(/\s+/g, ' ')
  }

  /** What the guest printed. */
  async printed(): Promise<string> {
    return (await this.page.getByRole('log', { name: 'Guest output' }).innerText()).trim()
  }

  // ───────── programs ─────────

  get editor(): Locator {
    return this.page.getByRole('textbox', { name: /Ctrl M lets Tab move/ })
  }

  /** Replaces the text of the editor, by keyboard; does not load it. */
  async write(source: string): Promise<void> {
    await this.editor.focus()
    await this.press('Control+a')
    await this.page.keyboard.insertText(source)
  }

  /** Writes a program in the editor and loads it with Ctrl Enter; the focus leaves the editor. */
  async load(source: string): Promise<void> {
    await this.write(source)
    await this.press('Control+Enter')
    await this.waitFor('status after loading', () => this.sentence(), /loaded and paused/)
    await this.leaveEditor()
  }

  /** Takes the focus to the region of the run controls, where single letters act. */
  async leaveEditor(): Promise<void> {
    await this.page.locator('#run').focus()
  }

  /** Frames that the page draws in a while: an occupied page draws none. */
  frames(ms: number): Promise<number> {
    return this.page.evaluate(
      for_ =>
        new Promise<number>(done => {
          let frames = 0
          const end = performance.now() + for_
          const frame = () => {
            frames++
            if (performance.now() < end) requestAnimationFrame(frame)
            else done(frames)
          }
          requestAnimationFrame(frame)
        }),
      ms,
    )
  }
}

interface Fixtures {
  browser: Browser
  /** Opens the page, as it is at first. */
  open: (look?: Partial<Look>) => Promise<Workbench>
  /** The page, opened at 1440 × 900, lesson 1 loaded. */
  bench: Workbench
}

/** What a page must never do, gathered. */
const blocked = (text: string): boolean => text.includes('Service Worker registration blocked')

function watch(page: Page, address: string): string[] {
  const complaints: string[] = []
  page.on('pageerror', e => complaints.push(`error: ${e.message}`))
  page.on(
    'console',
    m => (m.type() === 'error' || m.type() === 'warning') && !blocked(m.text()) && complaints.push(`console ${m.type()}: ${m.text()}`),
  )
  // Of the tests' own making: most do without the copy that is kept for offline.
  // The browser gives up its own request for the icon when the page is left.
  // The worker of the matrix is ended when the policy changes again, also while it is being fetched.
  const given = (r: Request) => r.failure()?.errorText === 'net::ERR_ABORTED' && /\/(favicon\.svg|matrix-entry-[^/]*\.js)$/.test(r.url())
  page.on('requestfailed', r => !given(r) && complaints.push(`request failed: ${r.url()}: ${r.failure()?.errorText}`))
  page.on('response', r => r.status() >= 400 && complaints.push(`${r.status()}: ${r.url()}`))
  page.on('request', r => !/^(data|blob):/.test(r.url()) && !r.url().startsWith(address) && complaints.push(`request: ${r.url()}`))
  return complaints
}

export const test = base.extend<Fixtures>({
  browser: [
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads the names of the fixtures that are wanted
    async ({}, use) => {
      const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS })
      await use(browser)
      await browser.close()
    },
    { scope: 'file' },
  ],
  open: async ({ browser }, use) => {
    const address = inject('address')
    const complaints: string[][] = []
    const contexts: { close(): Promise<void> }[] = []
    await use(async look => {
      const { width, height, theme, serviceWorkers, at } = { ...usual, ...look }
      const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, reducedMotion: 'reduce', serviceWorkers })
      contexts.push(context)
      const page = await context.newPage()
      complaints.push(watch(page, address))
      await page.addInitScript(() => {
        addEventListener('securitypolicyviolation', e => console.error(`content policy: ${e.violatedDirective} ${e.blockedURI}`))
      })
      await page.goto(address + at)
      const bench = new Workbench(page)
      await bench.waitFor('status bar', () => page.getByRole('contentinfo').innerText(), /Worker ready/)
      await page.locator('.monaco-editor .view-line').first().waitFor({ state: 'attached' })
      return bench
    })
    for (const context of contexts) await context.close()
    expect(complaints.flat()).toEqual([])
  },
  bench: async ({ open }, use) => {
    await use(await open())
  },
})

export { describe, expect }
