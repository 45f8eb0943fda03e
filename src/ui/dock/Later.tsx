/** A tab whose panel is fetched when it is looked at first: the page is there sooner. */
import { type ComponentType, type ReactNode, useEffect, useState } from 'react'
import { fetchPart } from '../part.ts'

interface Props {
  /** In the sentence where it could not be fetched. */
  name: string
  load: () => Promise<ComponentType>
  /** Kept beyond the tab's being shown. */
  held: { panel: ComponentType | null }
}

function Later({ name, load, held }: Props) {
  const [tries, setTries] = useState(0)
  const [state, setState] = useState<'fetching' | 'failed' | 'there'>(held.panel ? 'there' : 'fetching')
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, and each time it is asked for again
  useEffect(() => {
    if (held.panel) return
    let wanted = true
    fetchPart(load).then(
      panel => {
        held.panel = panel
        if (wanted) setState('there')
      },
      () => wanted && setState('failed'),
    )
    return () => {
      wanted = false
    }
  }, [tries])
  const Panel = held.panel
  if (Panel && state === 'there') return <Panel />
  if (state !== 'failed') return <p className="empty fetching">Fetching {name}.</p>
  const again = () => {
    setState('fetching')
    setTries(tries + 1)
  }
  return (
    <div className="empty" role="alert">
      <b>{name} could not be fetched</b>
      <span>The machine and its recording are kept. Fetch it when the connection is back; the other tabs work without it.</span>
      <button type="button" className="btn" onClick={again}>
        Fetch it again
      </button>
    </div>
  )
}

export function later(name: string, load: () => Promise<ComponentType>): ReactNode {
  return <Later key={name} name={name} load={load} held={{ panel: null }} />
}
