/** The instruction reference: a search box, all mnemonics, and the document of the one that is chosen. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { nearestMnemonics } from '../../emu/isa/document.ts'
import { WordsButton } from '../words/WordsButton.tsx'
import { Detail, SupportMark } from './Detail.tsx'
import { closeReference, fragmentOf, moveInReference, useReference } from './place.ts'
import { documentFor, isWord, moved, type Row, rowsFor } from './rows.ts'
import './reference.css'

const ROW = 24
const PAGE = 12
const LIST = 'ref-list'
const rowId = (n: number): string => `ref-row-${n}`

export function Reference() {
  const open = useReference(r => r.asked !== null)
  return (
    <ModalOverlay className="shade ref-shade" isOpen={open} onOpenChange={o => !o && closeReference()} isKeyboardDismissDisabled={false}>
      <Modal className="ref-modal">
        <Dialog className="ref" aria-label="Instruction reference">
          <Page />
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}

function Page() {
  const asked = useReference(r => r.asked) ?? ''
  const [search, setSearch] = useState('')
  const rows = useMemo(() => rowsFor(search), [search])
  const active = rows.findIndex(r => 'entry' in r && (r.entry.name === asked.toLowerCase() || (isWord(asked) && rows.length === 1)))
  const document = useMemo(() => (asked === '' ? null : documentFor(asked)), [asked])
  const detail = useRef<HTMLDivElement>(null)

  // In braces: where scrollTo answers with a promise, React would take that for the effect's end.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another document begins at its top
  useEffect(() => {
    detail.current?.scrollTo(0, 0)
  }, [asked])

  const choose = (n: number) => {
    const row = rows[n]
    if (row && 'entry' in row) moveInReference(isWord(search.trim()) ? search.trim() : row.entry.name)
  }
  const type = (text: string) => {
    setSearch(text)
    const wanted = text.trim()
    const first = rowsFor(text).find(r => 'entry' in r)
    if (wanted !== '' && first && 'entry' in first) moveInReference(isWord(wanted) ? wanted : first.entry.name)
  }
  const onKeyDown = (e: KeyboardEvent) => {
    const moves: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: PAGE, PageUp: -PAGE }
    const by = moves[e.key]
    if (by === undefined || e.ctrlKey || e.metaKey || e.altKey || e.shiftKey) return
    e.preventDefault()
    choose(moved(rows, active, by))
  }
  return (
    <>
      <header className="ref-top">
        <Heading slot="title">Instruction reference</Heading>
        <input
          className="ref-search"
          type="search"
          role="combobox"
          aria-label="Mnemonic, or a word as 0x7c0000a6"
          aria-expanded
          aria-controls={LIST}
          aria-autocomplete="list"
          aria-activedescendant={active < 0 ? undefined : rowId(active)}
          placeholder="Mnemonic, or a word as 0x7c0000a6"
          spellCheck={false}
          autoComplete="off"
          // biome-ignore lint/a11y/noAutofocus: a dialog's first field takes the focus
          autoFocus
          value={search}
          onChange={e => type(e.target.value)}
          onKeyDown={onKeyDown}
        />
        <button type="button" className="btn" onClick={closeReference}>
          Close
        </button>
        <WordsButton />
      </header>
      <div className="ref-in">
        {rows.length > 0 ? <List rows={rows} active={active} choose={choose} /> : <Nothing search={search.trim()} />}
        <div className="ref-pane" ref={detail}>
          {document ? <Detail document={document} /> : <NoDocument asked={asked} />}
        </div>
      </div>
    </>
  )
}

function List({ rows, active, choose }: { rows: readonly Row[]; active: number; choose: (n: number) => void }) {
  const scroller = useRef<HTMLDivElement>(null)
  const list = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 10 })
  // biome-ignore lint/correctness/useExhaustiveDependencies: the chosen row comes into view when it or the list changes
  useEffect(() => {
    if (active >= 0) list.scrollToIndex(active, { align: 'auto' })
    else list.scrollToIndex(0)
  }, [active, rows])
  const count = rows.filter(r => 'entry' in r).length
  return (
    <div className="ref-side">
      <p className="ref-count" role="status">
        {count} {count === 1 ? 'mnemonic' : 'mnemonics'}
      </p>
      <div className="ref-list" id={LIST} role="listbox" aria-label="Mnemonics" ref={scroller}>
        <div style={{ height: list.getTotalSize(), position: 'relative' }} role="presentation">
          {list.getVirtualItems().map(({ index, start }) => (
            <ListRow key={index} row={rows[index]!} index={index} top={start} active={index === active} choose={choose} />
          ))}
        </div>
      </div>
    </div>
  )
}

interface RowProps {
  row: Row
  index: number
  top: number
  active: boolean
  choose: (n: number) => void
}

function ListRow({ row, index, top, active, choose }: RowProps) {
  const style = { transform: `translateY(${top}px)` }
  if ('title' in row) {
    return (
      <div className="ref-group" role="presentation" style={style}>
        {row.title}
      </div>
    )
  }
  const { entry } = row
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys
    // biome-ignore lint/a11y/useFocusableInteractive: as above
    <div
      className={active ? 'ref-row active' : 'ref-row'}
      id={rowId(index)}
      role="option"
      aria-selected={active}
      style={style}
      onClick={() => choose(index)}
    >
      <SupportMark support={entry.support} />
      <b>{entry.name}</b>
      <span className="sr">{entry.support === 'executed' ? '' : entry.support === 'stops' ? ', stops the machine' : ', refused'}</span>
      <small>{entry.of ? `of ${entry.of}` : entry.form && `${entry.form} form`}</small>
    </div>
  )
}

const NearestLinks = ({ to }: { to: string }) => {
  const near = nearestMnemonics(to)
  return near.length === 0 ? null : (
    <span>
      Nearest:{' '}
      {near.map(name => (
        <a key={name} href={fragmentOf(name)}>
          {name}
        </a>
      ))}
    </span>
  )
}

function Nothing({ search }: { search: string }) {
  return (
    <div className="ref-side">
      <div className="empty" role="status">
        {isWord(search) ? (
          <b>{search} is no instruction of POWER9.</b>
        ) : (
          <>
            <b>No mnemonic contains “{search}”.</b>
            <NearestLinks to={search} />
          </>
        )}
      </div>
    </div>
  )
}

function NoDocument({ asked }: { asked: string }) {
  if (asked === '') {
    return (
      <div className="empty">
        <b>Type a mnemonic, or go through the list with the arrow keys.</b>
        <span>
          <SupportMark support="executed" /> executed
        </span>
        <span>
          <SupportMark support="stops" /> facility check, then the machine stops
        </span>
        <span>
          <SupportMark support="refused" /> refused: of later processors
        </span>
      </div>
    )
  }
  return (
    <div className="empty">
      <b>{isWord(asked) ? `${asked} is no instruction of POWER9.` : `No mnemonic “${asked}”.`}</b>
      {!isWord(asked) && <NearestLinks to={asked} />}
    </div>
  )
}
