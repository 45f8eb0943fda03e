/** Every breakpoint in the machine: the user's to change, the controller's and the guest's to see. */
import type { BreakpointView } from '../../../emu/worker/protocol.ts'
import { AddressBox } from '../../code/AddressBox.tsx'
import { hex } from '../../code/address.ts'
import { addBreakpoint, enableBreakpoint, removeBreakpoint } from '../../code/breakpoints.ts'
import { showInDisassembly } from '../../code/navigation.ts'
import { grouped } from '../../run/counts.ts'
import { Icon } from '../../state/Icon.tsx'
import { useTips } from '../../state/Tips.tsx'
import { useStore } from '../../store/store.ts'
import { fixed, kindText, ordered, setByText } from './where.ts'
import './breakpoints.css'

const none: readonly BreakpointView[] = []

export function BreakpointsPanel() {
  const breakpoints = useStore(s => s.view?.breakpoints ?? none)
  const ready = useStore(s => s.view !== null)
  return (
    <section className="bpp" aria-label="Breakpoints">
      <div className="bp-list">{breakpoints.length ? <BreakpointTable breakpoints={breakpoints} /> : ready && <NoBreakpoints />}</div>
      {ready && (
        <AddressBox label="Address of a new breakpoint" width={180} action="Add breakpoint" go={a => void addBreakpoint(a)} clear>
          {(box, problem) => (
            <div className="bp-add">
              {box}
              {problem}
            </div>
          )}
        </AddressBox>
      )}
    </section>
  )
}

export const NoBreakpoints = () => (
  <div className="empty">
    <b>No breakpoints</b>
    <span>Click the gutter beside a line, or press F9.</span>
  </div>
)

export function BreakpointTable({ breakpoints }: { breakpoints: readonly BreakpointView[] }) {
  const { tips, tip } = useTips()
  return (
    <div {...tips}>
      <table className="tb">
        <thead>
          <tr>
            <th scope="col">On</th>
            <th scope="col">Kind</th>
            <th scope="col">Where</th>
            <th scope="col">Condition</th>
            <th scope="col">Set by</th>
            <th scope="col">Hits</th>
            <th scope="col">
              <span className="sr">Remove</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {ordered(breakpoints).map(b => (
            <Row key={`${b.setBy} ${b.kind} ${b.address}`} breakpoint={b} />
          ))}
        </tbody>
      </table>
      {tip}
    </div>
  )
}

function Row({ breakpoint: b }: { breakpoint: BreakpointView }) {
  const why = fixed(b)
  const where = `${hex(b.address)}${b.symbol ? ` ${b.symbol}` : ''}`
  return (
    <tr className={why ? 'fixed' : undefined}>
      <td>
        <input
          type="checkbox"
          checked={b.enabled}
          aria-label={`${kindText[b.kind]} breakpoint at ${where} is on`}
          aria-disabled={why !== null}
          data-tip={why ?? undefined}
          onChange={e => why === null && void enableBreakpoint(b.address, e.target.checked)}
        />
      </td>
      <td>{kindText[b.kind]}</td>
      <td className="mono">
        <button type="button" className="link" onClick={() => showInDisassembly(b.address)} data-tip="Show in Disassembly">
          {where}
        </button>
      </td>
      <td className="mono dim">{b.condition}</td>
      <td className={`by ${b.setBy}`}>{setByText[b.setBy]}</td>
      <td className="mono">{grouped(b.hits)}</td>
      <td className="remove">
        {why === null && (
          <button
            type="button"
            className="btn quiet icon"
            aria-label={`Remove the breakpoint at ${where}`}
            onClick={() => void removeBreakpoint(b.address)}
          >
            <Icon name="cross" />
          </button>
        )}
      </td>
    </tr>
  )
}
