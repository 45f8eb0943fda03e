/** The output as text: a polite log for screen readers beside the terminal, and what is seen until the terminal is there. */
import { useEffect, useLayoutEffect, useMemo, useReducer, useRef } from 'react'
import type { PortName } from '../../../emu/worker/protocol.ts'
import { MOST_CHARACTERS, printedLines } from './printable.ts'

/** Nearer to the end than this counts as being there. */
const AT_END_PX = 24
/** Beside the terminal: what a screen reader can read back in the log. */
const MOST_BESIDE = 10_000

const hints: Readonly<Record<PortName, string>> = {
  console: 'The guest prints here. Type to send to its serial port.',
  debug: 'A debugger in the guest answers here. monitor.s has one: s steps, c continues, r shows registers.',
}

/** More new characters than this between two looks are a flood: nobody reads along, and the log takes them in from time to time. */
const FLOOD = 1_000
const FLOOD_EVERY_MS = 500

/** The text as the log takes it in. */
function useCalm(output: string): string {
  const taken = useRef({ output, at: 0 })
  const [, again] = useReducer((n: number) => n + 1, 0)
  const grown = output.length - taken.current.output.length
  const now = performance.now()
  if (grown < 0 || grown <= FLOOD || now - taken.current.at >= FLOOD_EVERY_MS)
    taken.current = { output, at: grown > FLOOD ? now : taken.current.at }
  const { output: text } = taken.current
  const behind = text !== output
  // biome-ignore lint/correctness/useExhaustiveDependencies: counted from the last of what came
  useEffect(() => {
    if (!behind) return
    const timer = setTimeout(again, FLOOD_EVERY_MS)
    return () => clearTimeout(timer)
  }, [output, behind])
  return text
}

interface Props {
  port: PortName
  output: string
  /** Characters at the start that were cleared away. */
  from: number
  /** There is no terminal: this is what is seen. */
  plain: boolean
}

export function Log({ port, output: written, from, plain }: Props) {
  const calm = useCalm(written)
  const output = plain ? written : calm
  const most = plain ? MOST_CHARACTERS : MOST_BESIDE
  const lines = useMemo(() => printedLines(output, from, most), [output, from, most])
  const log = useRef<HTMLDivElement>(null)
  // As it was after the last text: a scroll since then, seen or not yet told, shows against it.
  const before = useRef({ height: 0, room: 0 })
  // biome-ignore lint/correctness/useExhaustiveDependencies: new text is what moves the end
  useLayoutEffect(() => {
    if (!plain) return
    const element = log.current!
    const { height, room } = before.current
    if (element.scrollTop + room >= height - AT_END_PX) element.scrollTop = element.scrollHeight
    before.current = { height: element.scrollHeight, room: element.clientHeight }
  }, [lines])
  const empty = output.length === from
  return (
    <>
      <div className={plain ? 'con' : 'con beside'} role="log" aria-label="Guest output" tabIndex={plain ? 0 : undefined} ref={log}>
        {output.length - from > most && <p className="hint">Earlier output is not shown.</p>}
        {!empty && lines.map(({ at, text }) => <div key={at}>{text}</div>)}
      </div>
      {empty && <p className="con-empty">{from > 0 ? 'Cleared. What the guest prints next comes here.' : hints[port]}</p>}
    </>
  )
}
