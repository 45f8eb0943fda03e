/** What was refused or failed, in words, with at most one action. */
import { Glyph } from '../run/glyphs.tsx'
import { useStore } from '../store/store.ts'
import { restart } from './program.ts'
import './notice.css'

export function Notice() {
  const problem = useStore(s => s.problem)
  const dead = useStore(s => s.dead)
  const dismiss = () => useStore.setState({ problem: null })
  const message = dead
    ? `The emulator stopped: ${dead.replace(/[.]?$/, '.')} The program and the policy are kept, the recording is lost.`
    : problem?.message
  const action = dead ? { label: 'Restart', run: () => void restart() } : problem?.action
  return (
    <div className="notice" role="alert">
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
  ) // biome-ignore format: short
}
