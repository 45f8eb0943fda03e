/**
 * Definitions and reasons: one tooltip a panel, for every element with `data-tip`. It opens on hover and on keyboard focus, can be
 * hovered itself, and stays until Esc or leaving (WCAG 1.4.13).
 */
import {
  type FocusEvent,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  type RefObject,
  useCallback,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react'
import { Tooltip, TooltipTriggerStateContext } from 'react-aria-components'
import './tips.css'

const DELAY = { open: 500, reopen: 80, close: 180 }

/** Keys that move the focus to look around; focus that comes back from a popover opens no tip. */
const looking = /^(Tab|Arrow.*|Home|End)$/
let lastKey = ''
if (typeof document !== 'undefined') document.addEventListener('keydown', e => (lastKey = e.key), true)

/** `describe` turns the key in `data-tip` into content; by default the key is the text. */
export function useTips(describe: (key: string) => ReactNode = key => key) {
  const [open, setOpen] = useState<{ key: string; element: HTMLElement } | null>(null)
  const anchor = useRef<HTMLElement | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const closedAt = useRef(0)
  const id = useId()

  const close = useCallback(() => {
    clearTimeout(timer.current)
    timer.current = undefined
    if (anchor.current) closedAt.current = performance.now()
    anchor.current = null
    setOpen(null)
  }, [])
  const show = useCallback((element: HTMLElement) => {
    clearTimeout(timer.current)
    anchor.current = element
    setOpen({ element, key: element.dataset.tip! })
  }, [])
  const closeSoon = () => {
    clearTimeout(timer.current)
    timer.current = setTimeout(close, DELAY.close)
  }

  useEffect(() => () => clearTimeout(timer.current), [])
  useEffect(() => {
    if (!open) return
    const { element } = open
    const before = element.getAttribute('aria-describedby')
    element.setAttribute('aria-describedby', before ? `${before} ${id}` : id)
    const onKey = (e: globalThis.KeyboardEvent) => e.key === 'Escape' && close()
    document.addEventListener('keydown', onKey, true)
    return () => {
      document.removeEventListener('keydown', onKey, true)
      if (before) element.setAttribute('aria-describedby', before)
      else element.removeAttribute('aria-describedby')
    }
  }, [open, id, close])

  const tipped = (target: EventTarget): HTMLElement | null => (target instanceof Element ? target.closest<HTMLElement>('[data-tip]') : null)
  const tips = {
    onPointerOver(e: PointerEvent) {
      if (e.pointerType === 'touch') return
      const element = tipped(e.target)
      if (!element?.dataset.tip) return closeSoon()
      if (element === anchor.current) return clearTimeout(timer.current)
      clearTimeout(timer.current)
      const again = anchor.current !== null || performance.now() - closedAt.current < 300
      timer.current = setTimeout(() => show(element), again ? DELAY.reopen : DELAY.open)
    },
    onPointerLeave: closeSoon,
    onPointerDown: close,
    onFocus(e: FocusEvent) {
      const element = tipped(e.target)
      if (!element?.dataset.tip || !looking.test(lastKey) || !e.target.matches(':focus-visible')) return
      clearTimeout(timer.current)
      timer.current = setTimeout(() => show(element), DELAY.open)
    },
    onBlur: close,
    onKeyDown(e: KeyboardEvent) {
      if (e.key === 'Enter' || e.key === ' ') close()
    },
  }
  const content = open && describe(open.key)
  const tip = open && content && (
    <Tip key={open.key} id={id} at={anchor} keep={() => clearTimeout(timer.current)} leave={now => (now ? close() : closeSoon())}>
      {content}
    </Tip>
  )
  return { tips, tip }
}

interface TipProps {
  id: string
  at: RefObject<HTMLElement | null>
  /** The pointer is in it. */
  keep: () => void
  leave: (now: boolean) => void
  children: ReactNode
}

/** A tip that is open. Without a trigger around it, a Tooltip takes its state from the context. */
export const Tip = ({ id, at, keep, leave, children }: TipProps) => (
  <TooltipTriggerStateContext value={{ isOpen: true, shouldSkipAnimation: true, open: keep, close: now => leave(now === true) }}>
    <Tooltip className="tip" triggerRef={at} placement="bottom start" offset={4}>
      <div id={id} className="tip-in">
        {children}
      </div>
    </Tooltip>
  </TooltipTriggerStateContext>
)
