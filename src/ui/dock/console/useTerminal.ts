/** The terminal in its place: fetched, given what the port wrote, and taken away again. */
import { type RefObject, useEffect, useRef, useState } from 'react'
import type { PortName } from '../../../emu/worker/protocol.ts'
import { fetchPart } from '../../part.ts'
import { everywhere } from '../../shell/keyboard.ts'
import { send } from '../../store/store.ts'
import { type Given, writing } from './shown.ts'
import type { ConsoleTerminal } from './terminal.ts'
import { typing } from './typing.ts'

interface Wanted extends Given {
  readonly port: PortName
  readonly describedBy: string
  readonly find: () => void
}

/** Null until it is there, and for good where it could not be fetched: the plain log stands in its place. */
export function useTerminal(
  host: RefObject<HTMLElement | null>,
  { port, output, from, describedBy, find }: Wanted,
): ConsoleTerminal | null {
  const [terminal, setTerminal] = useState<ConsoleTerminal | null>(null)
  const given = useRef<(Given & { port: PortName }) | null>(null)
  const hearing = useRef({ port, find })
  hearing.current = { port, find }

  useEffect(() => {
    let made: ConsoleTerminal | null = null
    let gone = false
    const type = typing(async text => (await send('consoleInput', { text, port: hearing.current.port })) !== null)
    fetchPart(() => import('./terminal.ts')).then(
      ({ ConsoleTerminal }) => {
        if (gone || !host.current) return
        made = new ConsoleTerminal(host.current, { typed: type, find: () => hearing.current.find(), command: everywhere }, describedBy)
        given.current = null
        setTerminal(made)
      },
      () => undefined,
    )
    return () => {
      gone = true
      made?.dispose()
    }
  }, [host, describedBy])

  useEffect(() => {
    if (!terminal) return
    const before = given.current?.port === port ? given.current : null
    const todo = writing(before, { output, from })
    given.current = { port, output, from }
    if (todo) terminal.write(todo)
  }, [terminal, port, output, from])

  return terminal
}
