/** A lesson's Markdown. */
import { useMemo } from 'react'
import { htmlOf } from './markdown.ts'

export function Prose({ text, className = 'body' }: { text: string; className?: string }) {
  const html = useMemo(() => htmlOf(text), [text])
  // biome-ignore lint/security/noDangerouslySetInnerHtml: htmlOf leaves nothing that can act
  return <div className={className} dangerouslySetInnerHTML={{ __html: html }} />
}
