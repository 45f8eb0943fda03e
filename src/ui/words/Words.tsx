/** Every word and acronym with its meaning, to be looked through or searched. */
import { useState } from 'react'
import { Dialog, Heading, Input, SearchField } from 'react-aria-components'
import { useDialogs } from '../shell/dialogs.ts'
import { type Chapter, found } from './words.ts'
import './words.css'

const close = (): void => useDialogs.setState({ open: null })

const ChapterOf = ({ title, words }: Chapter) => (
  <section>
    <h3>{title}</h3>
    <dl>
      {words.map(({ word, means }) => (
        <div key={word}>
          <dt>{word}</dt>
          <dd>{means}</dd>
        </div>
      ))}
    </dl>
  </section>
)

export function Words() {
  const [text, setText] = useState(() => useDialogs.getState().word)
  const chapters = found(text)
  const count = chapters.reduce((n, c) => n + c.words.length, 0)
  return (
    <Dialog className="page-of-words">
      <Heading slot="title">Words</Heading>
      <SearchField aria-label="Word, acronym, register or bit" value={text} onChange={setText} autoFocus>
        <Input className="palette-input" placeholder="Word, acronym, register, bit" />
      </SearchField>
      <p role="status" className="lab">
        {count} word{count === 1 ? '' : 's'}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls needs the keyboard */}
      <section className="words-in" aria-label="Words and their meanings" tabIndex={0}>
        {chapters.map(c => (
          <ChapterOf key={c.title} {...c} />
        ))}
        {count === 0 && <p className="empty">Nothing is called so, and no meaning says it.</p>}
      </section>
      <button type="button" className="btn" onClick={close}>
        Close
      </button>
    </Dialog>
  )
}
