/** A list over the whole address space: it is drawn where it is looked at, and moves on when its end comes near. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react'
import type { EffectiveAddress } from '../../emu/isa/units.ts'
import { addressOf, alignDown, holds, moved, ROWS, recentred, rowOf, windowAround } from './addressWindow.ts'

interface Options {
  scroller: RefObject<HTMLElement | null>
  /** Bytes of a row. */
  unit: number
  start: EffectiveAddress
  /** Height of a line. */
  line: number
  /** Height of a row as far as its contents are known. */
  heightOf(address: EffectiveAddress): number
}

export interface AddressRow {
  address: EffectiveAddress
  top: number
  height: number
}

export interface AddressList {
  rows: AddressRow[]
  height: number
  /** Rows that fit. */
  page: number
  /** `where`: in the middle; or no farther than needed to be seen. */
  show(address: EffectiveAddress, where: 'middle' | 'nearest' | 'middle unless seen'): void
  by(address: EffectiveAddress, rows: number): EffectiveAddress
  /** After contents came: gives the rows from `address` on their heights. */
  measure(address: EffectiveAddress, count: number): void
}

/** `line` may change: rows then have new heights. */
export function useAddressList({ scroller, unit, start, line, heightOf }: Options): AddressList {
  const [base, setBase] = useState(() => windowAround(start, unit))
  // What to do once the list stands elsewhere: keep the first row where it was, or show an address.
  const after = useRef<{ address: EffectiveAddress; offset: number } | null>({ address: start, offset: -1 })
  const key = useCallback((row: number) => addressOf(base, row, unit), [base, unit])
  const list = useVirtualizer({
    count: ROWS,
    getScrollElement: () => scroller.current,
    estimateSize: row => heightOf(key(row)),
    getItemKey: key,
    overscan: 6,
  })

  // biome-ignore lint/correctness/useExhaustiveDependencies: each new height of a line
  useLayoutEffect(() => list.measure(), [line])

  /** A whole row stands at the top. */
  const snapped = (offset: number): number => Math.round(offset / line) * line
  const seen = () => {
    const top = list.scrollOffset ?? 0
    return { top, bottom: top + (list.scrollRect?.height ?? 0) }
  }
  const centre = (row: number) => list.scrollToOffset(snapped(list.getOffsetForIndex(row, 'center')?.[0] ?? 0))
  const range = list.range
  useLayoutEffect(() => {
    if (!range) return
    const { address, offset } = after.current ?? {}
    if (address !== undefined) {
      // Until the list has a size there is no middle.
      if (!list.scrollRect?.height) return
      after.current = null
      const row = rowOf(base, address, unit)
      if (offset === -1) centre(row)
      else list.scrollToOffset((list.getOffsetForIndex(row, 'start')?.[0] ?? 0) + (offset ?? 0))
      return
    }
    // It was told to scroll, and has not heard yet that it did: the rows that it takes for the ones in view are not.
    if (Math.abs((scroller.current?.scrollTop ?? 0) - (list.scrollOffset ?? 0)) > line) return
    const to = recentred(base, range.startIndex, range.endIndex, unit)
    if (to === base) return
    const first = list.getVirtualItemForOffset(seen().top)
    if (!first) return
    after.current = { address: key(first.index), offset: seen().top - first.start }
    setBase(to)
  })

  const show: AddressList['show'] = (address, where) => {
    if (!holds(base, address, unit)) {
      after.current = { address: alignDown(address, unit), offset: -1 }
      setBase(windowAround(address, unit))
      return
    }
    const row = rowOf(base, address, unit)
    if (where !== 'middle') {
      const { top, bottom } = seen()
      const item = list.measurementsCache[row]
      if (item && item.start >= top && item.end <= bottom) return
    }
    if (where === 'nearest') list.scrollToIndex(row, { align: 'auto' })
    else centre(row)
  }

  return {
    rows: list.getVirtualItems().map(item => ({ address: key(item.index), top: item.start, height: item.size })),
    height: list.getTotalSize(),
    page: Math.max(1, Math.floor((list.scrollRect?.height ?? 0) / line) - 1),
    show,
    by: (address, rows) => moved(address, rows, unit),
    measure(address, count) {
      for (let i = 0; i < count; i++) {
        const at = address + BigInt(i * unit)
        if (holds(base, at, unit)) list.resizeItem(rowOf(base, at, unit), heightOf(at))
      }
    },
  }
}
