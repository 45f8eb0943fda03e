/** Memory by effective, guest real or host real address: what lies there, what changed, what begins there, how it is translated. */
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import type { MachineView, MemoryMark, MemoryView, Space } from '../../../emu/worker/protocol.ts'
import { AddressBox } from '../../code/AddressBox.tsx'
import { hex, symbolAt } from '../../code/address.ts'
import { alignDown, moved } from '../../code/addressWindow.ts'
import { nextMapped } from '../../code/mapped.ts'
import { CrossMark } from '../../code/marks.tsx'
import { useLine } from '../../code/metrics.ts'
import { showInDisassembly, showInMemory, useNavigation } from '../../code/navigation.ts'
import { useAddressList } from '../../code/useAddressList.ts'
import { usePages } from '../../code/usePages.ts'
import { openDecode, wordOf } from '../../reference/decode.ts'
import { editBlocked, editNote, undoChange, writeBytes } from '../../state/editing.ts'
import { send, useStore } from '../../store/store.ts'
import { askBreakpoint } from '../breakpoints/asked.ts'
import { ByteMenu, type MenuAction } from './ByteMenu.tsx'
import { byteText, dumpRow, notMapped, PAGE_BYTES, ROW_BYTES } from './dump.ts'
import { EditBytes } from './EditBytes.tsx'
import { type Labels, labelsOf } from './labels.ts'
import { byteId, MemoryRow } from './MemoryRow.tsx'
import { type PatternKind, patternOf } from './pattern.ts'
import { setSearch, spaces, useMemoryPlace } from './place.ts'
import { SearchBar } from './SearchBar.tsx'
import { Translation } from './Translation.tsx'
import { translationMode } from './translation.ts'
import './memory.css'

export function MemoryPanel() {
  const view = useStore(s => s.view)
  return view ? <Memory view={view} /> : <section className="memp" aria-label="Memory" />
}

const HEX = /^[\da-f]$/i
const NO_MATCH = [0, 0] as const
const NO_MARKS: readonly MemoryMark[] = []

const sameMarks = (a: readonly MemoryMark[], b: readonly MemoryMark[]): boolean =>
  a.length === b.length && a.every((m, n) => m.address === b[n]!.address && m.text === b[n]!.text)

/** Frames are looked for when the machine has come to rest: while it runs they would be old before they are drawn. */
function useMarks(view: MachineView): readonly MemoryMark[] {
  const [marks, setMarks] = useState(NO_MARKS)
  const running = view.run.state === 'running'
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked anew whenever the machine has moved
  useEffect(() => {
    if (running) return
    let stale = false
    void send('memoryMarks', {}).then(answer => {
      if (!stale && answer) setMarks(was => (sameMarks(was, answer.marks) ? was : answer.marks))
    })
    return () => {
      stale = true
    }
  }, [view])
  return running ? NO_MARKS : marks
}

/** Made anew only when something in them can be another: a program may have a great many symbols. */
function useLabels({ program, state }: MachineView, space: Space, marks: readonly MemoryMark[]): Labels {
  const { MSR, LPCR, NIP, r1 } = state.registers
  // biome-ignore lint/correctness/useExhaustiveDependencies: of the registers these alone count
  return useMemo(() => labelsOf({ program, state }, space, marks), [program, MSR, LPCR, NIP, r1, space, marks])
}

function Memory({ view }: { view: MachineView }) {
  const scroller = useRef<HTMLDivElement>(null)
  const asked = useNavigation(n => n.memory)
  const { space, search, translation, match, active: chosen } = useMemoryPlace()
  const active = chosen ?? view.state.registers.NIP ?? 0n
  const [editing, setEditing] = useState<string | null>(null)
  const [dialog, setDialog] = useState<HTMLElement | null>(null)
  const pages = useRef(new Map<bigint, MemoryView>()).current
  const labels = useLabels(view, space, useMarks(view))
  const choose = (to: bigint) => useMemoryPlace.setState({ active: to })

  const rowAt = (address: bigint) => {
    const page = pages.get(alignDown(address, PAGE_BYTES))
    return page && dumpRow(page, Number(address % BigInt(PAGE_BYTES)))
  }
  const line = useLine()
  const list = useAddressList({
    scroller,
    unit: ROW_BYTES,
    start: alignDown(active, ROW_BYTES),
    line,
    heightOf: address => line * (1 + (rowAt(address)?.originals.length ? 1 : 0) + (labels.has(address) ? 1 : 0)),
  })
  const needed = [...new Set(list.rows.map(r => alignDown(r.address, PAGE_BYTES)))]
  const readPage = (address: bigint): Promise<MemoryView | null> => send('readMemory', { address, count: PAGE_BYTES, space })
  const pageAt = usePages(needed, readPage, view, `${view.generation} ${space}`, (page, data) => {
    pages.set(page, data)
    list.measure(page, PAGE_BYTES / ROW_BYTES)
  })
  for (const page of pages.keys()) if (!pageAt(page)) pages.delete(page)

  // biome-ignore lint/correctness/useExhaustiveDependencies: rows that got or lost a label have another height
  useEffect(() => {
    for (const { address } of list.rows) list.measure(address, 1)
  }, [labels])
  const start = view.state.registers.NIP ?? 0n
  // biome-ignore lint/correctness/useExhaustiveDependencies: where a new program begins, unless somebody chose a place
  useEffect(() => {
    if (asked || chosen !== null) return
    list.show(alignDown(start, ROW_BYTES), 'middle unless seen')
  }, [view.generation])
  // biome-ignore lint/correctness/useExhaustiveDependencies: each request once
  useEffect(() => {
    if (!asked) return
    useMemoryPlace.setState({ active: asked.value, space: asked.space })
    setEditing(null)
    list.show(alignDown(asked.value, ROW_BYTES), 'middle')
  }, [asked])

  const go = (to: bigint) => {
    choose(to)
    list.show(alignDown(to, ROW_BYTES), 'nearest')
  }
  const focusGrid = () => scroller.current?.focus()
  const leave = () => {
    setEditing(null)
    focusGrid()
  }
  const begin = (digits: string) => {
    const why = editBlocked(view)
    if (why) useStore.setState({ problem: { message: `Memory was not changed. ${why}`, action: null } })
    else if (rowAt(alignDown(active, ROW_BYTES))) setEditing(digits)
  }
  const write = async (digits: string) => {
    leave()
    if (!digits) return
    go(moved(active, 1, 1))
    await writeBytes(space, active, Uint8Array.of(Number.parseInt(digits, 16)))
  }

  const page = pageAt(alignDown(active, PAGE_BYTES))
  const inPage = Number(active % BigInt(PAGE_BYTES))
  const real = page && page.real !== null ? page.real + BigInt(inPage) : null
  const little = ((view.state.registers.MSR ?? 0n) & 1n) === 1n
  const names = { symbols: view.program?.symbols ?? [], registers: view.state.registers }
  const parse = (kind: PatternKind, text: string) => patternOf(kind, text, little, names)
  const pattern = parse(search.kind, search.text)

  const find = async (backwards: boolean): Promise<string | null> => {
    if (!pattern.bytes) return null
    const { bytes } = pattern
    // At the match already: the one beyond it is meant.
    const here = match !== null && match.from === active && match.space === space
    const from = here ? moved(active, backwards ? -1 : 1, 1) : active
    const found = await send('searchMemory', { space, bytes, from, backwards })
    if (!found) return 'The search ended early. Nothing was found.'
    if (found.address === null) return `Not found in ${space} memory. The cursor stays.`
    useMemoryPlace.setState({ match: { space, from: found.address, bytes: bytes.length } })
    choose(found.address)
    list.show(alignDown(found.address, ROW_BYTES), 'middle unless seen')
    const around = backwards ? ', behind the beginning: from the end on' : ', behind the end: from the beginning on'
    return `Found at ${hex(found.address)}${found.wrapped ? around : ''}.`
  }
  const findAgain = (backwards: boolean) => {
    if (!pattern.bytes) setSearch({ open: true })
    else void find(backwards).then(said => said?.startsWith('Not found') && useStore.setState({ problem: { message: said, action: null } }))
  }
  const toMapped = async (backwards: boolean) => {
    const to = await nextMapped(space, active, backwards, 'load')
    if (to !== null) showInMemory(to, space)
  }
  const undo = async () => {
    const done = await undoChange()
    if (done?.kind === 'memory') showInMemory(done.address, done.space)
  }
  /** The word that holds the byte under the cursor. */
  const decode = () => {
    const at = inPage - (inPage % 4)
    if (!page || real === null)
      useStore.setState({ problem: { message: `${notMapped(active, page?.fault ?? null)}. There is no word to decode.`, action: null } })
    else openDecode(wordOf(page.bytes.slice(at, at + 4), little), space === 'effective' ? alignDown(active, 4) : null)
  }
  const lastWrite = () => space === 'effective' && void send('lastWrite', { address: active })
  const watch = () =>
    space === 'effective' && askBreakpoint({ kind: 'watch', address: hex(active), length: active % 8n === 0n ? '8' : '1' })
  const openDialog = () => setDialog(document.getElementById(byteId(active)) ?? scroller.current)
  const toSpace = (to: Space) => {
    if (to === space) return
    // From effective to real the byte stays the same; real storage has no effective address of its own.
    const at = space === 'effective' && real !== null ? real : active
    showInMemory(to === 'effective' ? (useMemoryPlace.getState().effective ?? start) : at, to)
    if (space === 'effective') useMemoryPlace.setState({ effective: active })
  }
  const actions: readonly MenuAction[] = [
    { name: 'Edit bytes…', key: 'Shift Enter', run: openDialog },
    { name: 'Take the last edit back', key: 'Ctrl Z', run: () => void undo() },
    { name: 'Decode this word…', key: 'W', run: decode },
    { name: 'Back to what last wrote it', key: 'L', off: space === 'effective' ? null : 'What wrote a byte is told by effective address.', run: lastWrite },
    { name: 'Stop when it is accessed…', key: 'Shift F9', off: space === 'effective' ? null : 'A watch is by effective address.', run: watch },
    { name: 'Disassemble here', key: 'J', off: space === 'effective' ? null : 'Disassembly is by effective address.', run: () => showInDisassembly(active) },
    { name: 'Next mapped', key: 'Ctrl ↓', run: () => void toMapped(false) },
    { name: 'Previous mapped', key: 'Ctrl ↑', run: () => void toMapped(true) },
  ] // biome-ignore format: a table

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
  const keys: Record<string, () => void> = {
    Enter: () => begin(''),
    'Shift Enter': openDialog,
    'Ctrl z': () => void undo(),
    'Ctrl ArrowDown': () => void toMapped(false),
    'Ctrl ArrowUp': () => void toMapped(true),
    '/': () => setSearch({ open: true }),
    n: () => findAgain(false),
    'Shift N': () => findAgain(true),
    t: () => useMemoryPlace.setState({ translation: !translation }),
    w: decode,
    l: lastWrite,
    'Shift F9': watch,
    j: () => space === 'effective' && showInDisassembly(active),
  }
  const onKeyDown = (e: KeyboardEvent) => {
    if (editing !== null || e.metaKey || e.altKey) return
    const plain = !e.ctrlKey && !e.shiftKey
    const key = `${e.ctrlKey ? 'Ctrl ' : ''}${e.shiftKey && e.key !== '/' ? 'Shift ' : ''}${e.key}`
    const to = plain ? moves[e.key] : undefined
    if (to !== undefined) go(to)
    else if (keys[key]) keys[key]()
    else if (plain && HEX.test(e.key)) begin(e.key)
    else return
    e.preventDefault()
    e.stopPropagation()
  }

  const matchIn = (address: bigint): readonly [number, number] => {
    if (!match || match.space !== space) return NO_MATCH
    const first = Number(BigInt.asIntN(64, match.from - address))
    return [first, first + match.bytes]
  }
  const now = page && real !== null ? Array.from(page.bytes.subarray(inPage, inPage + 4), byteText).join(' ') : ''
  return (
    <section className="memp" aria-label="Memory">
      <AddressBox
        label={`${spaces.find(s => s.space === space)?.name} address`}
        width={146}
        current={hex(active)}
        go={to => showInMemory(to, space)}
      >
        {(box, problem) => (
          <>
            <div className="ph">
              <select
                aria-label="Address space"
                value={space}
                title={spaces.find(s => s.space === space)?.says}
                onChange={e => toSpace(e.target.value as Space)}
              >
                {spaces.map(s => (
                  <option key={s.space} value={s.space}>
                    {s.name}
                  </option>
                ))}
              </select>
              {box}
              {space === 'effective' && (
                <>
                  <span className="meta">{translationMode(view.state.registers.MSR ?? 0n, active)}</span>
                  {real !== null && <code>real {hex(real)}</code>}
                </>
              )}
              <span className="sp" />
              <span className="meta">{space === 'effective' && symbolAt(names.symbols, active)}</span>
              <button type="button" className="btn" aria-pressed={search.open} onClick={() => setSearch({ open: !search.open })}>
                Search
              </button>
              <button
                type="button"
                className="btn"
                aria-pressed={translation}
                onClick={() => useMemoryPlace.setState({ translation: !translation })}
              >
                Translation
              </button>
              <ByteMenu actions={actions} />
            </div>
            {problem}
          </>
        )}
      </AddressBox>
      {search.open && (
        <SearchBar
          find={find}
          problem={pattern.problem}
          leave={() => {
            setSearch({ open: false })
            focusGrid()
          }}
        />
      )}
      {page && real === null && (
        <div className="address-problem" role="status">
          <CrossMark />
          <span>{notMapped(active, page.fault)}. Ctrl ↓ and Ctrl ↑ go to what is mapped.</span>
        </div>
      )}
      <div className="mem-in">
        {/* biome-ignore lint/a11y/useSemanticElements: rows over an endless address space are drawn one by one; it is no table */}
        <div
          className="hexd"
          ref={scroller}
          role="grid"
          aria-label="Memory. Type hexadecimal digits to change a byte. Slash searches, N finds the next, T shows the translation."
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
                why={notMapped(address, pageAt(alignDown(address, PAGE_BYTES))?.fault ?? null)}
                label={labels.get(address)}
                top={top}
                active={active - address >= 0n && active - address < BigInt(ROW_BYTES) ? Number(active - address) : null}
                editing={editing}
                match={matchIn(address)}
                choose={choose}
                begin={begin}
                write={write}
                leave={leave}
              />
            ))}
          </div>
        </div>
        {translation && <Translation address={active} space={space} view={view} />}
      </div>
      {dialog && (
        <EditBytes
          at={`${space} ${hex(active)}`}
          element={dialog}
          now={now}
          blocked={editBlocked(view)}
          note={editNote(view)}
          parse={parse}
          write={bytes => writeBytes(space, active, bytes)}
          close={() => {
            setDialog(null)
            focusGrid()
          }}
        />
      )}
    </section>
  )
}
