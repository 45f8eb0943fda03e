/** The cause bits of SRR1, with the names they have for the interrupt that saved there. */
import { memo } from 'react'
import { interrupts } from '../../emu/isa/interrupts.ts'
import { bitOf, causeBits, inWords } from './registers.ts'

interface Props {
  srr1: bigint
  /** Vector of the interrupt that SRR1 tells of; null where it came otherwise. */
  vector: number | null
}

export const CauseBits = memo(function CauseBits({ srr1, vector }: Props) {
  const interrupt = Object.values(interrupts).find(i => i.vector === vector) ?? interrupts.trace
  const names = interrupt.causes.map(row => `${row.bit === row.last ? row.bit : `${row.bit}:${row.last}`} ${inWords(row.name)}`)
  const text = names.length ? names.join(', ') : `${interrupt.name} sets none of these`
  const nameOf = (bit: number) => interrupt.causes.find(row => row.bit <= bit && bit <= row.last)
  return (
    // biome-ignore lint/a11y/useSemanticElements: no form fields here
    <div className="s1" role="group" aria-label="SRR1 cause bits">
      {causeBits.map(group => (
        <div className="g4" key={group[0]}>
          {group.map(bit => {
            const row = nameOf(bit)
            const value = bitOf(srr1, bit)
            return (
              <span key={bit} data-tip={`srr1 ${interrupt.id} ${bit}`}>
                <span className="bn" aria-hidden="true">
                  {bit}
                </span>
                <span
                  className={value ? 'cell on' : 'cell'}
                  role="img"
                  aria-label={`bit ${bit}${row ? ` ${inWords(row.name)}` : ''}, ${value}`}
                >
                  {value}
                </span>
              </span>
            )
          })}
        </div>
      ))}
      <span className="tx" data-tip={`${interrupt.name} interrupt: ${text}`}>
        {text}
      </span>
    </div>
  )
})
