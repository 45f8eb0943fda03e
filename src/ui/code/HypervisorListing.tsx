/** The listing of the current policy, with the hypervisor's pc and the lines that leak. */
import { useEffect, useRef } from 'react'
import type { ControllerView, ListingLine } from '../../emu/worker/protocol.ts'
import { useTips } from '../state/Tips.tsx'
import { emphasis } from './emphasis.ts'
import { CrossMark, PcMark } from './marks.tsx'
import './hypervisor.css'

interface Props {
  controller: Pick<ControllerView, 'listing' | 'line'>
  /** Where two stand side by side. */
  label?: string
  /** Goes to the row of a channel; without it the crosses only say. */
  toChannel?: (channel: number) => void
}

export function HypervisorListing({ controller, label = 'Listing of the hypervisor', toChannel }: Props) {
  const { listing, line: pc } = controller
  const { tips, tip } = useTips()
  const current = useRef<HTMLLIElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the element is looked up when the pc has moved
  useEffect(() => {
    current.current?.scrollIntoView({ block: 'nearest' })
  }, [pc, listing.length])
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a listing that scrolls needs the keyboard
    <section className="pb" tabIndex={0} aria-label={label} {...tips}>
      <ol className="code hyplist">
        {listing.map((line, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number
          <Line key={i} number={i + 1} line={line} pc={pc === i + 1} ref={pc === i + 1 ? current : undefined} toChannel={toChannel} />
        ))}
      </ol>
      {tip}
    </section>
  )
}

interface LineProps {
  number: number
  line: ListingLine
  pc: boolean
  ref?: React.Ref<HTMLLIElement> | undefined
  toChannel: Props['toChannel']
}

function Line({ number, line, pc, ref, toChannel }: LineProps) {
  const { leak } = line
  return (
    <li
      className={`ln${pc ? ' hpc' : ''}${line.guest ? ' guest' : ''}${line.leak ? ' leaks' : ''}`}
      ref={ref}
      aria-current={pc ? 'step' : undefined}
    >
      <span className="bp">
        {leak && (
          <button
            type="button"
            className="leakm"
            aria-label={`Line ${number} leaks, channel ${leak.channel}`}
            data-tip={toChannel ? `${leak.text} Enter goes to channel ${leak.channel} in Leaks.` : leak.text}
            onClick={() => toChannel?.(leak.channel)}
          >
            <CrossMark />
          </button>
        )}
      </span>
      <span className="no">{number}</span>
      <span className="cur">{pc && <PcMark />}</span>
      <span className="tx">
        {'  '.repeat(line.indent)}
        {emphasis(line.text, line.indent === 0).map(({ text, as }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: spans have no other name
          <span key={at} className={`h-${as}`}>
            {text}
          </span>
        ))}
        {line.missing && <span className="missing">{line.missing}</span>}
      </span>
      {line.phase && <span className="phn">{line.phase}</span>}
    </li>
  )
}
