/** Memory as instructions, around NIP or where asked. */
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { DisassemblyRow, MachineView } from '../../emu/worker/protocol.ts'
import { openDecode, wordOf } from '../reference/decode.ts'
import { openReference } from '../reference/place.ts'
import { send, useStore } from '../store/store.ts'
import { alignDown } from './addressWindow.ts'
import { conditional } from './breakpointList.ts'
import { cursorToggle, runToAddress, toggleBreakpoint } from './breakpoints.ts'
import { cursorsOf } from './cursors.ts'
import { DisassemblyLine, linesOf, mnemonicOf, rowId } from './DisassemblyLine.tsx'
import { nextMapped } from './mapped.ts'
import { useLine } from './metrics.ts'
import { followNip, showInDisassembly, useNavigation } from './navigation.ts'
import { followable } from './pace.ts'
import { useAddressList } from './useAddressList.ts'
import { usePages } from './usePages.ts'
import './disassembly.css'

const WORD = 4
const PAGE_WORDS = 64
const PAGE = PAGE_WORDS * WORD

export function Disassembly() {
  const view = useStore(s => s.view)
  return view ? <Rows view={view} /> : <div className="da-rows" />
}

async function disassemble(address: bigint): Promise<DisassemblyRow[] | null> {
  const answer = await send('disassemble', { address, count: PAGE_WORDS })
  return answer?.rows ?? null
}

/** The word of the row, as it is fetched. */
function decode(row: DisassemblyRow | undefined, { state }: MachineView): void {
  if (row?.bytes) openDecode(wordOf(row.bytes, ((state.registers.MSR ?? 0n) & 1n) === 1n), row.address)
}

async function overHole(from: bigint, backwards: boolean): Promise<void> {
  const to = await nextMapped('effective', from, backwards, 'fetch')
  if (to !== null) showInDisassembly(alignDown(to, WORD))
}

function Rows({ view }: { view: MachineView }) {
  const scroller = useRef<HTMLDivElement>(null)
  const nip = view.state.registers.NIP ?? 0n
  const { address: asked, follow } = useNavigation()
  const calm = followable(view)
  const [active, setActive] = useState(() => alignDown(asked && !follow ? asked.value : nip, WORD))
  const rowAt = (address: bigint): DisassemblyRow | undefined => {
    const page = alignDown(address, PAGE)
    return pages.get(page)?.[Number(address - page) / WORD]
  }
  const pages = useRef(new Map<bigint, DisassemblyRow[]>()).current
  const line = useLine()
  const list = useAddressList({
    scroller,
    unit: WORD,
    start: active,
    line,
    heightOf: address => line * linesOf(rowAt(address)),
  })
  const needed = [...new Set(list.rows.map(r => alignDown(r.address, PAGE)))]
  const pageAt = usePages(needed, disassemble, view, view.generation, (page, rows) => {
    pages.set(page, rows)
    list.measure(page, PAGE_WORDS)
  })
  for (const page of pages.keys()) if (!pageAt(page)) pages.delete(page)

  // biome-ignore lint/correctness/useExhaustiveDependencies: only NIP's own moves, and the wish to follow it, bring it into view
  useEffect(() => {
    if (!follow || !calm) return
    list.show(nip, 'middle unless seen')
    setActive(alignDown(nip, WORD))
  }, [nip, follow, calm, view.generation])
  // biome-ignore lint/correctness/useExhaustiveDependencies: each request once
  useEffect(() => {
    if (follow || !asked) return
    list.show(asked.value, 'middle')
    setActive(alignDown(asked.value, WORD))
  }, [asked])

  useEffect(
    () =>
      cursorToggle(
        'disassembly',
        () => void toggleBreakpoint(active),
        () => active,
      ),
    [active],
  )

  const move = (rows: number) => {
    const to = list.by(active, rows)
    setActive(to)
    list.show(to, 'nearest')
  }
  const moves: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: list.page, PageUp: -list.page }
  const onKeyDown = (e: KeyboardEvent) => {
    const away = e.key === 'ArrowDown' || e.key === 'ArrowUp'
    if (e.ctrlKey && away) {
      e.preventDefault()
      e.stopPropagation()
      void overHole(active, e.key === 'ArrowUp')
      return
    }
    if (e.ctrlKey || e.metaKey || e.altKey || e.shiftKey) return
    const by = moves[e.key]
    if (by !== undefined) move(by)
    else if (e.key === 'Home') followNip()
    else if (e.key === 'Enter' || e.key === 'F9') void toggleBreakpoint(active)
    else if (e.key === 'u' || e.key === 'U') runToAddress(active)
    else if (e.key === 'e' || e.key === 'E') openReference(mnemonicOf(rowAt(active)))
    else if (e.key === 'd' || e.key === 'D') decode(rowAt(active), view)
    else return
    e.preventDefault()
    e.stopPropagation()
  }
  const cursors = cursorsOf(view)
  const breakpoints = new Map(view.breakpoints.filter(b => b.setBy === 'you' && b.kind === 'software').map(b => [b.address, b]))
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows over an endless address space are drawn one by one; it is no table
    <div
      className="da-rows code"
      ref={scroller}
      role="grid"
      aria-label="Disassembly. Enter sets or clears a breakpoint, Shift F9 gives it a condition, U runs to the line, E explains the instruction, D decodes the word, Home goes to NIP, Ctrl Down and Ctrl Up to the next that is mapped."
      aria-rowcount={-1}
      aria-readonly
      aria-activedescendant={rowId(active)}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div style={{ height: list.height, position: 'relative' }} role="presentation">
        {list.rows.map(({ address, top }) => (
          <DisassemblyLine
            key={String(address)}
            address={address}
            row={rowAt(address)}
            top={top}
            nip={address === nip ? (cursors.get(address)?.tag ?? null) : null}
            other={address === nip ? null : (cursors.get(address)?.tag ?? null)}
            active={address === active}
            breakpoint={breakpoints.get(address)?.enabled}
            conditional={breakpoints.has(address) && conditional(breakpoints.get(address)!)}
            choose={setActive}
          />
        ))}
      </div>
    </div>
  )
}
