/** The policy editor: opened by keyboard and by link, edited, refused, saved, renamed, deleted, exported and imported. */
import { readFileSync } from 'node:fs'
import { describe, expect, test, type Workbench } from './workbench.ts'

const dialog = (bench: Workbench) => bench.page.getByRole('dialog', { name: 'Policies' })
/** What the editor says; what the probes find is said elsewhere. */
const said = (bench: Workbench) => dialog(bench).getByRole('status').filter({ hasNotText: 'What the probes find' }).innerText()
const button = (bench: Workbench, name: string) => dialog(bench).getByRole('button', { name, exact: true })
const name = (bench: Workbench) => dialog(bench).getByLabel('Name of the policy')

async function openEditor(bench: Workbench): Promise<void> {
  await bench.command('edit or compare policies')
  await dialog(bench).waitFor()
}

/** A change of Transparent, saved under the name and chosen. */
async function saveMine(bench: Workbench, called = 'Mine'): Promise<void> {
  await openEditor(bench)
  await dialog(bench).getByLabel('Begin with').selectOption('transparent')
  await name(bench).fill(called)
  await dialog(bench).getByLabel('Reservation', { exact: true }).selectOption('lost')
  await button(bench, 'Save and use').press('Enter')
  await bench.waitFor('said', () => said(bench), new RegExp(`“${called}” is saved in this browser and chosen`))
}

const chosen = (bench: Workbench) => bench.page.locator('#policy').innerText()
const offered = async (bench: Workbench) => {
  await bench.press('Control+k')
  await bench.page.keyboard.type('Policy: ')
  const names = await bench.page.getByRole('dialog', { name: 'Commands' }).getByRole('option').allInnerTexts()
  await bench.press('Escape')
  return names.map(n => n.split('\n')[0]!.replace('Policy: ', ''))
}

describe('by keyboard', () => {
  test('a contradiction is said at its row; a change without one is saved, chosen and in the palette', async ({ bench }) => {
    await openEditor(bench)
    await dialog(bench).getByLabel('Begin with').selectOption('transparent')
    await dialog(bench).getByLabel('Compare with').selectOption('transparent')
    expect(await dialog(bench).innerText()).toMatch(/\b0 of \d+ choices differ/)
    await dialog(bench).getByLabel('Where the word lives').selectOption('guest memory')
    await bench.waitFor('row', () => dialog(bench).innerText(), /do not go together: another vCPU meets the word/)
    await dialog(bench).getByLabel('Where the word lives').selectOption('fetch overlay')
    await dialog(bench).getByLabel('Reservation', { exact: true }).selectOption('lost')
    await bench.waitFor('row', () => dialog(bench).innerText(), /\b1 of \d+ choices differ/)
    await bench.tabTo(/^Save and use$/)
    await bench.press('Enter')
    await bench.waitFor('said', () => said(bench), /“My Transparent” is saved in this browser and chosen/)
    await bench.press('Escape')
    await dialog(bench).waitFor({ state: 'detached' })
    expect(await chosen(bench)).toContain('My Transparent')
  })

  test('beside a choice that differs stands what the thread said of it', async ({ bench }) => {
    await openEditor(bench)
    await dialog(bench).getByLabel('Compare with').selectOption('rfc-v2')
    await dialog(bench).getByLabel('Begin with').selectOption('transparent')
    const row = dialog(bench).getByRole('row', { name: /^Trace vector/ })
    await bench.waitFor('row', () => row.innerText(), /In the thread v2 computes .* Review: a global address that is remembered is wrong/s)
    await dialog(bench).getByLabel('Begin with').selectOption('rfc-v2')
    await bench.waitFor('row', async () => `${(await row.innerText()).includes('In the thread')}`, /false/)
  })
})

test('renamed it keeps its choices and stays chosen; deleted it gives way to Transparent, and comes back', async ({ bench }) => {
  await saveMine(bench)
  await name(bench).fill('Other')
  await button(bench, 'Rename').press('Enter')
  await bench.waitFor('said', () => said(bench), /It is called “Other” now/)
  expect(await chosen(bench)).toContain('Other')
  await button(bench, 'Delete').press('Enter')
  await bench.waitFor('said', () => said(bench), /“Other” is deleted/)
  expect(await chosen(bench)).toContain('Transparent')
  await button(bench, 'Undo').press('Enter')
  await bench.waitFor('said', () => said(bench), /“Other” is back/)
  await bench.press('Escape')
  const names = await offered(bench)
  expect(names).toContain('Other')
  expect(names).not.toContain('Mine')
})

test('saved, it is listed after a reload, in the palette, the comparison and the Leaks matrix', async ({ bench }) => {
  await saveMine(bench)
  await bench.page.reload()
  await bench.waitFor('status bar', () => bench.page.getByRole('contentinfo').innerText(), /Worker ready/)
  await bench.waitFor('palette', async () => (await offered(bench)).join(), /Mine/)
  await bench.dock('Leaks')
  await bench.waitFor(
    'columns',
    async () => (await bench.page.getByRole('tabpanel', { name: 'Leaks' }).getByRole('columnheader').allInnerTexts()).join(),
    /Mine/,
  )
  await openEditor(bench)
  expect(await dialog(bench).getByLabel('Compare with').locator('option').allInnerTexts()).toContain('Mine')
})

describe('files', () => {
  const choose = async (bench: Workbench, text: string) => {
    const asked = bench.page.waitForEvent('filechooser')
    await button(bench, 'Import').press('Enter')
    await (await asked).setFiles([{ name: 'policy.json', mimeType: 'application/json', buffer: Buffer.from(text) }])
  }

  test('what is exported is imported again', async ({ bench }) => {
    await saveMine(bench)
    const download = bench.page.waitForEvent('download')
    await button(bench, 'Export').press('Enter')
    const text = readFileSync((await (await download).path())!, 'utf8')
    expect(JSON.parse(text)).toMatchObject({ id: 'own-mine', name: 'Mine', choices: { reservation: 'lost' } })
    await dialog(bench).getByLabel('Begin with').selectOption('rfc-v2')
    await choose(bench, text)
    await bench.waitFor('said', () => said(bench), /“Mine” was read\. Save it to keep it\./)
    expect([await name(bench).inputValue(), await dialog(bench).getByLabel('Reservation', { exact: true }).inputValue()]).toEqual([
      'Mine',
      'lost',
    ])
  })

  test.for([
    ['{', /Not read; nothing was changed\. This is not JSON/],
    ['{"name":"x","basedOn":"tcg","choices":{"colour":"red"}}', /There is no choice "colour"\./],
    ['{"name":"x","basedOn":"tcg","choices":{"mfmsr":"guess"}}', /"mfmsr" cannot be "guess"\. It is one of/],
    ['{"name":"x","basedOn":"tcg","choices":{"wordLivesIn":"guest memory"}}', /do not go together/],
  ] as const)('%s is refused, and the draft stays', async ([text, words], { bench }) => {
    await openEditor(bench)
    await name(bench).fill('Kept')
    await choose(bench, text)
    await bench.waitFor('said', () => said(bench), words)
    expect(await name(bench).inputValue()).toBe('Kept')
  })
})

describe('links', () => {
  test('a broken one says so, and nothing is lost', async ({ bench }) => {
    await bench.page.evaluate(() => {
      location.hash = '#policy=%%%'
    })
    await bench.waitFor('notice', () => bench.page.locator('body').innerText(), /The policy in this link cannot be read/)
    expect(await dialog(bench).count()).toBe(0)
  })

  test('a good one offers the policy, and chooses nothing', async ({ bench }) => {
    const policy = { name: 'From a link', basedOn: 'transparent', choices: { reservation: 'lost' } }
    await bench.page.evaluate(text => {
      location.hash = `#policy=${btoa(text)}`
    }, JSON.stringify(policy))
    await dialog(bench).waitFor()
    await bench.waitFor('said', () => said(bench), /“From a link” was read/)
    expect(await dialog(bench).getByLabel('Reservation', { exact: true }).inputValue()).toBe('lost')
    expect(await chosen(bench)).toContain('RFC v2')
  })
})

test('in the middle of an outside step the policy stays, and it is said what to do', async ({ bench }) => {
  await bench.step('h')
  await openEditor(bench)
  await dialog(bench).getByLabel('Begin with').selectOption('transparent')
  await button(bench, 'Save and use').press('Enter')
  await bench.waitFor(
    'said',
    () => said(bench),
    /is saved in this browser, but not chosen\. An outside step is in flight: the policy stays\. Finish the step or take it back first\./,
  )
  expect(await chosen(bench)).toContain('RFC v2')
})

test('where the browser keeps nothing, a policy lasts for the visit', async ({ bench }) => {
  await bench.page.evaluate(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError')
    }
  })
  await openEditor(bench)
  await dialog(bench).getByLabel('Begin with').selectOption('transparent')
  await button(bench, 'Save and use').press('Enter')
  await bench.waitFor(
    'said',
    () => said(bench),
    /“My Transparent” is chosen\. The browser keeps nothing here: export it before you close the page\./,
  )
  expect(await chosen(bench)).toContain('My Transparent')
})

test('a name that another policy has is refused, and that one is kept as it is', async ({ bench }) => {
  await saveMine(bench, 'First')
  await dialog(bench).getByLabel('Begin with').selectOption('transparent')
  await name(bench).fill('First')
  await button(bench, 'Save and use').press('Enter')
  await bench.waitFor('said', () => said(bench), /Not saved\. There is a policy “First” already\. Give this one another name/)
  await dialog(bench).getByLabel('Begin with').selectOption({ label: 'First' })
  expect(await dialog(bench).getByLabel('Reservation', { exact: true }).inputValue()).toBe('lost')
})

test('policies of the browser’s that cannot be read are said and put aside, and the others stay', async ({ bench }) => {
  await saveMine(bench, 'Whole')
  const text = await bench.page.evaluate(() => {
    const key = Object.keys(localStorage).find(k => k.endsWith('policies'))!
    const broken = JSON.stringify([...(JSON.parse(localStorage.getItem(key)!) as unknown[]), { name: 7 }])
    localStorage.setItem(key, broken)
    return broken
  })
  await bench.page.reload()
  await bench.waitFor('problem', () => bench.page.locator('body').innerText(), /Some of the policies that this browser kept cannot be read/)
  const download = bench.page.waitForEvent('download')
  await bench.page.getByRole('button', { name: 'Save that text to a file' }).press('Enter')
  expect(readFileSync(await (await download).path(), 'utf8')).toBe(text)
  expect(await offered(bench)).toContain('Whole')
})

test('a policy of one’s own has a column in the matrix, run as the others are', async ({ bench }) => {
  await saveMine(bench, 'Mine')
  await bench.press('Escape')
  await bench.dock('Leaks')
  const panel = bench.page.getByRole('tabpanel', { name: 'Leaks' })
  await panel.getByRole('button', { name: 'Run all checks' }).press('Enter')
  await panel.getByRole('button', { name: 'Run all checks' }).waitFor({ timeout: 60_000 })
  const cells = await panel
    .getByRole('button', { name: /^Channel \d+, Mine: / })
    .evaluateAll(found => found.map(c => c.getAttribute('aria-label')!.split('. ')[0]!))
  expect(cells).toHaveLength(20)
  expect(cells.filter(c => !c.endsWith(': pass'))).toEqual(['Channel 10, Mine: leak'])
}, 90_000)
