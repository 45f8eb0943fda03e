/** Dialogs: the command palette, and the question before something is lost; the others have files of their own. */
import { useState } from 'react'
import { Autocomplete, Dialog, Input, ListBox, ListBoxItem, Modal, ModalOverlay, SearchField } from 'react-aria-components'
import { showInDisassembly, showInMemory } from '../code/navigation.ts'
import { showSpr } from '../dock/sprs/place.ts'
import { KeptDialog } from '../keep/KeptDialog.tsx'
import { lead } from '../lesson/pointer.ts'
import { PolicyEditor } from '../policy/PolicyEditor.tsx'
import { openDecode } from '../reference/decode.ts'
import { send, useStore } from '../store/store.ts'
import { seek } from '../timeline/seek.ts'
import { Teachers } from '../words/Teachers.tsx'
import { Words } from '../words/Words.tsx'
import { commands, policyCommands, runRow } from './commands.ts'
import { useDialogs } from './dialogs.ts'
import { Help } from './Help.tsx'
import { keyIn, useKeymap } from './keymap.ts'
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
  const own = useKeymap(k => k.own)
  const rows = [...commands, ...policyCommands(state)].map(
    (c): PaletteEntry => ({ id: c.id, label: c.label, note: '', key: keyIn(own, c), off: c.off(state), run: () => runRow(c) }),
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
  help: () => <Help close={close} />,
  words: () => <Words />,
  teachers: () => <Teachers />,
  kept: () => <KeptDialog />,
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
