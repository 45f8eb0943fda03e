/** Copying from the State grids: digits are spaced by CSS only, and the clipboard gets plain 0x… */
import type { ClipboardEvent } from 'react'

/** Text for the clipboard: the one value, or a line a register. */
export const copied = (values: readonly { name: string | null; hex: string }[]): string =>
  values.length === 1 ? values[0]!.hex : values.map(v => (v.name ? `${v.name} ${v.hex}` : v.hex)).join('\n')

/** A selection of whole values, or without one the focused cell. A selection of some digits of one value is left as it is. */
export function onCopy(e: ClipboardEvent<HTMLElement>): void {
  const selection = document.getSelection()
  const all = [...e.currentTarget.querySelectorAll<HTMLElement>('.hx')]
  const within = document.activeElement?.querySelector<HTMLElement>('.hx')
  const collapsed = !selection || selection.isCollapsed
  const chosen = collapsed ? (within ? [within] : []) : all.filter(h => selection.containsNode(h, true))
  if (chosen.length === 0) return
  if (!collapsed && chosen.length === 1 && selection.toString().length < chosen[0]!.textContent!.length) return
  e.clipboardData.setData('text/plain', copied(chosen.map(h => ({ name: h.dataset.name ?? null, hex: h.dataset.hex! }))))
  e.preventDefault()
}
