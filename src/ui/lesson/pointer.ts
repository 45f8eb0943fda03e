/** Where a hint leads: the element that gets the focus. */
import { focusRegion } from '../shell/regions.ts'
import type { PlaceName } from './model.ts'

const elements: Readonly<Record<PlaceName, string>> = {
  outside: 'outside',
  hypervisor: 'hypervisor',
  state: 'state',
  srr1: 'state',
  msr: 'msr',
  timeline: 'timeline',
  policy: 'policy',
}

export const lead = (to: PlaceName): void => focusRegion(elements[to])
