/** The lesson that the page's address names. */

const elsewhere = (origin: string): string =>
  `The lesson lies at ${origin}, and this page fetches lessons from its own site alone. Nothing was changed. Save the file, then open it here or drop it on the page.`

/** `#lesson=` with the id of a lesson that ships, or an address; null where none is named. */
export function addressOfLesson(hash: string, page: string): { address: string } | { problem: string } | null {
  const named = /^#lesson=(.+)$/.exec(hash)?.[1]
  if (named === undefined) return null
  try {
    const text = decodeURIComponent(named)
    if (/^[a-z0-9-]+$/.test(text)) return { address: text }
    const address = new URL(text, page)
    if (!/^https?:$/.test(address.protocol) || address.origin !== new URL(page).origin)
      return { problem: elsewhere(address.origin === 'null' ? address.protocol : address.origin) }
    return { address: address.href }
  } catch {
    return { problem: 'The address of the lesson in this link cannot be read: the link may have been cut off. Nothing was changed.' }
  }
}
