/** Every screen, in both themes, before axe: the rules of WCAG 2.2 A and AA, and its best practices. */
import axe from 'axe-core'
import { expect, type Look, test, type Workbench } from './workbench.ts'

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/**
 * What the rules say of elements that they were not made for. A register's cell is named "SRR1, 0x…": its label is the name before the comma,
 * and the digits, drawn in groups of four, are its value. A tip describes what has the focus: it is read with that, not found as content. The
 * edge between two landmarks is in neither.
 */
const exceptions: readonly (readonly [rule: string, selector: string])[] = [
  ['label-content-name-mismatch', '[data-cell]'],
  ['region', '.tip-in'],
  ['region', '[data-overlay-container]:has(.tip)'],
  ['region', '.edge[role=separator]'],
]

/** What axe finds, a line each: the rule, the element, what is wrong. */
async function violations(bench: Workbench): Promise<string[]> {
  if (!(await bench.page.evaluate(() => 'axe' in window))) await bench.page.evaluate(axe.source)
  return bench.page.evaluate(
    async ({ tags, excepted }) => {
      const { violations: found } = await (window as unknown as { axe: typeof axe }).axe.run(document, {
        runOnly: { type: 'tag', values: tags },
      })
      const known = (rule: string, target: string) =>
        excepted.some(([r, selector]) => r === rule && document.querySelector(target)?.matches(selector))
      return found.flatMap(v =>
        v.nodes
          .filter(n => !known(v.id, String(n.target[0])))
          .map(n => `${v.id}: ${n.target.join(' ')}: ${n.failureSummary?.split('\n').slice(1).join(' ').trim()}`),
      )
    },
    { tags: TAGS, excepted: exceptions },
  )
}

async function clean(bench: Workbench): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await bench.page.emulateMedia({ colorScheme })
    await bench.frames(100)
    expect.soft(await violations(bench), colorScheme).toEqual([])
  }
}

const dialog = (name: string) => async (bench: Workbench) => {
  await bench.page.getByRole('dialog', { name }).waitFor()
}
const tab = (name: Parameters<Workbench['dock']>[0]) => async (bench: Workbench) => {
  await bench.dock(name)
}

interface Screen {
  readonly name: string
  readonly look?: Partial<Look>
  readonly show: (bench: Workbench) => Promise<unknown>
}

const screens: readonly Screen[] = [
  { name: 'first visit', show: async () => {} },
  { name: 'halfway through an outside step', show: bench => bench.step('o', 'o', 'h', 'h') },
  {
    name: 'after steps, with an interrupt in Exception',
    show: async bench => {
      await bench.step('o', 'o', 'h', 'h', 'h', 'h')
      await bench.dock('Exception')
    },
  },
  {
    name: 'Breakpoints',
    show: async bench => {
      await bench.command('Breakpoint at the cursor line')
      await bench.dock('Breakpoints')
    },
  },
  { name: 'Memory', show: tab('Memory') },
  {
    name: 'Memory, with search and translation',
    show: async bench => {
      await bench.dock('Memory')
      await bench.page.getByRole('button', { name: 'Translation' }).press('Enter')
      await bench.page.getByRole('button', { name: 'Search', exact: true }).press('Enter')
      await bench.page.getByRole('region', { name: 'Translation of the address' }).getByRole('listitem').first().waitFor()
    },
  },
  {
    name: 'edit of bytes',
    show: async bench => {
      await bench.dock('Memory')
      await bench.page.getByRole('region', { name: 'Memory', exact: true }).getByRole('grid').press('Shift+Enter')
      await bench.page.getByRole('dialog').waitFor()
    },
  },
  { name: 'SPRs', show: tab('SPRs') },
  {
    name: 'a decoded word',
    show: async bench => {
      await bench.command('Decode a word…')
      await dialog('Decode a word')(bench)
      await bench.page.keyboard.type('7c0000a6')
      await bench.page.getByRole('row', { name: /primary opcode/ }).waitFor()
    },
  },
  { name: 'Console', show: tab('Console') },
  { name: 'Leaks', show: tab('Leaks') },
  {
    name: 'History, of a step',
    show: async bench => {
      await bench.step('o', 'o')
      await bench.dock('History')
      await bench.page.getByText('Its step').click()
      await bench.page.getByRole('table', { name: 'What changed' }).waitFor()
    },
  },
  { name: 'vCPUs', show: bench => bench.command('Show vCPUs') },
  {
    name: 'Commands',
    show: async bench => {
      await bench.press('Control+k')
      await dialog('Commands')(bench)
    },
  },
  {
    name: 'Keys and words',
    show: async bench => {
      await bench.command('Keys and words')
      await dialog('Keys and words')(bench)
    },
  },
  {
    name: 'Words',
    show: async bench => {
      await bench.command('Words and acronyms')
      await dialog('Words')(bench)
    },
  },
  {
    name: 'For teachers',
    show: async bench => {
      await bench.command('For teachers')
      await dialog('For teachers')(bench)
    },
  },
  {
    name: 'Sessions in this browser',
    show: async bench => {
      await bench.command('Sessions in this browser')
      await dialog('Sessions in this browser')(bench)
    },
  },
  {
    name: 'words of a panel',
    show: async bench => {
      await bench.page.locator('#state .words-here').focus()
      await bench.page.locator('.tip').waitFor()
    },
  },
  {
    name: 'policies',
    show: async bench => {
      await bench.command('Edit or compare policies')
      await bench.page.getByRole('dialog').waitFor()
      await bench.page.getByRole('dialog').getByRole('table').first().waitFor()
    },
  },
  {
    name: 'question before edits are lost',
    show: async bench => {
      await bench.write('_start: nop\n')
      await bench.leaveEditor()
      await bench.command('New program')
      await bench.page.getByRole('alertdialog').waitFor()
    },
  },
  {
    name: 'errors in the editor',
    show: async bench => {
      await bench.write('_start: fly r3\n')
      await bench.page.waitForTimeout(800)
    },
  },
  {
    name: 'instruction reference',
    show: async bench => {
      await bench.command('Instruction reference')
      await dialog('Instruction reference')(bench)
      await bench.page.keyboard.type('rfid')
      await bench.page.getByRole('heading', { name: 'rfid' }).waitFor()
    },
  },
  {
    name: 'edit of a register',
    show: async bench => {
      await bench.press('g', 's', 'Enter')
      await bench.page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'menu of lessons',
    show: async bench => {
      await bench.page.getByRole('button', { name: /^Lesson 1/ }).press('Enter')
      await bench.page.getByRole('menu').waitFor()
    },
  },
  {
    name: 'menu of policies',
    show: async bench => {
      await bench.page.locator('#policy').press('Enter')
      await bench.page.getByRole('menu').waitFor()
    },
  },
  {
    name: 'a wrong answer',
    show: async bench => {
      await bench.page.getByRole('radio').first().waitFor({ state: 'attached' })
    },
  },
  {
    name: 'scenario with two vCPUs',
    show: async bench => {
      await bench.command('Scenario: The race, under RFC v2')
      await bench.page.getByRole('complementary', { name: 'Scenario' }).getByRole('button').first().waitFor()
    },
  },
  {
    name: 'a refusal',
    show: async bench => {
      await bench.press('i')
      await bench.waitFor('notice', () => bench.notice(), /debugger in the guest/)
    },
  },
  { name: '1024 wide', look: { width: 1024, height: 768 }, show: bench => bench.step('o', 'o', 'h', 'h') },
  {
    name: 'lesson over the left side',
    look: { width: 1024, height: 768 },
    show: async bench => {
      await bench.command('Focus Lesson')
      await bench.page
        .getByRole('button', { name: /lesson/i })
        .last()
        .press('Enter')
    },
  },
  { name: '768 wide', look: { width: 768, height: 1024 }, show: bench => bench.step('o', 'o', 'h', 'h') },
  { name: '320 wide', look: { width: 320, height: 256 }, show: bench => bench.step('o', 'o', 'h', 'h') },
]

for (const { name, look, show } of screens) {
  test(name, async ({ open }) => {
    const bench = await open(look)
    await show(bench)
    await clean(bench)
  })
}
