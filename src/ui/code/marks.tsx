/** The cursors and gutter marks of code: each has a shape of its own, so that colour only repeats it. */

export const BreakpointMark = ({ enabled, conditional = false }: { enabled: boolean; conditional?: boolean }) => (
  <svg className="i mark-bp" viewBox="0 0 16 16" aria-hidden="true">
    <circle cx="8" cy="8" r={enabled ? 6 : 5.2} fill={enabled ? 'currentColor' : 'none'} stroke={enabled ? 'none' : 'currentColor'} />
    {conditional && <path d="M4.5 8h7" stroke={enabled ? 'var(--bg-1)' : 'currentColor'} strokeWidth="2" />}
  </svg>
)

export const NipMark = () => (
  <svg className="i" viewBox="0 0 16 16" aria-hidden="true">
    <path d="M2 4h7l5 4-5 4H2z" fill="currentColor" stroke="none" />
  </svg>
)

/** Of a vCPU that is not the one shown. */
export const OtherNipMark = () => (
  <svg className="i" viewBox="0 0 16 16" aria-hidden="true">
    <path d="M2.7 4.7h6l4.2 3.3-4.2 3.3h-6z" />
  </svg>
)

export const PcMark = () => (
  <svg className="i" viewBox="0 0 16 16" aria-hidden="true">
    <path d="M8 2.2 13.8 8 8 13.8 2.2 8z" />
    <circle cx="8" cy="8" r="1.6" fill="currentColor" stroke="none" />
  </svg>
)

export const CrossMark = () => (
  <svg className="i" viewBox="0 0 16 16" aria-hidden="true">
    <path d="m4 4 8 8M12 4l-8 8" />
  </svg>
)
