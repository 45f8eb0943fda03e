import { useSyncExternalStore } from 'react'

const query = () => matchMedia('(max-width: 1200px)')
const subscribe = (changed: () => void) => {
  const media = query()
  media.addEventListener('change', changed)
  return () => media.removeEventListener('change', changed)
}

/** At this width the hypervisor's listing is a tab of the guest panel, not a pane of its own. */
export const useNarrow = (): boolean => useSyncExternalStore(subscribe, () => query().matches)
