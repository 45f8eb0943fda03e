/** Where a byte is typed anew, in its place in the dump. */
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'

interface FieldProps {
  digits: string
  write: (digits: string) => void
  leave: () => void
}

export function ByteField({ digits, write, leave }: FieldProps) {
  const field = useRef<HTMLInputElement>(null)
  const [text, setText] = useState(digits)
  useEffect(() => field.current?.focus(), [])
  const change = (value: string) => {
    const kept = value.replace(/[^\da-f]/gi, '').slice(0, 2)
    if (kept.length === 2) write(kept)
    else setText(kept)
  }
  const onKeyDown = (e: KeyboardEvent) => {
    if (e.key === 'Enter') write(text)
    else if (e.key === 'Escape') leave()
    else return
    e.preventDefault()
    e.stopPropagation()
  }
  return (
    <input
      ref={field}
      value={text}
      aria-label="New value, two hexadecimal digits"
      maxLength={2}
      onChange={e => change(e.target.value)}
      onKeyDown={onKeyDown}
      onBlur={leave}
    />
  )
}
