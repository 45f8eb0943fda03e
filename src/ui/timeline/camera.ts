/** What the user looks at: scale, zoom, offset; and when it moves by itself. */
import type { MachineView } from '../../emu/worker/protocol.ts'
import { follow } from './follow.ts'
import type { Scene } from './layout.ts'
import type { ScaleName } from './scale.ts'

export interface Camera {
  scale: ScaleName
  zoom: number
  offset: number
  /** Where zoom buttons hold the picture: the playhead, else the middle. Window pixels. */
  anchor: number
  /** What was shown when the camera last followed; another one makes it follow again. */
  following: string
}

export const startCamera: Camera = { scale: 'events', zoom: 1, offset: 0, anchor: 0, following: '' }

/** The camera for this view: the same object while what is shown has not changed, so that panning is left alone. */
export function watched(camera: Camera, scene: Scene, view: MachineView | null, width: number, end: number): Camera {
  if (!view || width === 0) return camera
  const { track, scale } = scene
  const { shown, live, events } = view.recording
  const at = track.positionOf(shown)
  const playhead = at < 0 ? 0 : scale.right(at) * camera.zoom + 2.5
  const inView = playhead >= camera.offset && playhead <= camera.offset + width
  const anchor = inView ? playhead - camera.offset : width / 2
  const following = [view.generation, shown, live, events, width, camera.scale, Math.round(scale.end), scene.ghosts.length].join(' ')
  if (following === camera.following) return anchor === camera.anchor ? camera : { ...camera, anchor }
  const offset = follow(camera.offset, { width, playhead, end: end + 12, live })
  return { ...camera, offset, anchor: playhead - offset, following }
}
