/** A lesson's Markdown. The converter escapes HTML and drops dangerous addresses, so a lesson cannot run script in the page. */
import { micromark } from 'micromark'
import { useMemo } from 'react'

export function Prose({ text, className = 'body' }: { text: string; className?: string }) {
  const html = useMemo(() => micromark(text), [text])
  // biome-ignore lint/security/noDangerouslySetInnerHtml: micromark's output is safe unless it is told otherwise
  return <div className={className} dangerouslySetInnerHTML={{ __html: html }} />
}
