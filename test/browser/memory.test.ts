/** Memory: its spaces, going and searching, changed bytes, labels, editing and taking back, the translation. By keyboard. */
import { expect, test, type Workbench } from './workbench.ts'

const KERNEL = `# twostep: map=radix page=4K ail=3 ir=1 dr=1 ram=16M
_start: lis     r1, 1
        lis     r4, 0x1234
        std     r4, 0x100(r1)
        nop
        b       .
        .align  4
here:   .ascii  "needle in a stack"
`

const memory = (bench: Workbench) => bench.page.getByRole('region', { name: 'Memory', exact: true })
const grid = (bench: Workbench) => memory(bench).getByRole('grid')
const text = async (bench: Workbench) => (await memory(bench).innerText()).replace(/\s+/g, ' ')
const byte = (bench: Workbench, address: string) => bench.page.locator(`#mem-${address.padStart(16, '0')}`)

async function goTo(bench: Workbench, address: string): Promise<void> {
  const box = memory(bench).getByRole('textbox', { name: /^Address, / })
  await box.fill(address)
  await box.press('Enter')
}

test('an address in three spaces, labels, changed bytes, and the translation with its levels', async ({ bench }) => {
  await bench.load(KERNEL)
  await bench.dock('Memory')
  await goTo(bench, 'here')
  await expect.poll(() => text(bench)).toMatch(/here .*6e6565646c65.*needle in a stac/)
  await goTo(bench, '0xc000000000004d00')
  await expect.poll(() => text(bench)).toContain('0xd00 Trace, AIL 3')
  await goTo(bench, '0x10100')
  for (let n = 1; n <= 3; n++) {
    await bench.leaveEditor()
    await bench.command('Machine: step one boundary')
    await expect.poll(() => bench.events()).toBe(n)
  }
  await expect.poll(() => byte(bench, '10102').getAttribute('aria-label')).toBe('34, changed, was 00')
  expect(await byte(bench, '10100').getAttribute('aria-label')).toBe('00')
  await grid(bench).focus()
  await bench.press('t')
  const walk = bench.page.getByRole('region', { name: 'Translation of the address' })
  await expect.poll(() => walk.getByRole('listitem').count()).toBe(6)
  expect((await walk.innerText()).replace(/\s+/g, ' ')).toMatch(/Level 4, leaf: a page of 4 KiB.*RPN 7:51 0x10000/)
  await goTo(bench, '0x1000000')
  await expect.poll(() => walk.innerText()).toMatch(/A load would take the data storage interrupt \(0x300\)/)
  expect(await text(bench)).toContain('Not mapped: 0x1000000 (DR on, no entry)')
  await goTo(bench, '0x10100')
  await memory(bench).getByRole('combobox', { name: 'Address space' }).selectOption('Guest real')
  await expect.poll(() => byte(bench, '10102').getAttribute('aria-label')).toBe('34, changed, was 00')
  await goTo(bench, '0x1000000')
  await expect.poll(() => text(bench)).toContain('Not mapped: 0x1000000 (guest real, beyond the end of RAM at 0x1000000)')
})

test('searching on and back, and what is not there', async ({ bench }) => {
  await bench.load(KERNEL)
  await bench.dock('Memory')
  await goTo(bench, '0xc000000000000000')
  await grid(bench).focus()
  await bench.press('/')
  const search = memory(bench).getByRole('search')
  await search.getByRole('combobox', { name: 'Search for' }).selectOption('Text')
  await search.getByRole('textbox').fill('needle')
  await search.getByRole('textbox').press('Enter')
  await expect.poll(() => search.getByRole('status').innerText()).toMatch(/^Found at 0xc0000000000100[0-9a-f]{2}\.$/)
  const first = await search.getByRole('status').innerText()
  // The process sees the same storage at its own addresses.
  await search.getByRole('textbox').press('Enter')
  await expect.poll(() => search.getByRole('status').innerText()).toMatch(/^Found at 0x100[0-9a-f]{2}, behind the end/)
  await search.getByRole('textbox').press('Shift+Enter')
  await expect.poll(() => search.getByRole('status').innerText()).toBe(first.replace(/\.$/, ', behind the beginning: from the end on.'))
  await search.getByRole('textbox').fill('nowhere to be found')
  await search.getByRole('textbox').press('Enter')
  await expect.poll(() => search.getByRole('status').innerText()).toBe('Not found in effective memory. The cursor stays.')
  await search.getByRole('combobox').selectOption('Bytes, hex')
  await expect.poll(() => search.getByRole('status').innerText()).toMatch(/^Bytes are hexadecimal digits/)
})

test('bytes are changed in place and by the dialog, recorded, and taken back', async ({ bench }) => {
  await bench.load(KERNEL)
  await bench.dock('Memory')
  await goTo(bench, '0x7000')
  await expect.poll(() => byte(bench, '7000').innerText()).toBe('00')
  await grid(bench).focus()
  await bench.press('5')
  await bench.press('a')
  await expect.poll(() => byte(bench, '7000').getAttribute('aria-label')).toBe('5a, changed, was 00')
  expect(await bench.events()).toBe(1)
  await expect.poll(() => grid(bench).getAttribute('aria-activedescendant')).toBe('mem-0000000000007001')
  await grid(bench).focus()
  await bench.press('Shift+Enter')
  const dialog = bench.page.getByRole('dialog', { name: 'Edit bytes at effective 0x7001' })
  await dialog.getByRole('combobox').selectOption('32-bit value')
  await dialog.getByRole('textbox').fill('0x11223344')
  await dialog.getByRole('textbox').press('Enter')
  await expect.poll(() => byte(bench, '7001').innerText()).toBe('44')
  expect(await byte(bench, '7004').innerText()).toBe('11')
  expect(await bench.events()).toBe(2)
  await grid(bench).focus()
  await bench.press('Control+z')
  await expect.poll(() => byte(bench, '7001').innerText()).toBe('00')
  await grid(bench).focus()
  await bench.press('Control+z')
  await expect.poll(() => byte(bench, '7000').innerText()).toBe('00')
  expect(await bench.events()).toBe(4)
})

test('over what is not mapped to the next that is', async ({ bench }) => {
  await bench.load(KERNEL)
  await bench.dock('Memory')
  await goTo(bench, '0x2000000')
  await grid(bench).focus()
  await bench.press('Control+ArrowDown')
  const box = memory(bench).getByRole('textbox', { name: /^Address, / })
  await expect.poll(() => box.inputValue()).toBe('0xc000000000000000')
  await goTo(bench, '0x2000000')
  await grid(bench).focus()
  await bench.press('Control+ArrowUp')
  await expect.poll(() => box.inputValue()).toBe('0xffffff')
})
