/** Breakpoints, going back, looking at past events, and a guest that runs while the page stays alive. */
import { expect, test, type Workbench } from './workbench.ts'

const QUIET = 0xc000000000010018n

const breakpoints = (bench: Workbench) => bench.page.locator('.monaco-editor .bp-mark:not(.hint)').count()

/** Which event the timeline shows, as the scrubber says it. */
const shown = async (bench: Workbench) =>
  /^(live|event \d+|start)/i.exec((await bench.page.getByRole('slider', { name: 'Time travel' }).getAttribute('aria-valuetext')) ?? '')?.[0]

async function seek(bench: Workbench, key: string, expected: RegExp): Promise<void> {
  await bench.press(key)
  await bench.waitFor('status', () => bench.sentence(), expected)
}

test('a breakpoint by F9 in the editor, run to it, and step on', async ({ bench }) => {
  await bench.editor.focus()
  await bench.press('Control+Home')
  for (let n = 0; n < 12; n++) await bench.press('ArrowDown')
  await bench.press('F9')
  await expect.poll(() => breakpoints(bench)).toBe(1)
  expect(await bench.dock('Breakpoints')).toMatch(/quiet/)
  await bench.leaveEditor()
  await bench.press('Space')
  await bench.waitFor('status', () => bench.sentence(), /^Breakpoint at 0xc000000000010018/)
  expect(await bench.register('NIP')).toBe(QUIET)
  expect(await bench.instructions()).toBe('5')
  expect(await bench.dock('Breakpoints')).toMatch(/\b1\b/)
  await bench.leaveEditor()
  await bench.step('o')
  expect(await bench.register('NIP')).toBe(QUIET + 4n)
  // Cleared at the cursor from the disassembly.
  await bench.page.getByRole('tab', { name: 'Disassembly' }).focus()
  await bench.press('Enter')
  const rows = bench.page.getByRole('grid', { name: /^Disassembly/ })
  await rows.focus()
  await bench.press('ArrowUp', 'F9')
  await bench.waitFor('Breakpoints', () => bench.dock('Breakpoints'), /^(?!.*quiet)/)
})

test('a breakpoint by the gutter', async ({ bench }) => {
  const line = bench.page.locator('.monaco-editor .line-numbers', { hasText: /^13$/ })
  await line.click({ position: { x: 2, y: 9 } })
  await expect.poll(() => breakpoints(bench)).toBe(1)
  await bench.leaveEditor()
  await bench.press('c', 'o')
  await bench.waitFor('status', () => bench.sentence(), /^Breakpoint at 0xc000000000010018/)
  expect(await bench.register('NIP')).toBe(QUIET)
})

test('Back undoes a step and what came after it; stepping again does the same', async ({ bench }) => {
  await bench.step('o', 'o')
  const [events, r5] = [await bench.events(), await bench.register('r5')]
  await bench.step('o')
  const after = await bench.text('State')
  await bench.press('Shift+o')
  await bench.waitFor('status', () => bench.sentence(), /^Took back outside's last step/)
  expect(await bench.events()).toBe(events)
  expect(await bench.register('r5')).toBe(r5)
  await bench.step('o')
  expect(await bench.text('State')).toBe(after)
})

test('[ and ] look at past events and return to live; nothing can be stepped in the past', async ({ bench }) => {
  await bench.step('o', 'h', 'h', 'h', 'h', 'h')
  const [live, nip] = [await bench.text('State'), await bench.register('NIP')]
  expect(nip).toBe(0xc000000000004d00n)
  const total = await bench.events()
  await seek(bench, '[', new RegExp(`^Event ${total - 1}: Trace interrupt`))
  expect(await bench.register('NIP')).toBe(nip)
  await seek(bench, '[', new RegExp(`^Event ${total - 2}: li r4,8`))
  expect(await bench.register('NIP')).toBe(0xc000000000010008n)
  expect(await bench.register('r4')).toBe(8n)
  await seek(bench, '[', new RegExp(`^Event ${total - 3}: VM entry`))
  expect(await bench.register('NIP')).toBe(0xc000000000010004n)
  expect(await bench.register('r4')).toBe(0n)
  expect(await bench.msr()).toEqual({ physical: '8000000002803433', guest: '8000000002803033' })
  await seek(bench, '[', new RegExp(`^Event ${total - 4}: SE set`))
  await seek(bench, '[', new RegExp(`^Event ${total - 5}: 0x00dddd00 planted`))
  expect(await bench.msr()).toEqual({ physical: '8000000002803033', guest: '8000000002803033' })
  expect(await shown(bench)).toBe(`event ${total - 5}`)

  await bench.press('o')
  await bench.waitFor('notice', () => bench.notice(), /past event/)
  expect(await bench.events()).toBe(total)
  for (let n = 4; n > 0; n--) await seek(bench, ']', new RegExp(`^Event ${total - n}: `))
  await seek(bench, ']', /^Live/)
  expect(await bench.text('State')).toBe(live)
  await bench.step('h')
  expect(await bench.events()).toBe(total + 1)
})

test('an endless loop: Space runs and pauses it, and the page draws on', async ({ bench }) => {
  await bench.press('Space')
  await bench.waitFor('Machine', () => bench.text('Machine'), /Running/)
  const frames = await bench.frames(1000)
  console.log(`frames in 1 s while the guest runs: ${frames}`)
  expect(frames).toBeGreaterThan(8)
  const counted = await bench.instructions()
  await expect.poll(() => bench.instructions()).not.toBe(counted)
  await bench.press('Space')
  const paused = await bench.waitFor('status', () => bench.sentence(), /^Paused at 0xc0000000000100/)
  expect(Number(/after ([\d\u2009]+) instructions/.exec(paused)?.[1]?.replaceAll('\u2009', ''))).toBeGreaterThan(100_000)
  await bench.waitFor('Machine', () => bench.text('Machine'), /Paused/)
  const stands = await bench.instructions()
  await bench.frames(200)
  expect(await bench.instructions()).toBe(stands)
  await bench.step('o')
})
