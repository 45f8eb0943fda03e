/** Where a key leads in a row of controls, of which `at` has the focus; null for keys that do not move. */
export function destination(key: string, at: number, count: number): number | null {
  if (count === 0 || at < 0) return null
  if (key === 'ArrowRight') return (at + 1) % count
  if (key === 'ArrowLeft') return (at + count - 1) % count
  if (key === 'Home') return 0
  if (key === 'End') return count - 1
  return null
}
