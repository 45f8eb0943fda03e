/** A word of a panel with its definition: under the pointer, or one after the other by keys. */
import { useEffect, useId, useLayoutEffect, useReducer, useRef, useState } from 'react'
import { useDialogs } from '../shell/dialogs.ts'
import { Tip } from '../state/Tips.tsx'
import { useStore } from '../store/store.ts'
import { findAt, type Use, usesIn } from './uses.ts'
import { meaningWithValue } from './value.tsx'
import './here.css'

const STAYS_MS = 180
const PANELS = '.panel, .top, .run, .status, [role=dialog]'

/** The word with a ring around it, and its tip. `leave` when the pointer has left both, or on Esc. */
function Shown({ use, leave, id }: { use: Use; leave: () => void; id: string }) {
  const ring = useRef<HTMLSpanElement>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const [, moved] = useReducer((n: number) => n + 1, 0)
  const state = useStore(s => s.view?.state)
  useEffect(() => {
    document.addEventListener('scroll', moved, true)
    addEventListener('resize', moved)
    return () => {
      clearTimeout(timer.current)
      document.removeEventListener('scroll', moved, true)
      removeEventListener('resize', moved)
    }
  }, [])
  const { left, top, width, height } = use.range.getBoundingClientRect()
  // What it stood in was drawn anew without it.
  const gone = width === 0
  useLayoutEffect(() => {
    if (gone) leave()
  }, [gone, leave])
  const keep = () => clearTimeout(timer.current)
  const leaveSoon = (now: boolean) => {
    keep()
    if (now) leave()
    else timer.current = setTimeout(leave, STAYS_MS)
  }
  return (
    <>
      <span ref={ring} className="word-ring" style={{ left, top, width, height }} aria-hidden="true" />
      {!gone && (
        <Tip key={use.word} id={id} at={ring} keep={keep} leave={leaveSoon}>
          {meaningWithValue(use.word, state)}
        </Tip>
      )}
    </>
  )
}

/** The definition of what is under the pointer, while it stays on the word or in the tip. */
export function UnderPointer({ x, y, leave }: { x: number; y: number; leave: () => void }) {
  const [use] = useState(() => findAt(x, y))
  const id = useId()
  useEffect(() => {
    if (!use) return leave()
    let away: ReturnType<typeof setTimeout> | undefined
    const onMove = (e: PointerEvent) => {
      const { left, right, top, bottom } = use.range.getBoundingClientRect()
      const near = left - 1 <= e.clientX && e.clientX <= right + 1 && top - 1 <= e.clientY && e.clientY <= bottom + 1
      clearTimeout(away)
      if (!near && !(e.target as Element).closest?.('.tip')) away = setTimeout(leave, STAYS_MS)
    }
    const onKey = (e: KeyboardEvent) => e.key === 'Escape' && leave()
    document.addEventListener('pointermove', onMove)
    document.addEventListener('pointerdown', leave)
    document.addEventListener('keydown', onKey, true)
    return () => {
      clearTimeout(away)
      document.removeEventListener('pointermove', onMove)
      document.removeEventListener('pointerdown', leave)
      document.removeEventListener('keydown', onKey, true)
    }
  }, [use, leave])
  return use && <Shown use={use} leave={leave} id={id} />
}

const steps: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }

/** The words of the panel that the button is in, while the button has the focus. */
export function OfPanel({ button }: { button: HTMLButtonElement }) {
  const [uses] = useState(() => usesIn(button.closest(PANELS) ?? document.body))
  const [n, setN] = useState(0)
  const [hidden, setHidden] = useState(false)
  const id = useId()
  const use = uses[n]
  useEffect(() => {
    const { length } = uses
    const onKey = (e: KeyboardEvent) => {
      const by = steps[e.key]
      if (e.ctrlKey || e.metaKey || e.altKey || e.shiftKey || length === 0) return
      if (by !== undefined) setN(at => (at + by + length) % length)
      else if (e.key === 'Home') setN(0)
      else if (e.key === 'End') setN(length - 1)
      else if (e.key !== 'Escape') return
      setHidden(e.key === 'Escape')
      e.preventDefault()
      e.stopPropagation()
    }
    const onClick = () => useDialogs.setState({ open: 'words', word: use?.word ?? '' })
    button.addEventListener('keydown', onKey)
    button.addEventListener('click', onClick)
    return () => {
      button.removeEventListener('keydown', onKey)
      button.removeEventListener('click', onClick)
    }
  }, [button, uses, use])
  useEffect(() => {
    use?.range.startContainer.parentElement?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [use])
  useEffect(() => {
    if (hidden || !use) return
    button.setAttribute('aria-describedby', id)
    return () => button.removeAttribute('aria-describedby')
  }, [button, hidden, use, id])
  return (
    <>
      <span className="sr words-said" role="status">
        {use ? `${use.word}, ${n + 1} of ${uses.length}` : 'No acronym is shown here.'}
      </span>
      {use && !hidden && <Shown key={use.word} use={use} leave={() => setHidden(true)} id={id} />}
    </>
  )
}
