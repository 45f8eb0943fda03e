import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { type PanelPage, panelPage } from './panelPage.ts'

vi.setConfig({ testTimeout: 30_000 })

let panels: PanelPage
let page: Page

beforeAll(async () => {
  panels = await panelPage('state-timeline.html')
}, 60_000)
afterAll(() => panels?.close())
afterEach(async () => {
  await page.close()
  expect(panels.errors.splice(0)).toEqual([])
})

const open = async (view: string) => {
  page = await panels.open(`?view=${view}&theme=dark`, { width: 1440, height: 900 })
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.waitForSelector('.tl-svg', { timeout: 30_000 })
  // Labels are measured anew when their font arrives.
  await page.waitForFunction(() => document.fonts.check('500 10.5px "IBM Plex Sans Condensed"'))
  await page.evaluate(() => new Promise(frame => requestAnimationFrame(() => requestAnimationFrame(frame))))
}

/** Controls that are off stay clickable, to say why; Playwright would wait for them. */
const disabled = { force: true }

/** Requests sent, as text; values in hexadecimal. */
const sent = (command: string): Promise<string[]> =>
  page.evaluate(
    wanted =>
      window.sent
        .filter(r => r.command === wanted)
        .map(r => JSON.stringify(r.arguments, (_, v) => (typeof v === 'bigint' ? `0x${v.toString(16)}` : v)).replaceAll('"', '')),
    command,
  )
const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))
const cell = (name: string) => page.locator(`.state [data-cell="${name}"]`)
const sentence = () => page.locator('.tl-sentence').textContent()
const copied = async () => {
  await page.keyboard.press('Control+c')
  return page.evaluate(() => navigator.clipboard.readText())
}
const popover = () => page.getByRole('dialog')

describe('State', () => {
  beforeEach(() => open('midStep'), 60_000)

  test('shows NIP to r31 without scrolling at 1440 × 900', async () => {
    const [scroll, client] = await page.locator('.state .pb').evaluate(e => [e.scrollHeight, e.clientHeight])
    expect(scroll).toBeLessThanOrEqual(client!)
    expect(await page.locator('.state [data-cell="r31"]').isVisible()).toBe(true)
  })

  test('the strip shows what the processor holds, what the guest would, and boxes the one column that differs', async () => {
    expect(await page.locator('.hexline .hx').evaluateAll(all => all.map(h => (h as HTMLElement).dataset.hex))).toEqual([
      '0x8000000002803433',
      '0x8000000002803033',
    ])
    expect(await page.locator('.msr .df').evaluateAll(all => all.map(c => c.getAttribute('aria-label')))).toEqual([
      'SE, bit 53, physical 1, guest 0, differs',
      'SE, bit 53, physical 1, guest 0, differs',
    ])
    expect(await page.locator('.state .note').textContent()).toBe('SE differs: 1 in the processor, 0 for the guest. Set by outside.')
  })

  test('only the digits that changed are marked', async () => {
    expect(await page.locator('.state .chg .nm').allTextContents()).toEqual(['NIP', 'MSR', 'SRR0', 'r4'])
    expect(await page.locator('.state .hx .ch').allTextContents()).toEqual(['0008', '3433', '0008', '0008'])
  })

  test('a grid is one tab stop; arrows move in it', async () => {
    expect(await page.locator('.msr [tabindex="0"]').count()).toBe(1)
    await cell('phys.SE').focus()
    await page.keyboard.press('ArrowLeft')
    expect(await focused()).toBe('FE0, bit 52, physical 0, guest 0')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('End')
    expect(await focused()).toBe('LE, bit 63, physical 1, guest 1')
    await cell('r0').focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowDown')
    expect(await focused()).toBe('r17, 0x0000000000000000')
  })

  test('Space toggles a bit of the MSR, of CR and of XER', async () => {
    await cell('phys.SE').focus()
    await page.keyboard.press('Space')
    await cell('0.EQ').focus()
    await page.keyboard.press('Space')
    await cell('CA').focus()
    await page.keyboard.press('Space')
    expect(await sent('writeRegister')).toEqual([
      '{vcpu:0,register:MSR,value:0x8000000002803033}',
      '{vcpu:0,register:CR,value:0x0}',
      '{vcpu:0,register:XER,value:0x20000000}',
    ])
  })

  test('Enter edits: validated as typed, written with Enter, focus goes back', async () => {
    await cell('phys.SE').focus()
    await page.keyboard.press('Enter')
    await page.keyboard.type('0x8000000002803g33')
    expect(await popover().getByRole('status').textContent()).toBe('Use hexadecimal digits only. The 14th is “g”.')
    await page.keyboard.press('Enter')
    expect(await sent('writeRegister')).toEqual([])
    await popover().getByRole('textbox').fill('8000_0000_0280_3033')
    await page.keyboard.press('Enter')
    await popover().waitFor({ state: 'detached' })
    expect(await sent('writeRegister')).toEqual(['{vcpu:0,register:MSR,value:0x8000000002803033}'])
    await expect.poll(focused).toBe('SE, bit 53, physical 1, guest 0, differs')
  })

  test('double click edits; the Edit button edits the chosen register or another', async () => {
    await cell('r4').dblclick()
    expect(await popover().getByRole('textbox').inputValue()).toBe('0x0000000000000008')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Edit', exact: true }).click()
    expect(await popover().getByRole('combobox').inputValue()).toBe('r4')
    await popover().getByRole('combobox').selectOption('DSISR')
    expect(await popover().getByRole('textbox').inputValue()).toBe('0x00000000')
  })

  test('AIL is written into LPCR', async () => {
    await page.getByRole('radiogroup', { name: 'LPCR[AIL]' }).getByRole('radio', { name: '2' }).click()
    expect(await sent('writeRegister')).toEqual(['{vcpu:0,register:LPCR,value:0x1000000}'])
  })

  test('in the past an edit is written, and the popover says that it begins a branch', async () => {
    await page.getByRole('button', { name: 'Previous event' }).click()
    await page.waitForFunction(() => !window.store.getState().view!.recording.live)
    const shown = await page.evaluate(() => window.store.getState().view!.recording.shown)
    await cell('r4').focus()
    await page.keyboard.press('Enter')
    expect(await popover().textContent()).toContain(`Begins a branch: what came after event ${shown} is kept`)
    await popover().getByRole('textbox').fill('0x9')
    await page.keyboard.press('Enter')
    await popover().waitFor({ state: 'detached' })
    expect(await sent('writeRegister')).toEqual(['{vcpu:0,register:r4,value:0x9}'])
  })

  test('while the guest runs nothing can be written, and the popover says why', async () => {
    await page.evaluate(() => {
      const { view } = window.store.getState()
      window.store.setState({ view: { ...view!, run: { ...view!.run, state: 'running' } } })
    })
    await cell('phys.SE').focus()
    await page.keyboard.press('Space')
    expect(await popover().textContent()).toContain('Pause to edit.')
    await page.keyboard.press('Escape')
    await page.getByRole('radiogroup', { name: 'LPCR[AIL]' }).getByRole('radio', { name: '2' }).click(disabled)
    expect(await sent('writeRegister')).toEqual([])
    expect(await page.getByRole('button', { name: 'Edit', exact: true }).getAttribute('aria-disabled')).toBe('true')
  })

  test('copying gives plain hexadecimal', async () => {
    await cell('r1').focus()
    expect(await copied()).toBe('0xc00000000001fe80')
    await page.evaluate(() => {
      const from = document.querySelector('[data-cell=NIP] .hx')!
      const to = document.querySelector('[data-cell=LR] .hx')!
      document.getSelection()!.setBaseAndExtent(from, 0, to, to.childNodes.length)
    })
    expect(await copied()).toBe('NIP 0xc000000000010008\nLR 0xc000000000000100')
  })

  test('a definition opens on focus, is named as description, and closes on Esc', async () => {
    await page.getByRole('button', { name: 'Edit', exact: true }).focus()
    await page.keyboard.press('Tab')
    expect(await focused()).toMatch(/^NIP/)
    await page.getByRole('tooltip').waitFor()
    const id = await cell('NIP').getAttribute('aria-describedby')
    expect(await page.locator(`[id="${id}"]`).textContent()).toContain('the address of the instruction that runs next')
    await page.keyboard.press('Escape')
    await page.getByRole('tooltip').waitFor({ state: 'detached' })
  })
})

describe('Timeline', () => {
  beforeEach(() => open('midStep'), 60_000)

  test('the drawing is hidden from readers; the list says the same', async () => {
    expect(await page.locator('.tl-svg').getAttribute('aria-hidden')).toBe('true')
    const list = page.getByRole('listbox')
    await list.focus()
    await page.keyboard.press('ArrowLeft')
    await page.waitForFunction(() => window.store.getState().view!.recording.shown === 19)
    const active = await list.getAttribute('aria-activedescendant')
    expect(await page.locator(`[id="${active}"]`).textContent()).toBe('19: breakpoint written at the trace vector, hypervisor')
    await page.keyboard.press('ArrowDown')
    expect(await sentence()).toBe('Event 15: assist')
    await page.keyboard.press('End')
    await page.waitForFunction(() => window.store.getState().view!.recording.live)
    expect((await sent('seek')).at(-1)).toBe('{event:live}')
  })

  test('with the panel itself focused, Home, End and the arrows move', async () => {
    await page.locator('#timeline').focus()
    await page.keyboard.press('Home')
    await expect.poll(sentence).toBe('Event 1: breakpoint written at the trace vector')
    await page.keyboard.press('ArrowRight')
    await expect.poll(sentence).toBe('Event 2: set SE in the MSR of vCPU 0')
    await page.keyboard.press('End')
    await expect.poll(sentence).toBe('Event 20: set SE in the MSR of vCPU 0')
  })

  test('the scrubber is a slider', async () => {
    const slider = page.getByRole('slider')
    expect(await slider.getAttribute('aria-valuetext')).toBe('event 20, set SE, hypervisor, live')
    await slider.focus()
    await page.keyboard.press('Home')
    expect(await slider.getAttribute('aria-valuetext')).toBe('before the first event')
    for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowRight')
    expect(await slider.getAttribute('aria-valuetext')).toBe('event 4, li r3, 0, vCPU 0 kernel')
    expect(await sentence()).toBe('Event 4: li r3, 0')
  })

  test('a click shows an event, a drag pans and shows none', async () => {
    const block = page.locator('.tl-svg .b.outside').last()
    const box = (await block.boundingBox())!
    await page.mouse.click(box.x + 8, box.y + 8)
    expect(await sentence()).toBe('Event 13: li r4, 8')
    const before = (await sent('seek')).length
    const x = (await block.boundingBox())!.x
    await page.mouse.move(box.x + 60, box.y + 50)
    await page.mouse.down()
    await page.mouse.move(box.x + 100, box.y + 50, { steps: 4 })
    await page.mouse.up()
    expect((await block.boundingBox())!.x).toBeCloseTo(x + 40, 0)
    expect((await sent('seek')).length).toBe(before)
  })

  test('Ctrl wheel zooms about the pointer', async () => {
    const block = page.locator('.tl-svg .b.hyp').last()
    const box = (await block.boundingBox())!
    await page.mouse.move(box.x, box.y + 5)
    await page.keyboard.down('Control')
    await page.mouse.wheel(0, -200)
    await page.keyboard.up('Control')
    await page.waitForFunction(
      w => [...document.querySelectorAll('.tl-svg .b.hyp')].at(-1)!.getBoundingClientRect().width > w * 1.2,
      box.width,
    )
    expect(Math.abs((await block.boundingBox())!.x - box.x)).toBeLessThan(3)
  })

  test('without events there are ghosts, and no way to look back', async () => {
    await page.close()
    await open('start')
    expect(await sentence()).toBe('No events yet. The dashed outline shows what one outside step will do.')
    expect(await page.locator('.tl-svg .b.ghost').count()).toBe(9)
    await page.getByRole('button', { name: 'First event' }).click(disabled)
    expect(await sent('seek')).toEqual([])
  })

  test('tens of thousands of events are a few parts on the screen', async () => {
    await page.close()
    await open('huge')
    expect(await page.evaluate(() => window.store.getState().events.length)).toBeGreaterThan(50_000)
    for (const name of ['Zoom out', 'Zoom out', 'Zoom out', 'Zoom out', 'Zoom out', 'Zoom out', 'Zoom out', 'Zoom out']) {
      await page.getByRole('button', { name }).click()
      expect(await page.locator('.tlp *').count()).toBeLessThan(2500)
    }
    expect(await page.getByRole('option').count()).toBeLessThan(50)
  })
})

describe('Exception', () => {
  beforeEach(() => open('midStep'), 60_000)

  test('four columns, asked for once', async () => {
    expect(await page.locator('.insp h3').allTextContents()).toEqual(['1Why', '2Saved', '3MSR changed', '4Vector'])
    expect(await page.locator('.insp .leakp').textContent()).toBe('RFC v2 leaves both SRR0 and SRR1 to be read.')
    expect(await page.getByText('3 of 4 interrupts').isVisible()).toBe(true)
    expect(await sent('exceptionInfo')).toEqual(['{event:20}'])
  })

  test('no requests while running; the last answer stays', async () => {
    await page.evaluate(async () => {
      for (let n = 21; n < 60; n++) {
        window.store.setState(s => ({
          view: {
            ...s.view!,
            run: { state: 'running', actor: 'machine', reason: null },
            recording: { ...s.view!.recording, events: n, shown: n },
          },
        }))
        await new Promise(requestAnimationFrame)
      }
    })
    expect(await sent('exceptionInfo')).toEqual(['{event:20}'])
    expect(await page.locator('.insp').isVisible()).toBe(true)
  })

  test('previous goes to the interrupt before', async () => {
    await page.getByRole('button', { name: 'Previous interrupt' }).click()
    expect(await sentence()).toBe('Event 6: assist')
  })

  test('empty', async () => {
    await page.close()
    await open('start')
    expect(await page.getByText('No interrupt yet').isVisible()).toBe(true)
    expect(await sent('exceptionInfo')).toEqual([])
  })
})
