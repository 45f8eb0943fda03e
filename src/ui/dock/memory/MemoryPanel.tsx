/** Memory by effective address: how it is translated, what lies there, and what the controller put over it. */
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { MachineView, MemoryView } from '../../../emu/worker/protocol.ts'
import { AddressBox } from '../../code/AddressBox.tsx'
import { hex, hex16, symbolAt } from '../../code/address.ts'
import { alignDown, moved } from '../../code/addressWindow.ts'
import { CrossMark } from '../../code/marks.tsx'
import { LINE } from '../../code/metrics.ts'
import { showInMemory, useNavigation } from '../../code/navigation.ts'
import { useAddressList } from '../../code/useAddressList.ts'
import { usePages } from '../../code/usePages.ts'
import { send, useStore } from '../../store/store.ts'
import { dumpRow, notMapped, PAGE_BYTES, ROW_BYTES } from './dump.ts'
import { byteId, MemoryRow } from './MemoryRow.tsx'
import { translationMode } from './translation.ts'
import './memory.css'

export function MemoryPanel() {
  const view = useStore(s => s.view)
  return view ? <Memory view={view} /> : <section className="memp" aria-label="Memory" />
}

const readPage = (address: bigint): Promise<MemoryView | null> => send('readMemory', { address, count: PAGE_BYTES })

/** Why bytes cannot be changed now; null when they can. */
export function editBlocked({ run, recording }: Pick<MachineView, 'run' | 'recording'>): string | null {
  if (run.state === 'running') return 'The guest is running. Memory was not changed. Pause to edit it.'
  if (!recording.live) return `This is event ${recording.shown}, in the past. Memory was not changed. Go to the live end to edit it.`
  return null
}

const HEX = /^[\da-f]$/i

function Memory({ view }: { view: MachineView }) {
  const scroller = useRef<HTMLDivElement>(null)
  const asked = useNavigation(n => n.memory)
  const [active, setActive] = useState(() => asked?.value ?? view.state.registers.NIP ?? 0n)
  const [editing, setEditing] = useState<string | null>(null)
  const pages = useRef(new Map<bigint, MemoryView>()).current

  const rowAt = (address: bigint) => {
    const page = pages.get(alignDown(address, PAGE_BYTES))
    return page && dumpRow(page, Number(address % BigInt(PAGE_BYTES)))
  }
  const list = useAddressList({
    scroller,
    unit: ROW_BYTES,
    start: alignDown(active, ROW_BYTES),
    heightOf: address => LINE * (rowAt(address)?.originals.length ? 2 : 1),
  })
  const needed = [...new Set(list.rows.map(r => alignDown(r.address, PAGE_BYTES)))]
  const pageAt = usePages(needed, readPage, view, view.generation, (page, data) => {
    pages.set(page, data)
    list.measure(page, PAGE_BYTES / ROW_BYTES)
  })
  for (const page of pages.keys()) if (!pageAt(page)) pages.delete(page)

  const start = view.state.registers.NIP ?? 0n
  // biome-ignore lint/correctness/useExhaustiveDependencies: where a new program begins, unless somebody chose a place
  useEffect(() => {
    if (asked) return
    setActive(start)
    list.show(alignDown(start, ROW_BYTES), 'middle unless seen')
  }, [view.generation])
  // biome-ignore lint/correctness/useExhaustiveDependencies: each request once
  useEffect(() => {
    if (!asked) return
    setActive(asked.value)
    setEditing(null)
    list.show(alignDown(asked.value, ROW_BYTES), 'middle')
  }, [asked])

  const go = (to: bigint) => {
    setActive(to)
    list.show(alignDown(to, ROW_BYTES), 'nearest')
  }
  const leave = () => {
    setEditing(null)
    scroller.current?.focus()
  }
  const begin = (digits: string) => {
    const why = editBlocked(view)
    if (why) useStore.setState({ problem: { message: why, action: null } })
    else if (rowAt(alignDown(active, ROW_BYTES))) setEditing(digits)
  }
  const write = async (digits: string) => {
    leave()
    if (!digits) return
    go(moved(active, 1, 1))
    await send('writeMemory', { address: active, bytes: Uint8Array.of(Number.parseInt(digits, 16)) })
  }

  const lineStart = alignDown(active, ROW_BYTES)
  const moves: Record<string, bigint> = {
    ArrowRight: moved(active, 1, 1),
    ArrowLeft: moved(active, -1, 1),
    ArrowDown: moved(active, 1, ROW_BYTES),
    ArrowUp: moved(active, -1, ROW_BYTES),
    PageDown: moved(active, list.page, ROW_BYTES),
    PageUp: moved(active, -list.page, ROW_BYTES),
    Home: lineStart,
    End: lineStart + BigInt(ROW_BYTES - 1),
  }
  const onKeyDown = (e: KeyboardEvent) => {
    if (editing !== null || e.ctrlKey || e.metaKey || e.altKey || e.shiftKey) return
    const to = moves[e.key]
    if (to !== undefined) go(to)
    else if (e.key === 'Enter') begin('')
    else if (HEX.test(e.key)) begin(e.key)
    else return
    e.preventDefault()
    e.stopPropagation()
  }

  const page = pageAt(alignDown(active, PAGE_BYTES))
  const real = page && page.real !== null ? page.real + (active % BigInt(PAGE_BYTES)) : null
  return (
    <section className="memp" aria-label="Memory">
      <AddressBox label="Effective address" width={146} current={hex(active)} go={showInMemory}>
        {(box, problem) => (
          <>
            <div className="ph">
              <span className="meta strong">effective</span>
              {box}
              <span className="meta">{translationMode(view.state.registers.MSR ?? 0n, active)}</span>
              {real !== null && (
                <code>
                  real 0x
                  {hex16(real)}
                </code>
              )}
              <span className="sp" />
              <span className="meta">{symbolAt(view.program?.symbols ?? [], active)}</span>
            </div>
            {problem}
          </>
        )}
      </AddressBox>
      {page && real === null && (
        <div className="address-problem" role="status">
          <CrossMark />
          {notMapped(active, page.fault)}
        </div>
      )}
      {/* biome-ignore lint/a11y/useSemanticElements: rows over an endless address space are drawn one by one; it is no table */}
      <div
        className="hexd"
        ref={scroller}
        role="grid"
        aria-label="Memory. Type hexadecimal digits to change a byte."
        aria-rowcount={-1}
        aria-activedescendant={byteId(active)}
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        <div style={{ height: list.height, position: 'relative' }} role="presentation">
          {list.rows.map(({ address, top }) => (
            <MemoryRow
              key={String(address)}
              address={address}
              row={rowAt(address)}
              top={top}
              active={active - address >= 0n && active - address < BigInt(ROW_BYTES) ? Number(active - address) : null}
              editing={editing}
              choose={setActive}
              begin={begin}
              write={write}
              leave={leave}
            />
          ))}
        </div>
      </div>
    </section>
  )
}
