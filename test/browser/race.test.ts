/** Several vCPUs in the page: scenarios, the schedule, interrupts while stepping, and each stepper going back. */
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { Headless } from '../../src/cli/headless.ts'
import { stageOf } from '../../src/cli/play.ts'
import { play } from '../../src/emu/script/play.ts'
import { parseScript } from '../../src/emu/script/script.ts'
import { scenarios } from '../../src/ui/scenario/scenarios.ts'
import { TestIo } from '../test-io.ts'
import { describe, expect, test, type Workbench } from './workbench.ts'

const scenario = (page: Page) => page.getByRole('complementary', { name: 'Scenario' })

async function openScenario(bench: Workbench, title: string): Promise<void> {
  await bench.command(`Scenario: ${title}`)
  await scenario(bench.page).getByRole('heading', { name: title }).waitFor()
  // What prepares it is carried out at once.
  await bench.waitFor('first command of its own', () => current(bench), /^step /)
}

const current = (bench: Workbench) => scenario(bench.page).locator('[aria-current=step] > div > code').innerText()
const press = (bench: Workbench, name: string) => scenario(bench.page).getByRole('button', { name, exact: true }).press('Enter')

test('the race under RFC v2, command by command: lanes, phases and status tell it', async ({ bench }) => {
  await openScenario(bench, 'The race, under RFC v2')
  await press(bench, 'Next')
  await bench.waitFor('next', () => current(bench), /^step hypervisor 3/)
  await press(bench, 'Next')
  await bench.waitFor('next', () => current(bench), /^step hypervisor$/)
  expect(await bench.text('Outside')).toContain('Stepping')
  await press(bench, 'Next')
  await bench.waitFor('status', () => bench.sentence(), /vCPU 1 met the word of the step of vCPU 0 .* taken for its end/)
  expect(await bench.text('Hypervisor')).toContain('Exit from vCPU 1, expected vCPU 0')
  expect(await bench.text('Outside')).toContain('preempted')
  const timeline = await bench.region('Timeline').locator('svg.tl-svg').innerHTML()
  expect(timeline).toContain('preempted by the host')
  expect(timeline).toContain('wrong from now on')
  expect(timeline).toContain('inside: step, vCPU 1')
  expect(await bench.text('Inside')).toMatch(/Blocked[\s\S]*vCPU 1 handler\s+did not run/)
})

/** How it ends on the command line. */
async function endOf(file: string) {
  const path = new URL(`../../public/scenarios/${file}`, import.meta.url).pathname
  const machine = new Headless()
  await play(parseScript(readFileSync(path, 'utf8')), stageOf(machine, path, new TestIo()))
  const { schedule, status, controller } = machine.view
  return {
    says: status.text,
    events: machine.events.length,
    vcpus: schedule.vcpus.map(v => [v.state, v.symbol]),
    leaks: controller.leaks.length,
  }
}

test.for(scenarios)('$title: played in the page it ends as on the command line', async ({ file, title }, { bench }) => {
  const end = await endOf(file)
  await openScenario(bench, title)
  await press(bench, 'Play')
  await scenario(bench.page).getByText('Played to its end').waitFor()
  expect([await bench.sentence(), await bench.events(), await bench.leaks()]).toEqual([end.says, end.events, end.leaks])
  await bench.command('Show vCPUs')
  for (const [n, [state, symbol]] of end.vcpus.entries()) {
    const row = bench
      .region('vCPUs')
      .getByRole('row')
      .nth(n + 1)
    await bench.waitFor(`row of vCPU ${n}`, () => row.innerText(), new RegExp(`${state}[\\s\\S]*${symbol!.replace('+', '\\+')}\\s`))
  }
})

test('played to its end, then again, then taken back', async ({ bench }) => {
  await openScenario(bench, 'The race, gone with Transparent')
  await press(bench, 'Play')
  await scenario(bench.page).getByText('Played to its end').waitFor()
  const events = await bench.events()
  await press(bench, 'Again')
  await bench.waitFor('next', () => current(bench), /^step outside 3/)
  await press(bench, 'Play')
  await scenario(bench.page).getByText('Played to its end').waitFor()
  expect(await bench.events()).toBe(events)
  // Outside's last step took forty boundaries of vCPU 1 with it.
  await bench.press('Shift+O')
  await bench.waitFor('status', () => bench.sentence(), /Took back outside's last step/)
  expect(await bench.events()).toBeLessThan(events)
  await bench.step('o')
  expect(await bench.events()).toBe(events)
})

describe('the vCPUs tab', () => {
  const cell = (bench: Workbench, vcpu: number, column: number) =>
    bench
      .region('vCPUs')
      .getByRole('row')
      .nth(vcpu + 1)
      .locator('th, td')
      .nth(column)
      .innerText()

  test('runs one vCPU by itself in the middle of another’s step, and each stepper goes back over its own', async ({ bench }) => {
    await openScenario(bench, 'The race, gone with Transparent')
    await bench.press('6')
    await bench.press('h')
    await bench.waitFor('status', () => bench.text('Hypervisor'), /Stopped before set SE/)
    const box = bench.region('vCPUs').getByRole('textbox', { name: 'Boundaries to run vCPU 1 for' })
    await box.fill('5')
    await box.press('Enter')
    await bench.waitFor('status', () => bench.sentence(), /^vCPU 1 ran 5 boundaries, and stands at 0x/)
    expect([await cell(bench, 0, 1), await cell(bench, 1, 4)]).toEqual([expect.stringContaining('stepped'), '5'])
    // V goes to the next vCPU: State and Disassembly are its.
    await bench.leaveEditor()
    await bench.press('v')
    await bench.waitFor('status', () => bench.sentence(), /^vCPU 1: State/)
    expect(await bench.text('State')).toContain('vCPU 1')
    // The machine's step back takes the five boundaries back, the step stays in flight; then the hypervisor's takes that back.
    await bench.command('Machine: step back')
    await bench.waitFor('boundaries of vCPU 1', () => cell(bench, 1, 4), /^0$/)
    expect(await cell(bench, 0, 1)).toContain('stepped')
    await bench.press('Shift+H')
    await bench.waitFor('state of vCPU 0', () => cell(bench, 0, 1), /^ready/)
  })

  test('takes a schedule, and says what is wrong with one', async ({ bench }) => {
    await openScenario(bench, 'The race, gone with Transparent')
    await bench.press('6')
    const turns = bench.region('vCPUs').getByRole('textbox', { name: 'Turns that come next' })
    await turns.fill('4:1')
    await bench.waitFor('problem', () => bench.text('vCPUs'), /There is no vCPU 4: they are 0 to 1\./)
    await turns.press('Enter')
    expect(await bench.sentence()).not.toContain('vCPU 4')
    await turns.fill('1:2 0:1')
    await turns.press('Enter')
    await bench.waitFor('status', () => bench.sentence(), /^Schedule set by you: vCPU 1 for 2, then vCPU 0 for 1, then round robin by 10/)
    await turns.fill('x')
    await bench.region('vCPUs').getByRole('button', { name: 'Undo' }).press('Enter')
    expect(await turns.inputValue()).toBe('1:2 0:1')
  })
})

test('Reset brings back the turns with which the program began', async ({ bench }) => {
  await openScenario(bench, 'The race, under RFC v2')
  await bench.press('6')
  const turns = bench.region('vCPUs').getByRole('textbox', { name: 'Turns that come next' })
  await bench.leaveEditor()
  await bench.step('o', 'o', 'o')
  expect(await turns.inputValue()).toBe('1:40')
  await bench.command('Machine: reset')
  await bench.waitFor('status', () => bench.sentence(), /^Reset:/)
  expect(await turns.inputValue()).toBe('0:3 1:40')
})

describe('the vCPU selector', () => {
  const spin = (vcpus: number) => `# twostep: map=radix ail=3 ir=1 dr=1 vcpus=${vcpus} ram=16M\n_start: addi r3,r3,1\n b _start\n`

  test('up to four are joined buttons; those that run have a triangle', async ({ bench }) => {
    await bench.load(spin(2))
    const choice = bench.page.getByRole('radiogroup', { name: 'vCPU' })
    expect(await choice.getByRole('radio').allTextContents()).toEqual(['0', '1'])
    await bench.press('Space')
    await bench.waitFor('marks', async () => (await choice.getByRole('radio').allTextContents()).join(), /^▸running 0,▸running 1$/)
    await bench.press('Space')
    await bench.waitFor('marks', async () => (await choice.getByRole('radio').allTextContents()).join(), /^0,1$/)
    // One alone, as scheduler-locking has it.
    await bench.command('Scheduler-locking: on')
    await bench.waitFor('status', () => bench.sentence(), /^Scheduler-locking: on/)
    await bench.press('v')
    await bench.waitFor('status', () => bench.sentence(), /^vCPU 1: State/)
    await bench.press('Space')
    await bench.waitFor('marks', async () => (await choice.getByRole('radio').allTextContents()).join(), /^0,▸running 1$/)
    await bench.press('Space')
  })

  test('more are a list', async ({ bench }) => {
    await bench.load(spin(8))
    const choice = bench.page.getByRole('banner').getByRole('combobox', { name: 'vCPU' })
    expect(await choice.locator('option').allTextContents()).toEqual(['0', '1', '2', '3', '4', '5', '6', '7'])
    await choice.selectOption('5')
    await bench.waitFor('status', () => bench.sentence(), /^vCPU 5: State, Disassembly and the steppers act on it\.$/)
    await bench.leaveEditor()
    await bench.step('o')
    expect(await bench.register('r3')).toBe(1n)
    expect(await bench.text('State')).toContain('vCPU 5')
  })
})

test('interrupts wait or come while stepping, and the choice is refused in the middle of a step', async ({ bench }) => {
  const choice = bench.page.getByRole('radiogroup', { name: 'Interrupts while stepping' })
  await choice.getByRole('radio', { name: 'deliver' }).click()
  await bench.waitFor('status', () => bench.sentence(), /^Interrupts come while stepping/)
  expect(await choice.getByRole('radio', { name: 'deliver' }).getAttribute('aria-checked')).toBe('true')
  await bench.step('h')
  expect(await choice.getAttribute('aria-disabled')).toBe('true')
  await bench.command('Interrupts while stepping: hold')
  await bench.waitFor('notice', () => bench.notice(), /An outside step is in flight: the setting stays/)
})

describe('a scenario of the user’s', () => {
  const choose = async (bench: Workbench, files: Record<string, string>) => {
    const asked = bench.page.waitForEvent('filechooser')
    await bench.command('Scenario: open a file')
    await (await asked).setFiles(Object.entries(files).map(([name, text]) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) })))
  }

  test('is played with the program given beside it', async ({ bench }) => {
    const files = {
      'mine.txt': '# Mine\nprogram two.s\nstep outside 2\nvcpu 7\n',
      'two.s': '# twostep: vcpus=2\n_start: nop\n nop\n b .\n',
    }
    await choose(bench, files)
    await scenario(bench.page).getByRole('heading', { name: 'Mine' }).waitFor()
    await bench.waitFor('next', () => current(bench), /^step outside 2/)
    await press(bench, 'Play')
    await bench.waitFor(
      'problem',
      () => scenario(bench.page).innerText(),
      /line 4: vcpu 7: There is no vCPU 7: the machine has vCPUs 0 to 1\. Nothing was changed\. What was done before stays\./,
    )
    expect((await bench.labels()).length).toBeGreaterThan(10)
  })

  test('that is none is refused, and nothing is lost', async ({ bench }) => {
    const before = await bench.text('State')
    await choose(bench, { 'mine.txt': 'program race.s\nfly away\n' })
    await bench.waitFor('notice', () => bench.notice(), /mine\.txt, line 2: no command "fly"\. .* What was loaded stays loaded\./)
    await choose(bench, { 'mine.s': 'nop\n' })
    await bench.waitFor('notice', () => bench.notice(), /A scenario is a \.txt file/)
    expect(await bench.text('State')).toBe(before)
  })
})
