/** The page's regions, in order, and moving the focus between them. */
const regions = ['run', 'lesson', 'guest', 'hypervisor', 'timeline', 'dock', 'state'] as const

export function focusRegion(id: string): void {
  const element = document.getElementById(id)
  const inside = element?.querySelector<HTMLElement>('[tabindex="0"]')
  ;(id === 'msr' || id === 'state' ? (inside ?? element) : element)?.focus()
}

/** Index of the region that follows in a direction, among those that are on the page. */
export const beside = (present: number, current: number, direction: 1 | -1): number =>
  present === 0 ? -1 : (current + direction + present + (current < 0 && direction < 0 ? 1 : 0)) % present

export function nextRegion(direction: 1 | -1): void {
  const present = regions.map(id => document.getElementById(id)).filter(e => e !== null && e.offsetParent !== null) as HTMLElement[]
  const current = present.findIndex(e => e.contains(document.activeElement))
  present[beside(present.length, current, direction)]?.focus()
}
