/** Dialogs: the command palette, keys and words, and the question before something is lost. */
import { useState } from 'react'
import { Autocomplete, Dialog, Heading, Input, ListBox, ListBoxItem, Modal, ModalOverlay, SearchField } from 'react-aria-components'
import { showInDisassembly, showInMemory } from '../code/navigation.ts'
import { showSpr } from '../dock/sprs/place.ts'
import { lead } from '../lesson/pointer.ts'
import { PolicyEditor } from '../policy/PolicyEditor.tsx'
import { openDecode } from '../reference/decode.ts'
import { send, useStore } from '../store/store.ts'
import { seek } from '../timeline/seek.ts'
import { Teachers } from '../words/Teachers.tsx'
import { Words } from '../words/Words.tsx'
import { chapters } from '../words/words.ts'
import { commands, policyCommands, runRow } from './commands.ts'
import { useDialogs } from './dialogs.ts'
import { setLetters, useLetters } from './letters.ts'
import { jumps, matching, type PaletteEntry, type Place } from './palette.ts'
import { focusRegion } from './regions.ts'
import './dialogs.css'

const close = (): void => useDialogs.setState({ open: null })

function go(place: Place): void {
  if (place.kind === 'event') return seek(place.event)
  if (place.kind === 'time') return void send('seekTime', { instructions: place.instructions })
  if (place.kind === 'wrote') return void send('lastWrite', { vcpu: useStore.getState().view!.state.vcpu, register: place.register })
  if (place.kind === 'register') return lead(place.register === 'MSR' ? 'msr' : `state ${place.register}`)
  if (place.kind === 'word') return openDecode(place.word)
  if (place.kind === 'memory' || place.kind === 'spr') {
    if (place.kind === 'memory') showInMemory(place.address)
    else showSpr(place.register)
    return focusRegion('dock')
  }
  showInDisassembly(place.address)
  focusRegion('guest')
}

/** The focus that the dialog gives back must not overtake where the command puts it. */
const afterClosing = (run: () => void): void => {
  close()
  setTimeout(run, 60)
}

function Palette() {
  const [query, setQuery] = useState(() => useDialogs.getState().typed)
  const state = useStore()
  const rows = [...commands, ...policyCommands(state)].map(
    (c): PaletteEntry => ({ id: c.id, label: c.label, note: '', key: c.key, off: c.off(state), run: () => runRow(c) }),
  )
  const places = state.view ? jumps(query, state.view, state.events) : []
  const found = [
    ...places.map(
      (j): PaletteEntry => ({ id: `jump ${j.label}`, label: j.label, note: j.note, key: null, off: null, run: () => go(j.place) }),
    ),
    ...matching(rows, query),
  ]
  const choose = (id: string) => {
    const row = found.find(r => r.id === id)
    if (row) afterClosing(row.run)
  }
  return (
    <Dialog className="palette" aria-label="Commands">
      <Autocomplete inputValue={query} onInputChange={setQuery}>
        {/* One Esc leaves; the field by itself would first clear what was typed. */}
        <SearchField
          aria-label="Command, symbol, register or event number"
          autoFocus
          onKeyDown={e => (e.key === 'Escape' ? close() : e.continuePropagation())}
        >
          <Input className="palette-input" role="combobox" aria-expanded placeholder="Command, symbol, register, event number" />
        </SearchField>
        <ListBox
          className="palette-list"
          aria-label="Commands"
          items={found}
          selectionMode="none"
          onAction={key => choose(String(key))}
          renderEmptyState={() => <p className="empty">Nothing has this name.</p>}
        >
          {row => (
            <ListBoxItem id={row.id} textValue={row.label} className="menu-item">
              <span className={row.off ? 'lab' : ''}>{row.label}</span>
              <small>
                {row.off ?? (row.key ? '' : row.note)}
                {row.key && <kbd>{row.key}</kbd>}
              </small>
            </ListBoxItem>
          )}
        </ListBox>
      </Autocomplete>
    </Dialog>
  )
}

function Help() {
  const letters = useLetters(l => l.on)
  return (
    <Dialog className="help">
      <Heading slot="title">Keys and words</Heading>
      <label className="help-letters">
        <input type="checkbox" checked={letters} onChange={e => setLetters(e.target.checked)} />
        Single letters, digits and marks are commands
      </label>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls needs the keyboard */}
      <section className="help-in" aria-label="Keys and their commands" tabIndex={0}>
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
          {chapters[0]!.words.map(({ word, means }) => (
            <div key={word}>
              <dt>{word}</dt>
              <dd>{means}</dd>
            </div>
          ))}
        </dl>
      </section>
      <div className="row">
        <button type="button" className="btn" onClick={() => useDialogs.setState({ open: 'words', word: '' })}>
          All words and acronyms
        </button>
        <button type="button" className="btn" onClick={close}>
          Close
        </button>
      </div>
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

const dialogs = {
  palette: () => <Palette />,
  policies: () => <PolicyEditor close={close} />,
  help: () => <Help />,
  words: () => <Words />,
  teachers: () => <Teachers />,
}

export function Dialogs() {
  const open = useDialogs(s => s.open)
  return (
    <>
      <ModalOverlay className="shade centre" isOpen={open !== null} onOpenChange={o => !o && close()} isDismissable>
        <Modal>{open && dialogs[open]()}</Modal>
      </ModalOverlay>
      <Question />
    </>
  )
}
