/** Every mnemonic that GNU as takes for a POWER9: ours has it, refuses it by its facility, or the list below says why not. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { mnemonicNames, refusalOf } from '../../src/emu/asm/mnemonics.ts'

const AS = 'powerpc64le-linux-gnu-as'

/** Words in the library that the assembler reads its table from. */
function candidates(): string[] {
  const folder = '/usr/lib/x86_64-linux-gnu'
  const library = readdirSync(folder).find(f => /^libopcodes-.*-ppc64el\.so$/.test(f))
  if (!library) throw new Error(`no libopcodes for PowerPC in ${folder}`)
  const bytes = readFileSync(join(folder, library)).toString('latin1')
  return [...new Set(bytes.match(/(?<=\0)[a-z][a-z0-9_]{0,15}[.+-]{0,2}(?=\0)/g) ?? [])].sort()
}

/** Those that are a mnemonic to it, whatever it says of the operands. */
function accepted(names: readonly string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'mnemonics-'))
  const file = join(folder, 'a.s')
  writeFileSync(file, names.map(n => `${n}\n`).join(''))
  let said = ''
  try {
    execFileSync(AS, ['-mpower9', '-o', '/dev/null', file], { stdio: ['ignore', 'ignore', 'pipe'] })
  } catch (e) {
    said = String((e as { stderr: Buffer }).stderr)
  }
  const unknown = new Set([...said.matchAll(/:(\d+): Error: unrecognized opcode/g)].map(m => Number(m[1])))
  return names.filter((_, n) => !unknown.has(n + 1))
}

/** Which are left out, and why. */
const left: readonly (readonly [why: string, names: RegExp])[] = [
  ['absent by choice: the copy and paste facility', /^(copy|paste\.)$/],
  ['the ultravisor and what POWER9 documents do not name', /^(msgsndu|msgclru|urfid|rmieg|mtsle|exser)$/],
  [
    'other spellings of vector and VSX instructions',
    /^(m[ft]fprd|m[ft]fprwz|mtfprwa|m[ft]vrd|m[ft]vrwz|mtvrwa|vmr|vnot|xx.*|xvmov[ds]p|vc[fpsu]\w*)$/,
  ],
  ['other spellings of transactional memory', /^(tendall\.|tresume\.|tsuspend\.)$/],
  ['data streams, which POWER9 takes for no-operations or not at all', /^(dss|dssall|dst|dstt|dstst|dststt)$/],
  ['older processors, and embedded ones', /^(dcbi|dcbzl|dclz|eciwx|ecowx|icswx\.?|mtsrd|mtsrdin|pbt\.?|rfi|tlbia|tlbld|tlbli)$/],
  ['later processors', /^(hashst|hashchk|hashstp|hashchkp)$/],
]

test('every mnemonic of GNU as for POWER9 is known here, or is explained', () => {
  const names = accepted(candidates())
  expect(names.length).toBeGreaterThan(1500)
  const ours = new Set(mnemonicNames())
  const reasons = new Map<string, number>()
  const missing = names.filter(n => {
    if (ours.has(n) || ours.has(n.replace(/[+-]$/, '')) || refusalOf(n) !== null) return false
    const why = left.find(([, pattern]) => pattern.test(n))?.[0]
    if (why) reasons.set(why, (reasons.get(why) ?? 0) + 1)
    return !why
  })
  console.log(`${names.length} mnemonics of GNU as; left out: ${[...reasons].map(([why, n]) => `${n} ${why}`).join('; ')}`)
  expect(missing).toEqual([])
})
