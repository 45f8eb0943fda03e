/** Definitions where the words are: a button of each panel, seen when it has the focus, and whatever the pointer rests on. */
import { type ComponentType, useCallback, useEffect, useRef, useState } from 'react'
import { fetchPart } from '../part.ts'

const load = () => fetchPart(() => import('./Here.tsx'))

/** In a panel, a bar or a dialog. Arrow keys go from word to word, Enter opens the page of words. */
export function WordsButton() {
  const button = useRef<HTMLButtonElement>(null)
  const [focused, setFocused] = useState(false)
  const [Words, setWords] = useState<ComponentType<{ button: HTMLButtonElement }> | null>(null)
  const focus = () => {
    setFocused(true)
    if (!Words)
      load().then(
        m => setWords(() => m.OfPanel),
        () => {},
      )
  }
  return (
    <>
      <button
        ref={button}
        type="button"
        className="btn words-here"
        aria-label="Words of this panel, arrow keys go through them"
        onFocus={focus}
        onBlur={() => setFocused(false)}
      >
        Words
      </button>
      {focused && Words && button.current && <Words button={button.current} />}
    </>
  )
}

const REST_MS = 500
const CAPITALS = /[A-Z]{2}/

/** The definition of the acronym that the pointer rests on, anywhere on the page. */
export function WordUnderPointer() {
  const [at, setAt] = useState<{ x: number; y: number } | null>(null)
  const [Word, setWord] = useState<ComponentType<{ x: number; y: number; leave: () => void }> | null>(null)
  const leave = useCallback(() => setAt(null), [])
  useEffect(() => {
    if (at) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const rests = (x: number, y: number) => {
      const element = document.elementFromPoint(x, y)
      if (!element || ![...element.childNodes].some(n => n instanceof Text && CAPITALS.test(n.data))) return
      load().then(
        m => {
          setWord(() => m.UnderPointer)
          setAt({ x, y })
        },
        () => {},
      )
    }
    const onMove = ({ clientX, clientY, buttons, pointerType }: PointerEvent) => {
      clearTimeout(timer)
      if (buttons === 0 && pointerType !== 'touch') timer = setTimeout(rests, REST_MS, clientX, clientY)
    }
    const stop = () => clearTimeout(timer)
    document.addEventListener('pointermove', onMove)
    document.addEventListener('pointerdown', stop)
    document.addEventListener('keydown', stop, true)
    return () => {
      stop()
      document.removeEventListener('pointermove', onMove)
      document.removeEventListener('pointerdown', stop)
      document.removeEventListener('keydown', stop, true)
    }
  }, [at])
  return at && Word && <Word key={`${at.x} ${at.y}`} {...at} leave={leave} />
}
