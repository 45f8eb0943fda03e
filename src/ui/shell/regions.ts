/** The page's regions, in order, and moving the focus between them. */
const regions = ['run', 'lesson', 'guest', 'hypervisor', 'timeline', 'dock', 'state'] as const

/** Moves the focus there, visibly even when a click asked for it. */
export function focusOn(element: HTMLElement | null | undefined): void {
  element?.focus({ focusVisible: true } as FocusOptions)
  element?.scrollIntoView({ block: 'nearest' })
}

/** MSR is a part of State; its first cell takes the focus, so that arrow keys work at once. */
export function focusRegion(id: string): void {
  const element = document.getElementById(id)
  const inside = id === 'msr' || id === 'state' ? element?.querySelector<HTMLElement>('[data-cell][tabindex="0"]') : null
  focusOn(inside ?? element)
}

/** Index of the region that follows in a direction, among those that are on the page. */
export const beside = (present: number, current: number, direction: 1 | -1): number =>
  present === 0 ? -1 : (current + direction + present + (current < 0 && direction < 0 ? 1 : 0)) % present

const present = (): HTMLElement[] =>
  regions.map(id => document.getElementById(id)).filter((e): e is HTMLElement => e !== null && e.getClientRects().length > 0)

export function nextRegion(direction: 1 | -1): void {
  const all = present()
  const current = all.findIndex(e => e.contains(document.activeElement))
  focusOn(all[beside(all.length, current, direction)])
}

/** From anywhere in a region to the region itself. */
export function focusOwnRegion(): void {
  focusOn(present().find(e => e.contains(document.activeElement)))
}
