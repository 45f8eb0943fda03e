/** A lesson's Markdown. */
import { useMemo } from 'react'
import { htmlOf } from './markdown.ts'

export function Prose({ text, className = 'body', id }: { text: string; className?: string; id?: string }) {
  const html = useMemo(() => htmlOf(text), [text])
  // biome-ignore lint/security/noDangerouslySetInnerHtml: htmlOf leaves nothing that can act
  return <div className={className} id={id} dangerouslySetInnerHTML={{ __html: html }} />
}
