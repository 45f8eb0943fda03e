/** How high the rows of registers, code and tables are: compact, or 24 px for those who need larger targets; as the pointer is if nothing is chosen. */
import { create } from 'zustand'
import { recall, remember } from './remembered.ts'

const KEY = 'density'

export type Density = 'pointer' | 'compact' | 'comfortable'
export const densities: readonly { readonly density: Density; readonly says: string }[] = [
  { density: 'pointer', says: 'as the pointer needs' },
  { density: 'compact', says: 'compact' },
  { density: 'comfortable', says: 'comfortable' },
]

const coarse = globalThis.matchMedia?.('(pointer: coarse)') ?? null

interface Rows {
  readonly chosen: Density
  readonly comfortable: boolean
}
const rowsOf = (chosen: Density): Rows => ({
  chosen,
  comfortable: chosen === 'comfortable' || (chosen === 'pointer' && coarse?.matches === true),
})

export const useDensity = create<Rows>(() => rowsOf(densities.find(d => d.density === recall(KEY))?.density ?? 'pointer'))

/** The styles read it from the document. */
export function followDensity(): void {
  const show = ({ comfortable }: Rows) => {
    document.documentElement.dataset.density = comfortable ? 'comfortable' : 'compact'
  }
  useDensity.subscribe(show)
  show(useDensity.getState())
  coarse?.addEventListener('change', () => useDensity.setState(rowsOf(useDensity.getState().chosen)))
}

export function setDensity(density: Density): void {
  useDensity.setState(rowsOf(density))
  remember(KEY, density)
}
