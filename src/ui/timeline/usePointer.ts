/** The mouse on the picture: a click shows an event, a drag pans, the handle and the strip above the lanes scrub, Ctrl wheel zooms. */
import { type PointerEvent, type RefObject, useEffect, useRef } from 'react'
import type { Camera } from './camera.ts'
import { panned, zoomed } from './follow.ts'
import { BRACKETS } from './lanes.ts'
import { type Drawing, ghostSpan, hit, nearest, type Scene } from './layout.ts'
import { seek } from './seek.ts'

/** Movement below which a press is a click. */
const SLOP = 4
const WHEEL = 0.0025

type Change = (change: (c: Camera) => Camera) => void

export function usePointer(
  frame: RefObject<HTMLDivElement | null>,
  scene: Scene,
  drawing: Drawing,
  camera: Camera,
  setCamera: Change,
  blocked: string | null,
) {
  const drag = useRef<{ x: number; from: number; moved: boolean; scrubs: boolean } | null>(null)
  const now = useRef({ scene, drawing, camera })
  now.current = { scene, drawing, camera }

  const point = (e: { clientX: number; clientY: number }) => {
    const box = frame.current!.getBoundingClientRect()
    return { x: e.clientX - box.left, y: e.clientY - box.top + frame.current!.scrollTop }
  }
  const pan = (by: number) =>
    setCamera(c => {
      const { scene, drawing } = now.current
      return {
        ...c,
        offset: panned(c.offset, by, { width: drawing.width, end: ghostSpan(scene, c.zoom).end + 12, playhead: 0, live: false }),
      }
    })
  const scrub = (x: number) => {
    const at = nearest(scene, { zoom: camera.zoom, offset: camera.offset, width: drawing.width }, x)
    seek(at < 0 ? 0 : scene.track.events.first + at)
  }

  // React registers wheel listeners as passive, which cannot keep the page from zooming.
  useEffect(() => {
    const element = frame.current
    if (!element) return
    const onWheel = (e: WheelEvent) => {
      const { drawing } = now.current
      if (e.ctrlKey || e.metaKey) {
        e.preventDefault()
        const x = e.clientX - element.getBoundingClientRect().left
        setCamera(c => ({ ...c, ...zoomed(c.offset, c.zoom, Math.exp(-e.deltaY * WHEEL), x, c.scale) }))
        return
      }
      const by = e.deltaX || (e.shiftKey || drawing.height <= element.clientHeight ? e.deltaY : 0)
      if (by === 0) return
      e.preventDefault()
      setCamera(c => {
        const extent = { width: drawing.width, end: ghostSpan(now.current.scene, c.zoom).end + 12, playhead: 0, live: false }
        return { ...c, offset: panned(c.offset, by, extent) }
      })
    }
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  }, [frame, setCamera])

  return {
    onPointerDown(e: PointerEvent<HTMLDivElement>) {
      if (e.button !== 0) return
      const { x, y } = point(e)
      const scrubs = !blocked && (y < BRACKETS || (drawing.playhead !== null && Math.abs(x - drawing.playhead) < 6 && !hit(drawing, x, y)))
      e.currentTarget.setPointerCapture(e.pointerId)
      drag.current = { x: e.clientX, from: e.clientX, moved: false, scrubs }
      if (scrubs) scrub(x)
    },
    onPointerMove(e: PointerEvent<HTMLDivElement>) {
      const d = drag.current
      if (!d) return
      if (d.scrubs) return scrub(point(e).x)
      d.moved ||= Math.abs(e.clientX - d.from) > SLOP
      if (d.moved) pan(d.x - e.clientX)
      d.x = e.clientX
    },
    onPointerUp(e: PointerEvent<HTMLDivElement>) {
      const d = drag.current
      drag.current = null
      if (!d || d.moved || d.scrubs) return
      const { x, y } = point(e)
      const found = hit(drawing, x, y)
      if (found) seek(scene.track.events.first + found.from)
    },
    onPointerCancel() {
      drag.current = null
    },
  }
}
