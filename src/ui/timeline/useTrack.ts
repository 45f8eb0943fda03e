import { useEffect, useRef, useState } from 'react'
import type { TimelineEvents } from '../../emu/worker/timeline-events.ts'
import { canvasMeasure, LABEL_FONT, type Measure, measureBy } from './measure.ts'
import { Track } from './track.ts'

/** About the mean advance of the condensed cut, where there is no canvas. */
const fallback: Measure = measureBy(() => 5)

/** The index of these events, brought up to date; made anew when the label font arrives, because widths change with it. */
export function useTrack(events: TimelineEvents): Track {
  const track = useRef<Track | null>(null)
  const [, fontLoaded] = useState(0)
  useEffect(() => {
    let here = true
    void document.fonts.load(LABEL_FONT).then(faces => {
      if (!here || faces.length === 0) return
      track.current = null
      fontLoaded(n => n + 1)
    })
    return () => {
      here = false
    }
  }, [])
  track.current ??= new Track(canvasMeasure() ?? fallback)
  return track.current.sync(events)
}
