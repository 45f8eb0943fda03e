/** What cannot be loaded or cannot go on: a clear message, what was loaded is kept, the page goes on answering. */
import { elf, elf32, type Segment, spin } from './images.ts'
import { describe, expect, test, type Workbench } from './workbench.ts'

const at = (address: bigint, more: Partial<Segment> = {}): Segment => ({ address, bytes: spin, ...more })
const text = (s: string): Uint8Array => new TextEncoder().encode(s)
const X86_64 = 62

const refused: { name: string; bytes: Uint8Array; says: RegExp }[] = [
  { name: 'picture.png', bytes: text('\x89PNG and more'), says: /^This is not an ELF file\. / },
  { name: 'nothing.elf', bytes: new Uint8Array(0), says: /^This is not an ELF file: it is empty\. / },
  { name: 'ppc32.elf', bytes: elf32(), says: /^This is a 32-bit ELF for .*PowerPC\. / },
  { name: 'x86.elf', bytes: elf([at(0x10000n)], X86_64), says: /^This is a 64-bit ELF for x86-64\. / },
  {
    name: 'header.elf',
    bytes: elf([at(0x10000n)]).slice(0, 40),
    says: /^The file is truncated: the ELF header ends at byte 64, the file has 40\. /,
  },
  {
    name: 'cut.elf',
    bytes: elf([at(0x10000n)]).slice(0, -4),
    says: /^The file is truncated: segment 0 ends at byte 128, the file has 124\. /,
  },
  {
    name: 'overlap.elf',
    bytes: elf([at(0x10000n, { memory: 0x100n }), at(0x10080n)]),
    says: /^Segments overlap: the one at 0x10080 begins before the one at 0x10000 ends\. /,
  },
  {
    name: 'aliases.elf',
    bytes: elf([at(0x10000n), at(0xc000000000010000n)]),
    says: /overlaps .* in real storage\. /,
  },
  { name: 'high.elf', bytes: elf([at(0x8000000n)]), says: /at 0x8000000 ends beyond the 64 MiB of RAM\. / },
  { name: 'large.elf', bytes: elf([at(0x10000n, { memory: 1n << 40n })]), says: /at 0x10000 ends beyond the 64 MiB of RAM\. / },
]

type Way = (bench: Workbench, name: string, bytes: Uint8Array) => Promise<void>

const byDialog: Way = async (bench, name, bytes) => {
  const chooser = bench.page.waitForEvent('filechooser')
  await bench.command('Open ELF')
  await (await chooser).setFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) })
}

const byDrop: Way = async (bench, name, bytes) => {
  await bench.page.evaluate(
    ([fileName, content]) => {
      const dataTransfer = new DataTransfer()
      dataTransfer.items.add(new File([new Uint8Array(content)], fileName))
      const target = document.querySelector('#state')!
      for (const type of ['dragenter', 'dragover', 'drop'])
        target.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }))
    },
    [name, [...bytes]] as const,
  )
}

/** The page draws, answers keys, and what was loaded is still there. */
async function stillWorks(bench: Workbench): Promise<void> {
  expect(await bench.frames(300)).toBeGreaterThan(3)
  await bench.leaveEditor()
  await bench.step('o')
  await bench.press('Shift+o')
  await bench.waitFor('status', () => bench.sentence(), /^Took back/)
}

describe.each([
  { way: 'by dialog', open: byDialog },
  { way: 'by drop', open: byDrop },
])('files $way', ({ open }) => {
  test('what is no program for this machine is refused, and lesson 1 stays', async ({ bench }) => {
    await bench.step('o', 'o')
    for (const { name, bytes, says } of refused) {
      await open(bench, name, bytes)
      const notice = await bench.waitFor(`notice about ${name}`, () => bench.notice(), says)
      expect(notice, name).toMatch(/nothing was loaded|stays loaded|was not loaded/i)
      expect(await bench.events(), name).toBe(18)
      expect(await bench.register('NIP'), name).toBe(0xc000000000010008n)
    }
    await bench.press('g', 's')
    await bench.tabTo(/^Dismiss$/)
    await bench.press('Enter')
    await bench.waitFor('notice', () => bench.notice(), /^$/)
    expect(await bench.lesson()).toContain('Are you being stepped?')
    expect(await bench.text('Guest code')).toContain('mfmsr')
    await stillWorks(bench)
  })

  test('a static ELF is loaded and paused at its entry point', async ({ bench }) => {
    await open(bench, 'spin.elf', elf([at(0x20000n)]))
    await bench.waitFor('status', () => bench.sentence(), /^spin\.elf loaded and paused at its entry point\.$/)
    expect(await bench.register('NIP')).toBe(0x20000n)
    expect(await bench.page.getByRole('tab', { name: 'Disassembly' }).getAttribute('aria-selected')).toBe('true')
    await bench.waitFor('disassembly', () => bench.text('Guest code'), /li\s+r3, 7/)
    await bench.choosePolicy('Transparent')
    await bench.step('o')
    expect(await bench.register('r3')).toBe(7n)
    expect(await bench.leaks()).toBe(0)
  })
})

describe('sources', () => {
  test('an error of the assembler stands at its line; the last good program is stepped on', async ({ bench }) => {
    await bench.step('o')
    await bench.write('_start: li r3, 1\n        mfmsrr r5\n        b _start\n')
    await bench.waitFor(
      'messages',
      () => bench.text('What the assembler found'),
      /guest\.s line 2:\s*no instruction "mfmsrr"\. Nearest: mfmsr\./,
    )
    await bench.press('Control+Enter')
    await bench.waitFor('status', () => bench.sentence(), /^guest\.s has 1 error\. The last good program stays loaded\.$/)
    expect(await bench.events()).toBe(9)
    expect(await bench.register('NIP')).toBe(0xc000000000010004n)
    expect(await bench.page.locator('.line-message').allInnerTexts()).toEqual(['No instruction "mfmsrr". Nearest: mfmsr.'])
    await stillWorks(bench)
  })

  test('1 MiB of instructions is loaded', async ({ bench }) => {
    const source = `_start:\n${'  nop\n'.repeat(174_762)}`
    expect(source.length).toBeGreaterThan(2 ** 20 - 10)
    await byDialog(bench, 'long.s', text(source))
    await bench.waitFor('status', () => bench.sentence(), /^long\.s loaded and paused before its first instruction\.$/, 30_000)
    expect(await bench.text('Guest code')).toContain('174762 instructions')
    await bench.leaveEditor()
    await bench.choosePolicy('Transparent')
    await bench.step('o')
    expect(await bench.register('NIP')).toBe(0x10004n)
    await stillWorks(bench)
  })

  test('1 MiB of mistakes is refused, the first of them are listed', async ({ bench }) => {
    const source = 'what is this\n'.repeat(80_660)
    await byDialog(bench, 'wrong.s', text(source))
    await bench.waitFor('status', () => bench.sentence(), /^wrong\.s has \d+ errors\. The last good program stays loaded\.$/, 30_000)
    expect(await bench.register('NIP')).toBe(0xc000000000010000n)
    await bench.waitFor('messages', () => bench.text('What the assembler found'), /wrong\.s line 1:\s*no instruction "what"/, 30_000)
    expect(await bench.text('What the assembler found')).toMatch(/\d+ more\./)
    await stillWorks(bench)
  })
})

/** Translation finds nothing in quadrant 0 of process 5, and with AIL 2 that is where the interrupts go. */
const NOWHERE = `# twostep: map=radix ail=2 ir=1 dr=1
_start: li      r3, 5
        mtspr   48, r3                  # PIDR
        lis     r4, 0x20
        mtctr   r4
        bctr
`
const STUCK = /^The guest cannot go on: the instruction storage interrupt \(0x400\) goes to 0x18400, and fetching there raises it again\./

async function machineStep(bench: Workbench): Promise<void> {
  const before = await bench.events()
  await bench.command('Machine: step one boundary')
  await expect.poll(() => bench.events()).toBeGreaterThan(before)
}

describe('a guest that cannot go on', () => {
  test('jumps where nothing is mapped, the vectors neither: it stops with an explanation', async ({ bench }) => {
    await bench.load(NOWHERE)
    await bench.press('Space')
    await bench.waitFor('status', () => bench.sentence(), STUCK)
    expect(await bench.page.getByRole('contentinfo').getByRole('alert').allInnerTexts()).toEqual([expect.stringMatching(STUCK)])
    expect(await bench.register('SRR0')).toBe(0x18400n)
    expect(await bench.text('Machine')).toContain('Paused')
    expect(await bench.frames(300)).toBeGreaterThan(3)
    await bench.command('Machine: step back')
    await bench.waitFor('status', () => bench.sentence(), /^Took back/)
    expect(await bench.register('NIP')).toBe(0xc000000000010000n)
    await stillWorks(bench)
  })

  test('stepped from outside under Transparent it stops with the same explanation', async ({ bench }) => {
    await bench.load(NOWHERE)
    await bench.choosePolicy('Transparent')
    await machineStep(bench)
    await machineStep(bench)
    // No vector can be fetched here: the controller performs what is stepped.
    await bench.step('o', 'o', 'o')
    expect(await bench.register('NIP')).toBe(0x200000n)
    expect(await bench.leaks()).toBe(0)
    await bench.step('o')
    expect(await bench.register('NIP')).toBe(0x18400n)
    expect(await bench.register('SRR0')).toBe(0x200000n)
    await bench.press('o')
    await bench.waitFor('status', () => bench.sentence(), STUCK)
    await bench.press('Shift+o')
    await bench.waitFor('status', () => bench.sentence(), /^Took back/)
    await bench.press('Shift+o')
    await expect.poll(() => bench.register('NIP')).toBe(0x200000n)
  })
})
