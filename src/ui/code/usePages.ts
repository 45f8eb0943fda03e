/** Contents of memory by page, fetched when looked at and again when the machine has moved; old ones stand until new ones come. */
import { useEffect, useRef, useState } from 'react'
import type { EffectiveAddress } from '../../emu/isa/units.ts'

interface Page<T> {
  data: T
  version: unknown
}

/** While the guest runs, views come with every frame; contents need not. */
const PAUSE_MS = 100
const MOST_PAGES = 64

/**
 * `version` changes when contents may have; `world` when no old contents mean anything. A fetch that answers null (refused) keeps
 * what there was.
 */
export function usePages<T>(
  needed: readonly EffectiveAddress[],
  fetchPage: (page: EffectiveAddress) => Promise<T | null>,
  version: unknown,
  world: unknown,
  arrived?: (page: EffectiveAddress, data: T) => void,
): (page: EffectiveAddress) => T | undefined {
  const pages = useRef(new Map<EffectiveAddress, Page<T>>())
  const busy = useRef(new Set<EffectiveAddress>())
  const latest = useRef({ version, world, fetchPage, arrived })
  const [, redraw] = useState(0)
  if (latest.current.world !== world) pages.current.clear()
  latest.current = { version, world, fetchPage, arrived }

  useEffect(() => {
    for (const page of needed) {
      if (busy.current.has(page) || pages.current.get(page)?.version === version) continue
      busy.current.add(page)
      const asked = latest.current
      asked.fetchPage(page).then(data => {
        const refetch = () => {
          busy.current.delete(page)
          if (latest.current.version !== asked.version) redraw(n => n + 1)
        }
        if (latest.current.version === asked.version) busy.current.delete(page)
        else setTimeout(refetch, PAUSE_MS)
        if (data === null || latest.current.world !== asked.world) return
        pages.current.delete(page)
        pages.current.set(page, { data, version: asked.version })
        for (const old of pages.current.keys()) {
          if (pages.current.size <= MOST_PAGES) break
          pages.current.delete(old)
        }
        latest.current.arrived?.(page, data)
        redraw(n => n + 1)
      })
    }
  })
  return page => pages.current.get(page)?.data
}
