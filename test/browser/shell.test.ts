/** The frame around the panels: keys, commands, regions, layouts, what is asked and what is refused. */
import { describe, expect, test, type Workbench } from './workbench.ts'

const breakpoints = async (bench: Workbench): Promise<number> => Number((await bench.page.locator('#dock .tab .n').allInnerTexts())[0] ?? 0)

/** Leaves every control: keys then come from the page itself. */
const leave = (bench: Workbench) => bench.page.evaluate(() => (document.activeElement as HTMLElement).blur())

const boxes = (bench: Workbench) =>
  bench.page.evaluate(() => {
    const box = (id: string) => {
      const r = document.getElementById(id)?.getBoundingClientRect()
      return r && { x: Math.round(r.x), y: Math.round(r.y), width: Math.round(r.width), height: Math.round(r.height) }
    }
    return Object.fromEntries(['lesson', 'guest', 'hypervisor', 'timeline', 'dock', 'state'].map(id => [id, box(id)]))
  })

const drop = (bench: Workbench, on: string, name: string, bytes: number[]) =>
  bench.page.evaluate(
    ([on, name, bytes]) => {
      const dataTransfer = new DataTransfer()
      dataTransfer.items.add(new File([new Uint8Array(bytes)], name))
      const target = document.querySelector(on)!
      for (const type of ['dragover', 'drop']) target.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }))
    },
    [on, name, bytes] as const,
  )

describe('keys', () => {
  test('each card of the run band is one tab stop, and Tab comes back to the control last used', async ({ bench }) => {
    await bench.tabTo(/^Outside: step$/)
    await bench.press('ArrowRight')
    expect(await bench.focused()).toBe('Outside: continue')
    await bench.press('Tab')
    expect(await bench.focused()).toBe('Inside: step')
    await bench.press('Shift+Tab')
    expect(await bench.focused()).toBe('Outside: continue')
    await bench.press('Home')
    expect(await bench.focused()).toBe('Outside: step back')
  })

  test('a control that is off keeps the focus and says why', async ({ bench }) => {
    await bench.tabTo(/^Inside: step$/)
    const button = bench.page.getByRole('button', { name: 'Inside: step', exact: true })
    expect(await button.getAttribute('aria-disabled')).toBe('true')
    const reason = bench.page.getByRole('tooltip')
    await reason.waitFor()
    expect(await reason.innerText()).toMatch(/debugger in the guest/)
    await bench.press('Enter')
    expect(await bench.events()).toBe(0)
  })

  test('F9 acts on the cursor of the code, wherever the focus is', async ({ bench }) => {
    await bench.press('g', 's', 'F9')
    await bench.waitFor('breakpoints', async () => String(await breakpoints(bench)), /^1$/)
    await bench.press('F9')
    await bench.waitFor('breakpoints', async () => String(await breakpoints(bench)), /^0$/)
  })

  test('F6 goes round the regions in the order of the page', async ({ bench }) => {
    const regions: string[] = []
    for (let n = 0; n < 8; n++) {
      await bench.press('F6')
      regions.push(await bench.page.evaluate(() => document.activeElement!.id))
    }
    expect(regions).toEqual(['run', 'lesson', 'guest', 'hypervisor', 'timeline', 'dock', 'state', 'run'])
  })

  test('single letters can be switched off; function keys stay, and the browser remembers', async ({ bench }) => {
    await bench.press('?')
    await bench.page.getByLabel('Single letters, digits and marks are commands').uncheck()
    await bench.press('Escape')
    await leave(bench)
    await bench.press('o', 'h', '[')
    await bench.step('F8')
    expect(await bench.labels()).toHaveLength(9)
    await bench.page.reload()
    // By then it may be kept, or not yet.
    await bench.waitFor('status bar', () => bench.sentence(), /loaded and paused|opened as it was left/)
    await bench.leaveEditor()
    const before = (await bench.labels()).length
    await bench.press('o')
    await bench.step('F8')
    expect(await bench.labels()).toHaveLength(before + 9)
  })

  test('folding the lesson by keyboard leaves the focus on the button that unfolds it, and back', async ({ bench }) => {
    await bench.tabTo(/^Fold the lesson$/)
    await bench.press('Enter')
    expect(await bench.focused()).toBe('Open the lesson')
    await bench.press('Enter')
    expect(await bench.focused()).toBe('Fold the lesson')
  })

  test('a reason shown for one command goes with the next that works', async ({ bench }) => {
    await bench.press('i')
    expect(await bench.notice()).toMatch(/debugger in the guest/)
    await bench.step('o')
    expect(await bench.notice()).toBe('')
  })
})

describe('commands', () => {
  test('one Esc leaves them, with text typed', async ({ bench }) => {
    await bench.press('Control+k')
    const dialog = bench.page.getByRole('dialog', { name: 'Commands' })
    await dialog.waitFor()
    await bench.page.keyboard.type('step')
    await bench.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  })

  test('letters typed before they are there are the query, and no commands of the page', async ({ bench }) => {
    await bench.press('Control+k', 'o', 'u', 't', 's', 'i', 'd', 'e', ' ')
    const field = bench.page.getByRole('dialog', { name: 'Commands' }).getByRole('combobox')
    await field.waitFor()
    expect(await field.inputValue()).toBe('outside ')
    expect(await bench.events()).toBe(0)
    expect(await bench.text('Machine')).toContain('Paused')
    await bench.press('Escape')
  })

  test('a register takes the focus, an event is shown', async ({ bench }) => {
    await bench.step('o')
    await bench.command('srr1')
    await bench.waitFor('focus', () => bench.focused(), /^SRR1, 0x/)
    await bench.command('event 3')
    await bench.waitFor('timeline', () => bench.text('Timeline'), /Event 3/)
  })

  test('what is off says why beside its key', async ({ bench }) => {
    await bench.press('Control+k')
    await bench.page.keyboard.type('outside: step back')
    const row = bench.page.getByRole('option', { name: /Outside: step back/ })
    await row.waitFor()
    expect(await row.innerText()).toMatch(/Nothing to take back[\s\S]*Shift O/)
    await bench.press('Escape')
  })
})

describe('layout', () => {
  test('the parts of the page and their order', async ({ bench }) => {
    const landmarks = await bench.page.evaluate(() =>
      [...document.querySelectorAll('header, main, aside, footer, #run')].map(e => `${e.tagName.toLowerCase()}${e.id && ` ${e.id}`}`),
    )
    expect(landmarks).toEqual(['header', 'section run', 'aside lesson', 'main main', 'footer'])
    expect(await bench.page.evaluate(() => document.querySelector('main aside'))).toBeNull()
  })

  for (const [width, height, expected] of [
    [1440, 900, { lesson: { width: 244 }, state: { width: 420 } }],
    [1280, 800, { lesson: { width: 244 }, state: { width: 400 } }],
    [1024, 768, { lesson: { width: 1024, height: 34 }, timeline: { width: 1024 }, state: { width: 388 }, hypervisor: undefined }],
    [768, 1024, { lesson: { width: 768 }, guest: { width: 768 }, state: { width: 768 } }],
    [320, 640, { lesson: { width: 320 }, guest: { width: 320 }, timeline: { width: 320 }, state: { width: 320 } }],
  ] as const) {
    test(`${width} × ${height}: sizes as designed, nothing wider than the page`, async ({ open }) => {
      const bench = await open({ width, height })
      expect(await boxes(bench)).toMatchObject(expected)
      expect(await bench.page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
      if (width <= 1200) {
        const { timeline, guest } = await boxes(bench)
        expect(timeline!.y).toBeLessThan(guest!.y)
      }
    })
  }

  test('a named layout is remembered, and what was dragged in it too', async ({ bench }) => {
    await bench.command('layout: race')
    await bench.waitFor('timeline', async () => String((await boxes(bench)).timeline?.height), /^296$/)
    const state = (await boxes(bench)).state!
    await bench.page.mouse.move(state.x - 1, 500)
    await bench.page.mouse.down()
    await bench.page.mouse.move(state.x - 61, 500, { steps: 4 })
    await bench.page.mouse.up()
    await bench.waitFor('state', async () => String((await boxes(bench)).state?.width), /^480$/)
    await bench.page.reload()
    await bench.waitFor('status bar', () => bench.sentence(), /loaded and paused/)
    expect(await boxes(bench)).toMatchObject({ timeline: { height: 296 }, state: { width: 480 }, lesson: { width: 244 } })
    await bench.command('layout: lesson')
    await bench.waitFor('state', async () => String((await boxes(bench)).state?.width), /^420$/)
    expect(await boxes(bench)).toMatchObject({ timeline: { height: 212 }, lesson: { width: 244 } })
  })
})

describe('programs', () => {
  test('New asks before edits are dropped, and Cancel keeps them', async ({ bench }) => {
    await bench.write('_start: li r3, 7\n        b _start\n')
    await bench.leaveEditor()
    await bench.command('New program')
    const question = bench.page.getByRole('alertdialog')
    await question.waitFor()
    await bench.press('Escape')
    await question.waitFor({ state: 'detached' })
    expect(await bench.text('Guest code')).toMatch(/r3,\s7/)
    await bench.command('New program')
    // By keyboard alone: the question opens on what loses nothing.
    await bench.waitFor('focus', () => bench.focused(), /^Cancel$/)
    await bench.press('Enter')
    await question.waitFor({ state: 'detached' })
    await bench.command('New program')
    await bench.waitFor('focus', () => bench.focused(), /^Cancel$/)
    await bench.press('Shift+Tab')
    expect(await bench.focused()).toBe('New')
    await bench.press('Space')
    await bench.waitFor('guest.s', () => bench.text('Guest code'), /A\sguest\sfor\sTwostep/)
    expect(await bench.sentence()).toMatch(/loaded and paused/)
  })

  test('a file dropped on the editor is opened, not inserted; one that is no ELF is refused and nothing changes', async ({ bench }) => {
    await drop(bench, '.monaco-editor .view-lines', 'notes.bin', [1, 2, 3])
    await bench.waitFor('notice', () => bench.notice(), /not an ELF file.*Nothing was loaded/)
    expect(await bench.text('Guest code')).toMatch(/assembled, 10 instructions[\s\S]*Lesson\s1/)
    expect(await bench.text('Guest code')).not.toContain('notes')
    await bench.page.getByRole('button', { name: 'Dismiss' }).click()
    expect(await bench.notice()).toBe('')
  })

  test('the theme is kept', async ({ bench }) => {
    const theme = bench.page.getByRole('button', { name: /^Theme:/ })
    await theme.click()
    await theme.click()
    expect(await bench.page.evaluate(() => document.documentElement.dataset.theme)).toBe('light')
    await bench.page.reload()
    await bench.waitFor('status bar', () => bench.sentence(), /loaded and paused/)
    expect(await bench.page.evaluate(() => document.documentElement.dataset.theme)).toBe('light')
  })
})
