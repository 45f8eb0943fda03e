/** The instruction reference, fetched when the address first asks for it: the page is there sooner. */
import { type ComponentType, useEffect, useState } from 'react'
import { fetchPart } from '../part.ts'
import { useStore } from '../store/store.ts'
import { closeReference, useReference } from './place.ts'

const notFetched = 'The instruction reference could not be fetched. Nothing was changed. Ask for it again when the connection is back.'

export function ReferenceWhenNeeded() {
  const needed = useReference(r => r.asked !== null)
  const [Reference, setReference] = useState<ComponentType | null>(null)
  useEffect(() => {
    if (!needed || Reference) return
    fetchPart(() => import('./Reference.tsx')).then(
      m => setReference(() => m.Reference),
      () => {
        closeReference()
        useStore.setState({ problem: { message: notFetched, action: null } })
      },
    )
  }, [needed, Reference])
  return Reference && <Reference />
}
