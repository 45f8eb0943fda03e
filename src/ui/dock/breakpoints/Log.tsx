/** What log points wrote, the latest in view; a line leads to its time. */
import { useEffect, useRef } from 'react'
import { grouped } from '../../run/counts.ts'
import { useTips } from '../../state/Tips.tsx'
import { send, useStore } from '../../store/store.ts'
import { seekBlocked } from '../../timeline/seek.ts'

export function Log() {
  const log = useStore(s => s.view?.log)
  const blocked = useStore(s => seekBlocked(s.view))
  const end = useRef<HTMLLIElement>(null)
  const { tips, tip } = useTips()
  const lines = log ?? []
  // biome-ignore lint/correctness/useExhaustiveDependencies: when there is another line
  useEffect(() => {
    end.current?.scrollIntoView({ block: 'nearest' })
  }, [lines.length, lines.at(-1)?.instructions])
  return (
    <section className="bp-log" aria-label="Log of the breakpoints" {...tips}>
      <ol>
        {lines.map(({ instructions, vcpu, text }, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a log's lines have no other name
          <li key={n} ref={n === lines.length - 1 ? end : null}>
            <button
              type="button"
              className="link dim"
              aria-disabled={blocked !== null}
              data-tip={blocked ?? 'Go to this time'}
              onClick={() => blocked === null && void send('seekTime', { instructions })}
            >
              {grouped(instructions)}
            </button>
            <span className="dim">vCPU {vcpu}</span>
            <span>{text}</span>
          </li>
        ))}
      </ol>
      {tip}
    </section>
  )
}
