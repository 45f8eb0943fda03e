/** Every breakpoint in the machine: the user's to change, the controller's and the guest's to see; and what log points wrote. */
import { useEffect, useState } from 'react'
import type { BreakpointSpec, BreakpointView } from '../../../emu/worker/protocol.ts'
import { parseAddress } from '../../code/address.ts'
import { ownSpecs, samePlace } from '../../code/breakpointList.ts'
import { addSpec, removeSpec } from '../../code/breakpoints.ts'
import { useStore } from '../../store/store.ts'
import { type Asked, useAsked } from './asked.ts'
import { BreakpointForm } from './BreakpointForm.tsx'
import { BreakpointTable } from './BreakpointTable.tsx'
import { type Draft, emptyDraft, specOf } from './draft.ts'
import { Log } from './Log.tsx'
import { useLogShown } from './logShown.ts'
import './breakpoints.css'

const none: readonly BreakpointView[] = []
const warn = (message: string) => useStore.setState({ problem: { message, action: null } })

/** The user's own that is at the place asked for, or null. */
function ownAt(draft: Draft): BreakpointSpec | null {
  const { view } = useStore.getState()
  const spec = specOf(draft, true, text => parseAddress(text, { symbols: [], registers: {} }))
  return 'text' in spec ? null : (ownSpecs(view?.breakpoints ?? none).find(b => samePlace(b, spec)) ?? null)
}

/** The field that is the next to fill in. */
const firstOf = (asked: Asked): keyof Draft => (asked.kind === 'vector' && asked.number === undefined ? 'number' : 'condition')

export function BreakpointsPanel() {
  const breakpoints = useStore(s => s.view?.breakpoints ?? none)
  const ready = useStore(s => s.view !== null)
  const generation = useStore(s => s.view?.generation ?? 0)
  const logged = useStore(s => (s.view?.log.length ?? 0) > 0)
  const { shown: log } = useLogShown()
  const asked = useAsked(a => a.asked)
  const [removed, setRemoved] = useState<BreakpointSpec | null>(null)
  const [edited, setEdited] = useState<BreakpointSpec | null>(null)
  const [form, setForm] = useState<{ n: number; draft: Draft; focus?: keyof Draft }>({ n: 0, draft: emptyDraft() })

  useEffect(() => {
    if (!asked) return
    useAsked.setState({ asked: null })
    useLogShown.setState({ shown: false })
    setRemoved(null)
    const draft = { ...emptyDraft(asked.kind), ...asked }
    const own = ownAt(draft)
    if (own) setEdited(own)
    else setForm(f => ({ n: f.n + 1, draft, focus: firstOf(asked) }))
  }, [asked])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another program
  useEffect(() => setRemoved(null), [generation])

  const remove = async (spec: BreakpointSpec) => {
    const refused = await removeSpec(spec)
    if (refused === null) setRemoved(spec)
    else warn(refused)
  }
  const undo = async (spec: BreakpointSpec) => {
    const refused = await addSpec(spec)
    setRemoved(null)
    if (refused !== null) warn(refused)
  }
  const add = async (spec: BreakpointSpec) => {
    const refused = await addSpec(spec)
    if (refused === null) setRemoved(null)
    return refused
  }
  const editing = edited !== null && ownSpecs(breakpoints).some(b => samePlace(b, edited))
  if (!ready) return <p className="empty">Starting.</p>
  if (log && logged) return <Log />
  return (
    <section className="bpp" aria-label="Breakpoints">
      <div className="bp-list">
        {breakpoints.length ? (
          <BreakpointTable breakpoints={breakpoints} edited={edited} edit={setEdited} remove={s => void remove(s)} />
        ) : (
          <NoBreakpoints />
        )}
      </div>
      <div className="bp-add" hidden={editing}>
        <BreakpointForm key={form.n} start={form.draft} enabled action="Add breakpoint" save={add} focus={form.focus}>
          {removed && (
            <p className="bp-says" role="status">
              <span>Breakpoint removed.</span>
              <button type="button" className="btn" onClick={() => void undo(removed)}>
                Undo
              </button>
            </p>
          )}
        </BreakpointForm>
      </div>
    </section>
  )
}

const NoBreakpoints = () => (
  <div className="empty">
    <b>No breakpoints</b>
    <span>Click the gutter beside a line, press F9, or add one below. A watch on memory needs no register of the guest.</span>
    <button type="button" className="btn" onClick={() => useAsked.setState({ asked: { kind: 'vector' } })}>
      Catch a vector
    </button>
  </div>
)
