/** What was refused or failed, in words, with at most one action. */

import { Glyph } from '../run/glyphs.tsx'
import { send, useStore } from '../store/store.ts'
import './notice.css'

export function Notice() {
  const problem = useStore(s => s.problem)
  const dead = useStore(s => s.dead)
  const dismiss = () => useStore.setState({ problem: null })
  const message = dead
    ? `The emulator stopped: ${dead.replace(/[.]?$/, '.')} What was done is kept, as far as it was written.`
    : problem?.message
  const action = dead ? { label: 'Load the page again', run: () => location.reload() } : problem?.action
  return (
    <div className="notice">
      <Working />
      <div role="alert">
      {message && (
        <div className="notice-in">
          <Glyph name="cross" />
          <span>{message}</span>
          {action && (
            <button type="button" className="btn" onClick={() => { dismiss(); action.run() }}>
              {action.label}
            </button>
          )}
          {!dead && (
            <button type="button" className="btn quiet" onClick={dismiss}>
              Dismiss
            </button>
          )}
        </div>
      )}
      </div>
    </div>
  ) // biome-ignore format: short
}

/** Long work, how far it is, and its end. */
function Working() {
  const progress = useStore(s => s.progress)
  const percent = progress ? Math.floor((100 * progress.done) / Math.max(1, progress.total)) : 0
  return (
    <div role="status">
      {progress && (
        <div className="notice-in working">
          <span id="working">{progress.what}</span>
          <progress aria-labelledby="working" max={100} value={percent} />
          <span>{percent} %</span>
          <button type="button" className="btn" onClick={() => void send('cancel', {})}>
            Cancel
          </button>
        </div>
      )}
    </div>
  )
}
