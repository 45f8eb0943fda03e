/** The status bar: the live sentence, and what machine this is. */
import { grouped } from '../run/counts.ts'
import { Glyph } from '../run/glyphs.tsx'
import { StatusPill } from '../run/status.tsx'
import { useTips } from '../state/Tips.tsx'
import { useStore } from '../store/store.ts'
import { WordsButton } from '../words/WordsButton.tsx'

/** Who did what the sentence tells; where that is nobody, the machine's own state. */
function Sign() {
  const view = useStore(s => s.view)
  const dead = useStore(s => s.dead)
  const actor = view?.status.actor
  if (!dead && view?.run.state !== 'running' && actor && actor !== 'machine') return <Glyph name={actor} />
  return <StatusPill status={dead ? 'error' : view?.run.state === 'running' ? 'running' : view ? 'stopped' : 'idle'} word="" />
}

export function StatusBar() {
  const view = useStore(s => s.view)
  const dead = useStore(s => s.dead)
  const alert = view?.status.politeness === 'assertive'
  const { tips, tip } = useTips()
  return (
    <footer className="status" {...tips}>
      {/* Where there is no room for all of it, the tip has it. */}
      <span className="live" data-tip={view?.status.text}>
        <span aria-hidden="true">
          <Sign />
        </span>
        <span role="status">{!alert && (view?.status.text ?? 'Starting.')}</span>
        <span role="alert">{alert && view.status.text}</span>
      </span>
      <span className="sp" />
      {view && (
        <>
          <span>
            {view.vcpus} vCPU{view.vcpus === 1 ? '' : 's'}
          </span>
          <span>Recording, {grouped(view.recording.events)} events</span>
          <span>Power ISA 3.0B, {view.program?.littleEndian === false ? 'big-endian' : 'little-endian'}</span>
        </>
      )}
      <span>{dead ? 'Worker stopped' : view ? 'Worker ready' : 'Worker starting'}</span>
      <WordsButton />
      {tip}
    </footer>
  )
}
