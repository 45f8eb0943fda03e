/** What the program does that seldom ends well: at the event shown in full, of others where they are. */
import { grouped } from '../../run/counts.ts'
import { useStore } from '../../store/store.ts'
import { seek } from '../../timeline/seek.ts'
import { setAdvice, useAdvice } from './advice.ts'

export function AdviceNotes() {
  const on = useAdvice(a => a.on)
  const advice = useStore(s => s.view?.advice)
  const shown = useStore(s => s.view?.recording.shown ?? 0)
  if (!on || !advice?.length) return null
  const here = advice.filter(a => a.event === shown)
  const others = advice.filter(a => a.event !== shown)
  return (
    <section className="advice" aria-label="Advice">
      {here.map(a => (
        <p key={`${a.kind}${a.vcpu}`}>
          <b>{a.text}</b> {a.why} {a.remedy}
        </p>
      ))}
      <p className="advice-row">
        {others.length > 0 && (
          <span>
            {here.length ? 'More advice' : 'Advice'} at{' '}
            {others.slice(0, 8).map((a, n) => (
              <span key={`${a.event}${a.kind}`}>
                {n > 0 && ', '}
                <button type="button" className="link" onClick={() => seek(a.event)}>
                  event {grouped(a.event)}: {a.kind}
                </button>
              </span>
            ))}
            {others.length > 8 && ` and ${others.length - 8} more`}
          </span>
        )}
        <button type="button" className="btn quiet" onClick={() => setAdvice(false)} data-tip="Commands, Advice: on or off, brings it back">
          No advice
        </button>
      </p>
    </section>
  )
}
