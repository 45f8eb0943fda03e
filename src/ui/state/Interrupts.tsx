/** LPCR[AIL] and the address it gives; the decrementers and the time base. */
import { memo } from 'react'
import type { StateView } from '../../emu/worker/protocol.ts'
import { underscored } from './digits.ts'
import { Cell, Grid } from './Grid.tsx'
import { Segmented } from './Segmented.tsx'

const AILS = [0, 2, 3].map(value => ({ value, label: String(value), tip: `ail ${value}` }))

interface AilProps {
  ail: StateView['ail']
  blocked: string | null
  choose: (ail: number) => void
}

export const Ail = memo(function Ail({ ail, blocked, choose }: AilProps) {
  return (
    <div className="ail">
      <span className="mono ailn">
        <span data-tip="register LPCR">LPCR</span>[<span data-tip="lpcr AIL">AIL</span>]
      </span>
      <Segmented label="LPCR[AIL]" options={AILS} value={ail.value} choose={choose} blocked={blocked} />
      <span className="ailto" data-tip={ail.reason ?? undefined}>
        <span className="mono">
          0x{ail.vector.toString(16)} → {underscored(ail.address, 3)}
        </span>
        {ail.reason && <span className="why">{ail.reason}</span>}
      </span>
    </div>
  )
})

/** The decrementers are 32 bits wide unless LPCR[LD] is set: shown so while the rest only repeats the sign. */
export function decrementer(value: bigint): string {
  const narrow = BigInt.asIntN(32, value) === BigInt.asIntN(64, value) || value >> 32n === 0n
  return narrow ? underscored(BigInt.asUintN(32, value), 8) : underscored(value)
}

const timers = { DEC: decrementer, HDEC: decrementer, TB: (v: bigint) => underscored(v) } as const
const timerCells = [Object.keys(timers)]

interface TimersProps {
  registers: StateView['registers']
  edit: (register: string, element: HTMLElement) => void
  onFocus: (register: string) => void
}

export function Timers({ registers, edit, onFocus }: TimersProps) {
  return (
    <Grid
      label="Time"
      className="times"
      cells={timerCells}
      cell={(name, tabIndex) => {
        const value = registers[name]
        const text = value === undefined ? 'none' : timers[name as keyof typeof timers](value)
        return (
          <Cell key={name} cell={name} tabIndex={tabIndex} tip={`register ${name}`} label={`${name}, ${text}`}>
            <span className="lab">{name}</span> <span className="mono">{text}</span>
          </Cell>
        )
      }}
      edit={edit}
      onFocus={onFocus}
    />
  )
}
