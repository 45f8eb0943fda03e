/** A lesson's Markdown as HTML that can do nothing: no raw HTML, no pictures, and links to http and https alone, in a tab of their own. */
import { micromark } from 'micromark'

const without = { disable: { null: ['htmlFlow', 'htmlText', 'labelStartImage'] } }

/** Text is escaped by the converter, so that `<a href="` stands only where it wrote a link. */
export const htmlOf = (markdown: string): string =>
  micromark(markdown, { extensions: [without] }).replace(/<a href="([^"]*)"([^>]*)>/g, (_, address: string, rest: string) =>
    /^https?:\/\//i.test(address) ? `<a href="${address}" target="_blank" rel="noreferrer noopener"${rest}>` : '<a>',
  )
