/** How to write, give, embed and grade lessons: the documents of the product, rendered. */
import { useMemo } from 'react'
import { Dialog, Heading } from 'react-aria-components'
import embed from '../../../docs/embed.md?raw'
import lessons from '../../../docs/lessons.md?raw'
import { useDialogs } from '../shell/dialogs.ts'
import { pageOf } from './page.ts'
import './words.css'

export function Teachers() {
  const html = useMemo(() => pageOf(lessons) + pageOf(embed), [])
  return (
    <Dialog className="page-of-words">
      <Heading slot="title">For teachers</Heading>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls needs the keyboard */}
      <section className="words-in prose" aria-label="Writing, giving, embedding and grading lessons" tabIndex={0}>
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: documents of our own, by a converter that leaves nothing that can act */}
        <div dangerouslySetInnerHTML={{ __html: html }} />
      </section>
      <button type="button" className="btn" onClick={() => useDialogs.setState({ open: null })}>
        Close
      </button>
    </Dialog>
  )
}
