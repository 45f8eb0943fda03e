/** Glyphs of the actors and of the run controls. */
import type { ReactNode } from 'react'

const paths = {
  outside: <path d="M9 2.5h4.5v11H9M1.5 8H9M6.5 5.5 9 8l-2.5 2.5" />,
  inside: <path d="M2.5 2.5h11v11h-11zM5 8h6M8.5 5.5 11 8l-2.5 2.5" />,
  hypervisor: (
    <>
      <path d="M8 2.2 13.8 8 8 13.8 2.2 8z" />
      <circle cx="8" cy="8" r="1.6" fill="currentColor" stroke="none" />
    </>
  ),
  machine: <path d="M4 4h8v8H4zM6 1.5V4M10 1.5V4M6 12v2.5M10 12v2.5M1.5 6H4M1.5 10H4M12 6h2.5M12 10h2.5" />,
  back: <path d="M3.5 3v10M13 8H6M8.5 5.5 6 8l2.5 2.5" />,
  step: <path d="M2 8h7M6.5 5.5 9 8l-2.5 2.5M12.5 3v10" />,
  run: <path d="M4.5 3v10l8-5z" />,
  continue: <path d="M3 3.5v9L9 8zM12.5 3.5v9" />,
  pause: <path d="M5.5 3.5v9M10.5 3.5v9" />,
  reset: <path d="M3 8a5 5 0 1 0 1.6-3.7M3 2.5v2.7h2.7" />,
  search: <path d="M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM10.5 10.5l3.5 3.5" />,
  theme: (
    <>
      <circle cx="8" cy="8" r="5" />
      <path d="M8 3v10a5 5 0 0 0 0-10z" fill="currentColor" />
    </>
  ),
  help: <path d="M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM6.2 6.3c.2-2 3.6-2 3.6 0 0 1.3-1.8 1.3-1.8 2.7M8 11v.6" />,
  down: <path d="m4.5 6.5 3.5 3.5 3.5-3.5" />,
  cross: <path d="M4 4l8 8M12 4l-8 8" />,
  check: <path d="m3 8.5 3.2 3.2L13 4.8" />,
  ring: <circle cx="8" cy="8" r="5" />,
  dot: <circle cx="8" cy="8" r="5" fill="currentColor" />,
  share: <path d="M6.5 9.5 9.5 6.5M7.5 4.5l1.7-1.7a2.4 2.4 0 0 1 3.4 3.4L10.9 7.9M8.5 11.5l-1.7 1.7a2.4 2.4 0 0 1-3.4-3.4l1.7-1.7" />,
  fold: <path d="M2.5 3h11v10h-11zM6.5 3v10" />,
} satisfies Record<string, ReactNode>

export type GlyphName = keyof typeof paths

export function Glyph({ name }: { name: GlyphName }) {
  return (
    <svg className="i" viewBox="0 0 16 16" aria-hidden="true">
      {paths[name]}
    </svg>
  )
}
