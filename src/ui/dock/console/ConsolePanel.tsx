/** The guest's serial ports: the console, and the second one where a debugger in the guest listens. */
import { useId, useRef, useState } from 'react'
import type { PortName } from '../../../emu/worker/protocol.ts'
import { type Option, Segmented } from '../../state/Segmented.tsx'
import { useStore } from '../../store/store.ts'
import { ConsoleTools } from './ConsoleTools.tsx'
import { InputLine } from './InputLine.tsx'
import { Log } from './Log.tsx'
import { clearedOf } from './shown.ts'
import { useTerminal } from './useTerminal.ts'
import './console.css'

const ports: readonly Option<PortName>[] = [
  { value: 'console', label: 'Console', tip: 'The first serial port, vty 0x71000000.' },
  { value: 'debug', label: 'Monitor', tip: 'The second, vty 0x71000001: a debugger in the guest listens there.' },
]

export function ConsolePanel() {
  const [port, setPort] = useState<PortName>('console')
  const [cleared, setCleared] = useState<Record<PortName, number>>({ console: 0, debug: 0 })
  const output = useStore(s => s.ports[port])
  const from = clearedOf(output, cleared[port])
  const host = useRef<HTMLDivElement>(null)
  const field = useRef<HTMLInputElement>(null)
  const hint = useId()
  const terminal = useTerminal(host, { port, output, from, describedBy: hint, find: () => field.current?.focus() })
  const clear = (at: number) => setCleared({ ...cleared, [port]: at })
  return (
    <section className="conp" aria-label="Console">
      <div className="con-ports">
        <Segmented label="Serial port" options={ports} value={port} choose={setPort} />
        <ConsoleTools
          terminal={terminal}
          field={field}
          empty={output.length === from}
          cleared={from > 0}
          clear={() => clear(output.length)}
          unclear={() => clear(0)}
        />
      </div>
      <div className="con-screen">
        <div className={terminal ? 'con-terminal' : 'con-terminal away'} ref={host} />
        <Log key={port} port={port} output={output} from={from} plain={terminal === null} />
      </div>
      <p className="con-hint" id={hint}>
        Keys typed in the terminal go to the guest and are part of the recording. <kbd>Esc</kbd> then <kbd>Tab</kbd> leaves it.
      </p>
      <InputLine port={port} />
    </section>
  )
}
