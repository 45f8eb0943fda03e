/** Lesson 1 from the first paint to its end, with the keyboard alone. */
import { expect, test, type Workbench } from './workbench.ts'

/** Bits 33 and 53 of SRR1: trace, and the SE that was saved. */
const TRACE_BITS = 0x40000400n

/** Counts presses of any pointer: there must be none. */
const countPointers = (bench: Workbench) =>
  bench.page.evaluate(() => {
    const count = { presses: 0 }
    Object.assign(globalThis, { count })
    for (const type of ['pointerdown', 'mousedown', 'touchstart']) addEventListener(type, () => count.presses++, true)
  })
const pointerPresses = (bench: Workbench) =>
  bench.page.evaluate(() => (globalThis as never as { count: { presses: number } }).count.presses)

/** Chooses an answer of the present task and has it checked. */
const answer = async (bench: Workbench, choice: string) => {
  await bench.press('g', 'l')
  await bench.tabTo(/^(80000000|bit 33)/)
  for (let n = 0; n < 4 && !(await bench.focused()).startsWith(choice); n++) await bench.press('ArrowDown')
  await bench.press('Space')
  expect(await bench.focused()).toContain(choice)
  await bench.tabTo(/^Check$/)
  await bench.press('Enter')
}

test('lesson 1 to its end', async ({ bench }) => {
  await countPointers(bench)
  expect(await bench.lesson()).toContain('Task 1 of 4')
  expect(await bench.sentence()).toBe('guest.s loaded and paused before its first instruction.')
  expect(await bench.focused()).toBe('')

  await bench.step('o')
  expect(await bench.labels()).toEqual(expect.arrayContaining([expect.stringContaining('trace')]))
  await bench.waitFor('lesson', () => bench.lesson(), /Task 2 of 4/)

  // An answer before the machine shows it is a prediction, judged when it does.
  await answer(bench, '8000000002803433')
  await bench.waitFor(
    'lesson',
    () => bench.lesson(),
    /Your prediction is kept\. It is judged when this is so: mfmsr by a step from outside\./,
  )
  await bench.leaveEditor()
  await bench.step('o', 'o')
  expect(await bench.register('r5')).toBe(0x8000000002803033n)
  await bench.waitFor('lesson', () => bench.lesson(), /Task 2 of 4[\s\S]*Not yet. Look at\s+r5 in State/)
  await answer(bench, '8000000002803033')
  await bench.waitFor('lesson', () => bench.lesson(), /Right: 8000000002803033\.[\s\S]*Task 3 of 4/)

  await answer(bench, 'bit 33, trace, and bit 53, SE')
  await bench.waitFor('lesson', () => bench.lesson(), /Your prediction is kept/)
  await bench.leaveEditor()
  await bench.step('o', 'o', 'o')
  expect(await bench.register('r7')).toBe(0x8000000042803433n)
  await bench.waitFor('lesson', () => bench.lesson(), /Right: bit 33, trace, and bit 53, SE\.[\s\S]*Task 4 of 4/)
  // A task without a question says what is missing, too.
  await bench.press('g', 'l')
  await bench.tabTo(/^Check$/)
  await bench.press('Enter')
  await bench.waitFor(
    'lesson',
    () => bench.lesson(),
    /Still missing:\s+the policy is Transparent\s+bits 33 and 53 of r7 are 0\s+no leak was seen since Reset/,
  )

  await bench.tabTo(/^Policy RFC v2/, 'Shift+Tab')
  await bench.press('Enter')
  await bench.page.getByRole('menu', { name: 'Policy' }).waitFor()
  await bench.press('ArrowDown', 'ArrowDown', 'Enter')
  await bench.waitFor('status', () => bench.sentence(), /^Policy: Transparent\.$/)
  await bench.tabTo(/\brun\b/i)
  await bench.press('ArrowRight', 'ArrowRight')
  expect(await bench.focused()).toMatch(/reset/i)
  await bench.press('Enter')
  await bench.waitFor('status', () => bench.sentence(), /^Reset/)
  expect(await bench.events()).toBe(0)
  await bench.step('o', 'o', 'o', 'o', 'o', 'o')
  expect((await bench.register('r7')) & TRACE_BITS).toBe(0n)
  await bench.waitFor('lesson', () => bench.lesson(), /All tasks are done\./)
  expect(await bench.page.getByRole('list', { name: 'Tasks' }).getByRole('listitem').allInnerTexts()).toEqual(
    Array.from({ length: 4 }, () => expect.stringMatching(/\(done\)$/)),
  )
  expect(await pointerPresses(bench)).toBe(0)
})
