/**
 * The extended mnemonics of Power ISA 3.0B, Book I, appendix C, and of binutils: one line each, read both ways. `alias` is printed
 * where it applies, the first that does; `accepted` is another spelling of what objdump prints otherwise.
 */
import { type AliasRow, accepted, alias, exactly, type Spelling, spellings } from './alias.ts'
import { instructions } from './instructions.ts'
import { sprs } from './sprs.ts'

// biome-ignore format: columns
const fixedPoint: AliasRow[] = [
  alias('li',       'RT, SI',             'addi',    'RA=0'),
  alias('lis',      'RT, SI',             'addis',   'RA=0'),
  accepted('la',    'RT, SI(RA|0)',       'addi'),
  accepted('subi',  'RT, RA|0, n:-32767-32768', 'addi',   'SI=-n'),
  accepted('subis', 'RT, RA|0, n:-65535-32768', 'addis',  'SI=-n'),
  accepted('subic', 'RT, RA, n:-32767-32768', 'addic',  'SI=-n'),
  accepted('subic.', 'RT, RA, n:-32767-32768', 'addic.', 'SI=-n'),
  accepted('sub',   'RT, RB, RA',         'subf'),
  accepted('subc',  'RT, RB, RA',         'subfc'),
  alias('lnia',     'RT',                 'addpcis', 'DX=0'),
  accepted('subpcis', 'RT, n:-65535-32768', 'addpcis', 'DX=-n'),

  alias('cmpw',     '[BF], RA, RB',       'cmp',     'L=0'),
  alias('cmpd',     '[BF], RA, RB',       'cmp',     'L=1'),
  alias('cmpwi',    '[BF], RA, SI',       'cmpi',    'L=0'),
  alias('cmpdi',    '[BF], RA, SI',       'cmpi',    'L=1'),
  alias('cmplw',    '[BF], RA, RB',       'cmpl',    'L=0'),
  alias('cmpld',    '[BF], RA, RB',       'cmpl',    'L=1'),
  alias('cmplwi',   '[BF], RA, UI',       'cmpli',   'L=0'),
  alias('cmpldi',   '[BF], RA, UI',       'cmpli',   'L=1'),
  alias('isellt',   'RT, RA|0, RB',       'isel',    'BC=0'),
  alias('iselgt',   'RT, RA|0, RB',       'isel',    'BC=1'),
  alias('iseleq',   'RT, RA|0, RB',       'isel',    'BC=2'),

  exactly('miso',   '',                   'or',      'RA=26, RS=26, RB=26'),
  exactly('yield',  '',                   'or',      'RA=27, RS=27, RB=27'),
  exactly('mdoio',  '',                   'or',      'RA=29, RS=29, RB=29'),
  exactly('mdoom',  '',                   'or',      'RA=30, RS=30, RB=30'),
  alias('rfebb',    '',                   'rfebb',   'S=1'),
  alias('nop',      '',                   'ori',     'RA=0, RS=0, UI=0'),
  alias('xnop',     '',                   'xori',    'RA=0, RS=0, UI=0'),
  alias('mr',       'RA, RS',             'or',      'RB=RS'),
  alias('not',      'RA, RS',             'nor',     'RB=RS'),

  alias('rotlwi',   'RA, RS, SH',         'rlwinm',  'MB=0, ME=31'),
  alias('clrlwi',   'RA, RS, n:0-31',     'rlwinm',  'SH=0, MB=n, ME=31'),
  alias('slwi',     'RA, RS, n:0-31',     'rlwinm',  'SH=n, MB=0, ME=31-n'),
  alias('srwi',     'RA, RS, n:0-31',     'rlwinm',  'SH=32-n, MB=n, ME=31'),
  alias('clrrwi',   'RA, RS, n:0-31',     'rlwinm',  'SH=0, MB=0, ME=31-n'),
  accepted('rotrwi', 'RA, RS, n:0-31',    'rlwinm',  'SH=32-n, MB=0, ME=31'),
  accepted('extlwi', 'RA, RS, n:0-32, b:0-31', 'rlwinm', 'SH=b, MB=0, ME=n-1'),
  accepted('extrwi', 'RA, RS, n:0-31, b:0-31', 'rlwinm', 'SH=b+n, MB=32-n, ME=31'),
  accepted('clrlslwi', 'RA, RS, b:0-31, n:0-31', 'rlwinm', 'SH=n, MB=b-n, ME=31-n'),
  accepted('inslwi', 'RA, RS, n:0-32, b:0-31', 'rlwimi', 'SH=32-b, MB=b, ME=b+n-1'),
  accepted('insrwi', 'RA, RS, n:0-32, b:0-31', 'rlwimi', 'SH=32-b-n, MB=b, ME=b+n-1'),
  alias('rotlw',    'RA, RS, RB',         'rlwnm',   'MB=0, ME=31'),
  accepted('rlwinm', 'RA, RS, SH, m:-1-4294967295', 'rlwinm', 'MB=maskBegin(m), ME=maskEnd(m)'),
  accepted('rlwimi', 'RA, RS, SH, m:-1-4294967295', 'rlwimi', 'MB=maskBegin(m), ME=maskEnd(m)'),
  accepted('rlwnm', 'RA, RS, RB, m:-1-4294967295', 'rlwnm', 'MB=maskBegin(m), ME=maskEnd(m)'),

  alias('rotldi',   'RA, RS, sh',         'rldicl',  'mb=0'),
  alias('clrldi',   'RA, RS, mb',         'rldicl',  'sh=0'),
  alias('srdi',     'RA, RS, n:0-63',     'rldicl',  'sh=64-n, mb=n'),
  alias('clrrdi',   'RA, RS, n:0-63',     'rldicr',  'sh=0, me=63-n'),
  alias('sldi',     'RA, RS, n:0-63',     'rldicr',  'sh=n, me=63-n'),
  accepted('rotrdi', 'RA, RS, n:0-63',    'rldicl',  'sh=64-n, mb=0'),
  accepted('extldi', 'RA, RS, n:0-64, b:0-63', 'rldicr', 'sh=b, me=n-1'),
  accepted('extrdi', 'RA, RS, n:0-63, b:0-63', 'rldicl', 'sh=b+n, mb=64-n'),
  accepted('clrlsldi', 'RA, RS, b:0-63, n:0-63', 'rldic', 'sh=n, mb=b-n'),
  accepted('insrdi', 'RA, RS, n:0-64, b:0-63', 'rldimi', 'sh=64-b-n, mb=b'),
  alias('rotld',    'RA, RS, RB',         'rldcl',   'mb=0'),
]

/** TO of each condition; the second name of a condition is accepted only. Appendix C.6. */
const trapConditions = { lgt: 1, llt: 2, eq: 4, lge: 5, lle: 6, gt: 8, ge: 12, lt: 16, le: 20, ne: 24, u: 31 }
const trapSynonyms = { lnl: 5, lng: 6, nl: 12, ng: 20 }

const trapsOn =
  (make: typeof alias) =>
  ([name, to]: [string, number]): AliasRow[] => [
    make(`tw${name}`, 'RA, RB', 'tw', `TO=${to}`),
    make(`td${name}`, 'RA, RB', 'td', `TO=${to}`),
    make(`tw${name}i`, 'RA, SI', 'twi', `TO=${to}`),
    make(`td${name}i`, 'RA, SI', 'tdi', `TO=${to}`),
  ]

const traps: AliasRow[] = [
  alias('trap', '', 'tw', 'TO=31, RA=0, RB=0'),
  ...Object.entries(trapConditions).flatMap(trapsOn(alias)),
  ...Object.entries(trapSynonyms).flatMap(trapsOn(accepted)),
]

// ───────── branches: appendix C.2 ─────────

interface Condition {
  readonly name: string
  readonly BO: 4 | 12
  /** Of the CR field: 0 LT, 1 GT, 2 EQ, 3 SO. */
  readonly bit: number
  readonly printed: boolean
}
const condition = (name: string, BO: 4 | 12, bit: number, printed = true): Condition => ({ name, BO, bit, printed })

// biome-ignore format: columns
const conditions: Condition[] = [
  condition('lt', 12, 0), condition('gt', 12, 1), condition('eq', 12, 2), condition('so', 12, 3), condition('un', 12, 3, false),
  condition('ge', 4, 0),  condition('le', 4, 1),  condition('ne', 4, 2),  condition('ns', 4, 3),  condition('nu', 4, 3, false),
  condition('nl', 4, 0, false), condition('ng', 4, 1, false),
]

/** Hints: what they add to BO = 0b001zz or 0b011zz, and to BO = 0b1z0zz. */
const hints = [
  { sign: '', at: 0, counting: 0 },
  { sign: '-', at: 2, counting: 8 },
  { sign: '+', at: 3, counting: 9 },
]

interface Target {
  /** What a mnemonic gains: `beqlr`. */
  readonly ending: string
  readonly base: string
  readonly rest: string
  readonly counts: boolean
}
const targets: Target[] = [
  { ending: '', base: 'bc', rest: 'BD', counts: true },
  { ending: 'lr', base: 'bclr', rest: '[BH]', counts: true },
  { ending: 'ctr', base: 'bcctr', rest: '[BH]', counts: false },
  { ending: 'tar', base: 'bctar', rest: '[BH]', counts: true },
]

function branchesTo({ ending, base, rest, counts }: Target): AliasRow[] {
  const rows: AliasRow[] = []
  if (ending) rows.push(alias(`b${ending}`, rest, base, 'BO=20, BI=0'))
  for (const { sign, at, counting } of hints) {
    for (const { name, BO, bit, printed } of conditions)
      rows.push((printed ? alias : accepted)(`b${name}${ending}${sign}`, `[c:cr], ${rest}`, base, `BO=${BO + at}, BI=4*c+${bit}`))
    rows.push(accepted(`bt${ending}${sign}`, `BI, ${rest}`, base, `BO=${12 + at}`))
    rows.push(accepted(`bf${ending}${sign}`, `BI, ${rest}`, base, `BO=${4 + at}`))
    if (!counts) continue
    rows.push(alias(`bdnz${ending}${sign}`, rest, base, `BO=${16 + counting}, BI=0`))
    rows.push(alias(`bdz${ending}${sign}`, rest, base, `BO=${18 + counting}, BI=0`))
  }
  if (counts)
    for (const [name, BO] of [
      ['bdnzt', 8],
      ['bdzt', 10],
      ['bdnzf', 0],
      ['bdzf', 2],
    ] as const)
      rows.push(alias(name + ending, `BI, ${rest}`, base, `BO=${BO}`))
  rows.push(alias(`${base}-`, `o:0-31, BI, ${rest}`, base, 'BO=unlikely(o)'))
  rows.push(alias(`${base}+`, `o:0-31, BI, ${rest}`, base, 'BO=likely(o)'))
  return rows
}

// biome-ignore format: columns
const conditionRegister: AliasRow[] = [
  alias('crset',  'BT',     'creqv', 'BA=BT, BB=BT'),
  alias('crclr',  'BT',     'crxor', 'BA=BT, BB=BT'),
  alias('crmove', 'BT, BA', 'cror',  'BB=BA'),
  alias('crnot',  'BT, BA', 'crnor', 'BB=BA'),
  alias('mtcr',   'RS',     'mtcrf', 'FXM=255'),
  accepted('mfcr', 'RT, FXM', 'mfocrf'),
]

// biome-ignore format: columns
const storage: AliasRow[] = [
  alias('hwsync',   '',            'sync', 'L2=0'),
  alias('lwsync',   '',            'sync', 'L2=1'),
  alias('ptesync',  '',            'sync', 'L2=2'),
  alias('dcbfl',    'RA|0, RB',    'dcbf', 'L2=1'),
  alias('dcbflp',   'RA|0, RB',    'dcbf', 'L2=3'),
  alias('dcbtt',    'RA|0, RB',    'dcbt', 'TH=16'),
  alias('dcbtct',   'RA|0, RB, [t:0-7]',  'dcbt', 'TH=t'),
  alias('dcbtds',   'RA|0, RB, [t:8-15]', 'dcbt', 'TH=t'),
  alias('dcbtstt',  'RA|0, RB',    'dcbtst', 'TH=16'),
  alias('dcbtstct', 'RA|0, RB, [t:0-7]',  'dcbtst', 'TH=t'),
  alias('dcbtstds', 'RA|0, RB, [t:8-15]', 'dcbtst', 'TH=t'),
]

/** The time base is read by mfspr whichever way it is written, as binutils does from POWER4 on. */
const timeBase: AliasRow[] = [
  alias('mftb', 'RT', 'mfspr', 'SPR=268'),
  alias('mftbu', 'RT', 'mfspr', 'SPR=269'),
  accepted('mftbl', 'RT', 'mfspr', 'SPR=268'),
  accepted('mftb', 'RT, t:268-269', 'mfspr', 'SPR=t'),
]

/** Numbers that POWER9 has no register for, and binutils has names for: mnemonic and number. */
const formerSprs = {
  mfrtcu: 4, mfrtcl: 5, mtrtcu: 20, mtrtcl: 21, mfsdr1: 25, mtsdr1: 25, mttfhar: 128, mttfiar: 129, mttexasr: 130, mttexasru: 131,
  mfasr: 280, mtasr: 280, mfear: 282, mtear: 282,
} // biome-ignore format: a table
const formerArrays = { ibatu: 528, ibatl: 529, dbatu: 536, dbatl: 537 }

const from = (name: string, number: number): AliasRow => alias(name, 'RT', 'mfspr', `SPR=${number}`)
const to = (name: string, number: number): AliasRow => alias(name, 'RS', 'mtspr', `SPR=${number}`)

const former: AliasRow[] = [
  ...Object.entries(formerSprs).map(([name, number]) => (name.startsWith('mf') ? from : to)(name, number)),
  ...Object.entries(formerArrays).flatMap(([name, first]) => [
    alias(`mf${name}`, 'RT, n:0-3', 'mfspr', `SPR=${first}+2*n`),
    alias(`mt${name}`, 'n:0-3, RS', 'mtspr', `SPR=${first}+2*n`),
  ]),
]

/** binutils takes these for the problem-state numbers of the performance monitor, and prints them with a `u`. */
const monitor = {
  mfmmcr0: 779, mfmmcr1: 782, mfmmcr2: 769, mfmmcra: 770, mfpmc1: 771, mfpmc2: 772, mfpmc3: 773, mfpmc4: 774, mfpmc5: 775, mfpmc6: 776,
  mfsiar: 780, mfsdar: 781, mtmmcr2: 769,
} // biome-ignore format: a table

const specialPurpose: AliasRow[] = [
  ...timeBase,
  ...Object.entries(monitor).map(([name, n]) =>
    name.startsWith('mf') ? accepted(name, 'RT', 'mfspr', `SPR=${n}`) : accepted(name, 'RS', 'mtspr', `SPR=${n}`),
  ),
  alias('mfsprg', 'RT, n:0-3', 'mfspr', 'SPR=272+n'),
  alias('mtsprg', 'n:0-3, RS', 'mtspr', 'SPR=272+n'),
  ...[0, 1, 2, 3].map(n => accepted(`mfsprg${n}`, 'RT', 'mfspr', `SPR=${272 + n}`)),
  ...[0, 1, 2, 3].map(n => accepted(`mtsprg${n}`, 'RS', 'mtspr', `SPR=${272 + n}`)),
  ...sprs.filter(s => s.extended.mf).map(s => from(`mf${s.name}`, s.number)),
  ...sprs.filter(s => s.extended.mt).map(s => to(`mt${s.name}`, s.number)),
  ...former,
]

export const aliasRows: readonly AliasRow[] = [
  ...fixedPoint,
  ...traps,
  ...targets.flatMap(branchesTo),
  ...conditionRegister,
  ...storage,
  ...specialPurpose,
]

/** Every extended mnemonic with its suffixes. */
export const aliases: readonly Spelling[] = aliasRows.flatMap(row => spellings(row, instructions))
