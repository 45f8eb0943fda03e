/** The six statuses: a shape each, so that colour only repeats what shape and word say. */
import type { ReactNode } from 'react'
import type { ActorStatus } from '../../emu/worker/protocol.ts'

const shapes: Readonly<Record<ActorStatus, ReactNode>> = {
  idle: <circle cx="8" cy="8" r="5" />,
  stepping: (
    <>
      <circle cx="8" cy="8" r="5.2" />
      <path d="M8 2.8a5.2 5.2 0 0 0 0 10.4z" fill="currentColor" />
    </>
  ),
  running: <path d="M4.5 3v10l8-5z" fill="currentColor" />,
  stopped: <path d="M4 4h8v8H4z" fill="currentColor" />,
  blocked: (
    <>
      <circle cx="8" cy="8" r="5.2" />
      <path d="M4 8h8" />
    </>
  ),
  error: <path d="M4 4l8 8M12 4l-8 8" />,
}

export const statuses = Object.keys(shapes) as ActorStatus[]

export function StatusPill({ status, word }: { status: ActorStatus; word: string }) {
  return (
    <span className={`pill ${status}`}>
      <svg className="i" viewBox="0 0 16 16" aria-hidden="true">
        {shapes[status]}
      </svg>
      {word}
    </span>
  )
}
