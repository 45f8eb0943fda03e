/** Dialogs: the command palette, keys and words, and the question before something is lost. */
import { useState } from 'react'
import { Dialog, Heading, Input, ListBox, ListBoxItem, Modal, ModalOverlay, SearchField } from 'react-aria-components'
import { MSR } from '../../emu/isa/bitfields.ts'
import { useStore } from '../store/store.ts'
import { seek } from '../timeline/seek.ts'
import { commands, runCommand } from './commands.ts'
import { useDialogs } from './dialogs.ts'
import { matching, type PaletteEntry } from './palette.ts'
import './dialogs.css'

const close = (): void => useDialogs.setState({ open: null })

function jumps(query: string): PaletteEntry[] {
  const { view, events } = useStore.getState()
  if (!view || query === '') return []
  const symbols = (view.program?.symbols ?? []).map(s => ({
    id: `symbol ${s.name}`,
    label: `Go to ${s.name}`,
    note: `0x${s.address.toString(16)}`,
    off: null,
    run: () => useStore.setState({ codeTab: 'disassembly' }),
  }))
  const number = Number(query)
  const event =
    Number.isInteger(number) && number >= 1 && number <= events.length
      ? [{ id: `event ${number}`, label: `Go to event ${number}`, note: events[number - 1]!.sentence, off: null, run: () => seek(number) }]
      : []
  return [...event, ...symbols] // biome-ignore format: short
}

function Palette() {
  const [query, setQuery] = useState('')
  const state = useStore()
  const rows: PaletteEntry[] = commands.map(c => ({
    id: c.id,
    label: c.label,
    note: c.key ?? '',
    off: c.off(state),
    run: () => runCommand(c.id),
  }))
  const found = matching([...rows, ...jumps(query)], query)
  const choose = (id: string) => {
    const row = found.find(r => r.id === id)
    if (!row) return
    close()
    row.run()
  }
  return (
    <Dialog className="palette" aria-label="Commands">
      <SearchField aria-label="Command, symbol or event number" value={query} onChange={setQuery} autoFocus>
        <Input
          className="palette-input"
          placeholder="Command, symbol, event number"
          onKeyDown={e => {
            if (e.key === 'Enter' && found[0]) choose(found[0].id)
            if (e.key === 'ArrowDown') document.querySelector<HTMLElement>('.palette [role=option]')?.focus()
          }}
        />
      </SearchField>
      <ListBox
        className="palette-list"
        aria-label="Commands"
        items={found}
        selectionMode="none"
        onAction={key => choose(String(key))}
        renderEmptyState={() => <p className="empty">No command, symbol or event with this name.</p>}
      >
        {row => (
          <ListBoxItem id={row.id} textValue={row.label} className="menu-item">
            <span className={row.off ? 'lab' : ''}>{row.label}</span>
            <small>{row.off ?? (row.note && <kbd>{row.note}</kbd>)}</small>
          </ListBoxItem>
        )}
      </ListBox>
    </Dialog>
  )
}

const words: readonly [string, string][] = [
  ['AIL', 'LPCR[AIL], alternate interrupt location: where interrupts go while translation is on.'],
  ['Boundary', 'The point after each completed instruction and each interrupt taken.'],
  ['Guest view', 'What the guest would hold if nobody stepped it from outside.'],
  ['HEAI', 'Hypervisor Emulation Assistance interrupt (0xe40): an illegal word comes to the hypervisor.'],
  ['Overlay', 'Words that one vCPU fetches instead of those in memory; loads and stores do not see them.'],
  ['SRR0, SRR1', 'Where an interrupt saves the next address and the MSR.'],
  ['Trace', 'The interrupt (0xd00) that follows an instruction when MSR[SE] is 1.'],
]

function Help() {
  return (
    <Dialog className="help">
      <Heading slot="title">Keys and words</Heading>
      <div className="help-in">
        <table>
          <caption>Keys. Single letters act when no editor or field has the focus.</caption>
          <tbody>
            {commands
              .filter(c => c.key)
              .map(c => (
                <tr key={c.id}>
                  <th scope="row">
                    <kbd>{c.key}</kbd>
                  </th>
                  <td>{c.label}</td>
                </tr>
              ))}
          </tbody>
        </table>
        <dl>
          {words.map(([word, means]) => (
            <div key={word}>
              <dt>{word}</dt>
              <dd>{means}</dd>
            </div>
          ))}
          {MSR.bits.map(b => (
            <div key={b.name}>
              <dt>
                MSR[{b.name}], bit {b.bit}
              </dt>
              <dd>{b.meaning}</dd>
            </div>
          ))}
        </dl>
      </div>
      <button type="button" className="btn" onClick={close}>
        Close
      </button>
    </Dialog>
  )
}

function Question() {
  const question = useDialogs(s => s.question)
  const shut = () => useDialogs.setState({ question: null })
  if (!question) return null
  return (
    <ModalOverlay className="shade centre" isOpen onOpenChange={shut} isDismissable>
      <Modal>
        <Dialog className="question" role="alertdialog" aria-label={question.text}>
          <p>{question.text}</p>
          <div className="row">
            <button type="button" className="btn prime" onClick={() => { shut(); question.act() }}>
              {question.yes}
            </button>
            {/* biome-ignore lint/a11y/noAutofocus: what loses nothing is the default */}
            <button type="button" className="btn" autoFocus onClick={shut}>
              Cancel
            </button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  ) // biome-ignore format: short
}

export function Dialogs() {
  const open = useDialogs(s => s.open)
  return (
    <>
      <ModalOverlay className="shade centre" isOpen={open !== null} onOpenChange={o => !o && close()} isDismissable>
        <Modal>{open === 'palette' ? <Palette /> : <Help />}</Modal>
      </ModalOverlay>
      <Question />
    </>
  )
}
