/** The status bar: the live sentence, and what machine this is. */
import { StatusPill } from '../run/status.tsx'
import { useStore } from '../store/store.ts'

const grouped = (n: number): string => n.toString().replace(/\B(?=(\d{3})+$)/g, '\u2009')

export function StatusBar() {
  const view = useStore(s => s.view)
  const dead = useStore(s => s.dead)
  const alert = view?.status.politeness === 'assertive'
  const running = view?.run.state === 'running'
  return (
    <footer className="status">
      <span className="live">
        <span aria-hidden="true">
          <StatusPill status={dead ? 'error' : running ? 'running' : view ? 'stopped' : 'idle'} word="" />
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
    </footer>
  )
}
