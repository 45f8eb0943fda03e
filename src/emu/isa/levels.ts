/**
 * Which processor of the family first has an instruction, where that is later than POWER7. Processors are those of GNU as (`-mpower8`);
 * an extended mnemonic may be younger than what it stands for.
 */
import type { Spelling } from './alias.ts'

export const levels = ['power7', 'power8', 'power9', 'power10'] as const
export type Level = (typeof levels)[number]

const words = (text: string): string[] => text.trim().split(/\s+/)

/** Rows, by their name without suffixes. */
const rows: readonly (readonly [Level, readonly string[]])[] = [
  ['power8', words('bctar lbarx lharx stbcx. sthcx. lqarx stqcx. msgsnd msgclr msgsndp msgclrp rfebb mfbhrbe clrbhrb')],
  [
    'power9',
    words(`scv rfscv mcrxrx addpcis addex maddhd maddhdu maddld modsd modud modsw moduw cmprb cmpeqb setb cnttzw cnttzd extswsli
      darn wait lwat ldat stwat stdat slbieg slbiag slbsync msgsync stop cpabort copy paste.`),
  ],
]

/** Moves from and to special-purpose registers by name: `mf` and `mt` before each. */
const moves: readonly (readonly [Level, readonly string[]])[] = [
  ['power8', words('ic vtb')],
  [
    'power9',
    words(`mmcr2 siar sdar udscr uamr ummcr0 ummcr1 ummcr2 ummcra upmc1 upmc2 upmc3 upmc4 upmc5 upmc6 usiar usdar bescrs bescrsu bescrr bescrru
      ebbhr ebbrr bescr tar tfhar tfiar texasr texasru`),
  ],
]

const byRow = new Map(rows.flatMap(([level, names]) => names.map(n => [n, level] as const)))
const byName = new Map<string, Level>([
  ['miso', 'power8'],
  ['dcbflp', 'power9'],
  ...moves.flatMap(([level, names]) =>
    names.flatMap(
      n =>
        [
          [`mf${n}`, level],
          [`mt${n}`, level],
        ] as const,
    ),
  ),
])

/** The first processor that has the spelling; POWER7 for everything older. */
export const levelOf = (s: Spelling): Level => byName.get(s.name) ?? byRow.get(s.instruction.base) ?? 'power7'

export const isWithin = (needed: Level, offered: Level): boolean => levels.indexOf(needed) <= levels.indexOf(offered)

/** Processors of GNU as's `.machine` and `-m` by what they offer here; undefined for one that is not known. */
export function levelOfMachine(name: string): Level | undefined {
  const machine = name.toLowerCase().replace(/^pwr/, 'power')
  return levels.find(l => l === machine) ?? (older.test(machine) ? 'power7' : others.test(machine) ? 'power10' : undefined)
}
const older = /^(power[3456]x?|power|ppc|ppc64|ppc64bridge|com|970|620|cell|g5)$/
const others = /^(any|future|power11)$/

/** POWER10's fixed-point instructions: known by name, for messages. */
export const newerNames: ReadonlyMap<string, Level> = new Map(
  words(`brd brh brw cfuged cntlzdm cnttzdm pdepd pextd setbc setbcr setnbc setnbcr paddi pla pli psubi plbz plhz plha plwz plwa pld plq pstb
    psth pstw pstd pstq hashst hashchk hashstp hashchkp pnop`).map(n => [n, 'power10']),
)
