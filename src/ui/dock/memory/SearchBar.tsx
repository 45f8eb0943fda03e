/** Searching memory: bytes, text or a value, onwards and back from the cursor. */
import { type FormEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { CrossMark } from '../../code/marks.tsx'
import { type PatternKind, patternKinds } from './pattern.ts'
import { setSearch, useMemoryPlace } from './place.ts'

interface Props {
  find: (backwards: boolean) => Promise<string | null>
  /** Of what is typed now; null where it can be searched for. */
  problem: string | null
  leave: () => void
}

export function SearchBar({ find, problem, leave }: Props) {
  const { kind, text } = useMemoryPlace(s => s.search)
  const [said, setSaid] = useState<string | null>(null)
  const [tried, setTried] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  const id = useId()
  useEffect(() => field.current?.focus(), [])
  const go = async (backwards: boolean) => {
    setTried(true)
    setSaid(null)
    if (problem === null) setSaid(await find(backwards))
  }
  const submit = (e: FormEvent) => {
    e.preventDefault()
    void go(false)
  }
  const onKeyDown = (e: KeyboardEvent) => {
    if (e.key === 'Escape') leave()
    else if (e.key === 'Enter' && e.shiftKey) void go(true)
    else return
    e.preventDefault()
    e.stopPropagation()
  }
  const wrong = tried ? problem : null
  const change = (to: { kind?: PatternKind; text?: string }) => {
    setSearch(to)
    setSaid(null)
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: Safari has no role for <search>
    <form className="mem-search" role="search" aria-label="Search memory" onSubmit={submit} onKeyDown={onKeyDown}>
      <select aria-label="Search for" value={kind} onChange={e => change({ kind: e.target.value as PatternKind })}>
        {patternKinds.map(k => (
          <option key={k.kind} value={k.kind}>
            {k.name}
          </option>
        ))}
      </select>
      <input
        ref={field}
        className="mono"
        aria-label="What to search for"
        placeholder={patternKinds.find(k => k.kind === kind)?.placeholder}
        value={text}
        onChange={e => change({ text: e.target.value })}
        aria-invalid={wrong !== null}
        aria-describedby={id}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
      />
      <button type="submit" className="btn">
        Next
      </button>
      <button type="button" className="btn" onClick={() => void go(true)}>
        Previous
      </button>
      <span id={id} role="status" className={wrong ? 'mem-said bad' : 'mem-said'}>
        {wrong && <CrossMark />}
        {wrong ?? said}
      </span>
      <span className="sp" />
      <button type="button" className="btn quiet" onClick={leave}>
        Close
      </button>
    </form>
  )
}
