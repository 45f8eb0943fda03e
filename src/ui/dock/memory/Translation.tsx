/** How the byte under the cursor is translated: each level with its entry and what the entry says, the real address, or why it faults. */
import { useEffect, useState } from 'react'
import type { MachineView, Space, TranslationField, TranslationStep, TranslationView } from '../../../emu/worker/protocol.ts'
import { hex, hex16 } from '../../code/address.ts'
import { showInMemory } from '../../code/navigation.ts'
import { Segmented } from '../../state/Segmented.tsx'
import { send } from '../../store/store.ts'

type Access = TranslationView['access']
const accesses = [
  { value: 'load', label: 'Load' },
  { value: 'store', label: 'Store' },
  { value: 'fetch', label: 'Fetch' },
] as const

interface Props {
  address: bigint
  space: Space
  view: MachineView
}

export function Translation({ address, space, view }: Props) {
  return space === 'effective' ? <OfEffective address={address} view={view} /> : <OfReal address={address} space={space} />
}

function OfReal({ address, space }: Omit<Props, 'view'>) {
  const other = space === 'guest real' ? 'host real' : 'guest real'
  return (
    <section className="mem-walk" aria-label="Translation of the address">
      <p>
        The partition has the machine’s storage one to one, so that {space} <code>{hex(address)}</code> is {other}{' '}
        <RealLink address={address} space={other} />. No table is read for it. Choose the effective space to see how the guest comes here.
      </p>
    </section>
  )
}

function OfEffective({ address, view }: Omit<Props, 'space'>) {
  const [access, setAccess] = useState<Access>('load')
  // What was found for another address stands until the answer is here: it says its own address.
  const [found, setFound] = useState<TranslationView | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked anew whenever the machine has moved
  useEffect(() => {
    let stale = false
    void send('translateAddress', { address, access }).then(t => {
      if (!stale && t) setFound(t)
    })
    return () => {
      stale = true
    }
  }, [address, access, view])
  return (
    <section className="mem-walk" aria-label="Translation of the address">
      <div className="mem-walk-top">
        <b className="mono">{hex(address)}</b>
        <Segmented label="Access" value={access} options={accesses} choose={setAccess} />
      </div>
      {found && <Walk found={found} />}
    </section>
  )
}

function Walk({ found }: { found: TranslationView }) {
  const { fault, guestReal, hostReal, sets } = found
  return (
    <>
      <p>{found.context}</p>
      <ol className="mem-levels">
        {found.steps.map(s => (
          <Level key={s.title} step={s} />
        ))}
      </ol>
      {guestReal !== null && (
        <p>
          Guest real <RealLink address={guestReal} space="guest real" />
          {hostReal !== null && (
            <>
              , host real <RealLink address={hostReal} space="host real" />: the partition has the machine’s storage one to one, up to{' '}
              <code>{hex(BigInt(found.ramBytes))}</code>.
            </>
          )}
        </p>
      )}
      {sets.length > 0 && <p>The access would set {sets.join(' and ')} in the leaf.</p>}
      {fault && (
        <div className="mem-fault" role="note">
          <b>
            ✗ A {found.access} would take the {fault.interrupt}.
          </b>
          <p>{fault.why}</p>
          {fault.register !== null && (
            <p>
              {fault.register} would hold <code>{hex(fault.status)}</code>
              {fault.register.endsWith('SRR1') ? ' in its cause bits' : ''}:
            </p>
          )}
          <Fields fields={fault.bits} />
        </div>
      )}
    </>
  )
}

function RealLink({ address, space }: { address: bigint; space: 'guest real' | 'host real' }) {
  return (
    <button type="button" className="mem-link" onClick={() => showInMemory(address, space)} aria-label={`Show ${space} ${hex(address)}`}>
      {hex(address)}
    </button>
  )
}

function Level({ step }: { step: TranslationStep }) {
  return (
    <li>
      <b>{step.title}</b>
      <p>{step.says}</p>
      {step.at !== null && step.value !== null && (
        <p className="mono">
          <RealLink address={step.at} space="guest real" /> holds {hex16(step.value)}
        </p>
      )}
      <Fields fields={step.fields} />
    </li>
  )
}

function Fields({ fields }: { fields: readonly TranslationField[] }) {
  if (fields.length === 0) return null
  return (
    <dl className="mem-fields">
      {fields.map(f => (
        <div key={f.name} className={f.value === '0' || f.value === '0x0' ? 'off' : undefined}>
          <dt>
            {f.name} <small>{f.bits}</small>
          </dt>
          <dd>
            <b>{f.value}</b> <span>{f.meaning}</span>
          </dd>
        </div>
      ))}
    </dl>
  )
}
