import type { ReactNode } from 'react'

/** Text with what is code in it: between backticks, and hexadecimal numbers. */
export function prose(text: string): ReactNode[] {
  return text.split(/(`[^`]+`|\b0x[0-9a-f_]+)/i).map((part, i) => {
    const code = part.startsWith('`') ? part.slice(1, -1) : /^0x/i.test(part) ? part : null
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of one sentence have no other name
    return code === null ? part : <code key={i}>{code}</code>
  })
}
