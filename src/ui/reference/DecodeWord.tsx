/** A word in hexadecimal told as the processor reads it: instruction, operands, each field with its bits, and whether it is executed here. */
import { useEffect, useId, useState } from 'react'
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { type Document, documentOfWord, type Run } from '../../emu/isa/document.ts'
import { hex } from '../code/address.ts'
import { CrossMark } from '../code/marks.tsx'
import { send } from '../store/store.ts'
import { WordsButton } from '../words/WordsButton.tsx'
import { SupportMark } from './Detail.tsx'
import { type ByteOrder, binary, closeDecode, readWord, useDecode } from './decode.ts'
import { openReference } from './place.ts'
import './decode.css'

const hex8 = (word: number): string => `0x${word.toString(16).padStart(8, '0')}`

export function DecodeWord() {
  const open = useDecode(d => d.asked !== null)
  return (
    <ModalOverlay className="shade centre" isOpen={open} onOpenChange={o => !o && closeDecode()} isDismissable>
      <Modal>
        <Dialog className="decode" aria-label="Decode a word">
          <Content />
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}

function Content() {
  const asked = useDecode(d => d.asked)
  const id = useId()
  if (!asked) return null
  const { text, order, address } = asked
  const change = (to: { text?: string; order?: ByteOrder }) => useDecode.setState({ asked: { text, order, address: null, ...to } })
  const { word, problem } = readWord(text, order)
  return (
    <>
      <header className="decode-top">
        <Heading slot="title">Decode a word</Heading>
        <button type="button" className="btn" onClick={closeDecode}>
          Close
        </button>
        <WordsButton />
      </header>
      <div className="decode-ask">
        <input
          className="mono"
          aria-label="Word, in hexadecimal"
          aria-describedby={id}
          aria-invalid={problem !== null && text !== ''}
          placeholder="7c0000a6"
          value={text}
          // biome-ignore lint/a11y/noAutofocus: a dialog's first field takes the focus
          autoFocus
          onFocus={e => e.target.select()}
          onChange={e => change({ text: e.target.value })}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
        />
        <select aria-label="Written as" value={order} onChange={e => change({ order: e.target.value as ByteOrder })}>
          <option value="number">a number</option>
          <option value="little">bytes of a little-endian guest</option>
        </select>
        {address !== null && <span className="lab">at {hex(address)}</span>}
      </div>
      <p id={id} role="status" className={problem && text !== '' ? 'decode-problem' : 'lab'}>
        {problem && text !== '' && <CrossMark />}
        {problem ?? hex8(word ?? 0)}
      </p>
      {word !== null && <Decoded word={word} address={address ?? 0n} placed={address !== null} />}
    </>
  )
}

/** The disassembler's text, which the worker has. */
function useText(word: number, address: bigint): { text: string; plain: string } | null {
  const [found, setFound] = useState<{ word: number; text: string; plain: string } | null>(null)
  useEffect(() => {
    let stale = false
    void send('decodeWord', { word, address }).then(answer => {
      if (answer && !stale) setFound({ word, ...answer })
    })
    return () => {
      stale = true
    }
  }, [word, address])
  return found?.word === word ? found : null
}

function Decoded({ word, address, placed }: { word: number; address: bigint; placed: boolean }) {
  const document = documentOfWord(word)
  const text = useText(word, address)
  return (
    <>
      <p className="decode-text" role="status" aria-label="Instruction">
        {document ? (text?.text ?? '') : 'No instruction of POWER9'}
      </p>
      {document ? (
        <Known document={document} text={text} placed={placed} />
      ) : (
        <p>
          <SupportMark support="refused" /> Executed, it takes the Hypervisor Emulation Assistance interrupt (0xe40), and HEIR holds it.
        </p>
      )}
      <Bits
        word={word}
        runs={document?.word ?? [{ name: 'OPCD', first: 0, last: 5, value: word >>> 26 }]}
        operands={document?.operands ?? []}
      />
    </>
  )
}

function Known({ document, text, placed }: { document: Document; text: { text: string; plain: string } | null; placed: boolean }) {
  const { syntax, name, form, section, supportText, support, invalid } = document
  const more = () => {
    closeDecode()
    openReference(name)
  }
  return (
    <>
      {text && text.plain !== text.text && <p className="lab">Without extended mnemonics: {text.plain}</p>}
      {!placed && /^b/.test(name) && !/lr|ctr|tar/.test(name) && <p className="lab">The target is told as if the word lay at 0.</p>}
      <p>
        <code>{syntax}</code>
        {form && `, ${form} form`}, Power ISA {section}
      </p>
      <p>
        <SupportMark support={support} /> {supportText}
      </p>
      {invalid.map(line => (
        <p key={line}>{line}</p>
      ))}
      <p>
        <button type="button" className="btn" onClick={more}>
          {name} in the instruction reference
        </button>
      </p>
    </>
  )
}

/** "RT = 5" is RT; the value is told by the bits. */
const plainName = (name: string): string => name.split(' ')[0]!

function Bits({ word, runs, operands }: { word: number; runs: readonly Run[]; operands: Document['operands'] }) {
  const means = (name: string): string => {
    if (name === '///') return 'reserved'
    if (name === 'OPCD') return 'primary opcode'
    if (name === 'XO') return 'extended opcode'
    return operands.find(o => plainName(o.name) === name)?.means ?? ''
  }
  const bits = (r: Run): string => (r.first === r.last ? `${r.first}` : `${r.first}:${r.last}`)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must scroll by keyboard
    <section className="decode-fields" tabIndex={0} aria-label="Fields">
      <table>
        <caption className="sr">Fields of the word, bits numbered from the left</caption>
        <thead>
          <tr>
            <th scope="col">Bits</th>
            <th scope="col">Field</th>
            <th scope="col">In binary</th>
            <th scope="col">Value</th>
            <th scope="col">What it is</th>
          </tr>
        </thead>
        <tbody>
          {runs.map(r => (
            <tr key={r.first}>
              <td>{bits(r)}</td>
              <th scope="row">{plainName(r.name)}</th>
              <td>{binary(word, r.first, r.last)}</td>
              <td>{Number.parseInt(binary(word, r.first, r.last), 2)}</td>
              <td>
                {means(plainName(r.name))}
                {r.name.includes('=') && ` (${r.name})`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
