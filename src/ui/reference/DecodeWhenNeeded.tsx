/** The dialog that decodes a word, fetched when it is first asked for. */
import { type ComponentType, useEffect, useState } from 'react'
import { fetchPart } from '../part.ts'
import { useStore } from '../store/store.ts'
import { closeDecode, useDecode } from './decode.ts'

const notFetched = 'The dialog could not be fetched. Nothing was changed. Ask for it again when the connection is back.'

export function DecodeWhenNeeded() {
  const needed = useDecode(d => d.asked !== null)
  const [DecodeWord, setDecodeWord] = useState<ComponentType | null>(null)
  useEffect(() => {
    if (!needed || DecodeWord) return
    fetchPart(() => import('./DecodeWord.tsx')).then(
      m => setDecodeWord(() => m.DecodeWord),
      () => {
        closeDecode()
        useStore.setState({ problem: { message: notFetched, action: null } })
      },
    )
  }, [needed, DecodeWord])
  return DecodeWord && <DecodeWord />
}
