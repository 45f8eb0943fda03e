/** The 32 bits of an instruction's word, a box a field. */
import type { Run } from '../../emu/isa/document.ts'

const bits = ({ first, last }: Run): string => (first === last ? `${first}` : `${first}:${last}`)

/** A narrow box has no room for what the field is set to: the note says that. */
const short = (r: Run): string => (r.last - r.first < 3 ? r.name.split(' ')[0]! : r.name)

const spoken = (r: Run): string => {
  const name = r.name === '///' ? 'reserved' : r.name
  return `${r.first === r.last ? 'bit' : 'bits'} ${bits(r)} ${name}${r.value === null ? '' : ` ${r.value}`}`
}

const kindOf = (r: Run): string =>
  r.name === '///' ? 'ref-run reserved' : r.value === null || r.name === 'operands' ? 'ref-run' : 'ref-run fixed'

export function WordPicture({ word }: { word: readonly Run[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must scroll by keyboard
    <div className="ref-word-scroll" tabIndex={0} role="img" aria-label={`The word: ${word.map(spoken).join(', ')}`}>
      <div className="ref-word">
        {word.map(r => (
          <div key={r.first} className={kindOf(r)} style={{ gridColumn: `${r.first + 1} / ${r.last + 2}` }}>
            <span className="ref-ends">
              <span>{r.first}</span>
              {r.last > r.first && <span>{r.last}</span>}
            </span>
            <b>{short(r)}</b>
            <span className="ref-value">{r.value ?? ''}</span>
          </div>
        ))}
      </div>
    </div>
  )
}
