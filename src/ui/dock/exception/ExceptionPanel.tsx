/** Exception: the interrupt at or before the event shown, in four columns. */
import type { ReactNode } from 'react'
import type { ExceptionView } from '../../../emu/worker/protocol.ts'
import { grouped } from '../../run/counts.ts'
import { plainHex } from '../../state/digits.ts'
import { Hex } from '../../state/Hex.tsx'
import { Icon } from '../../state/Icon.tsx'
import { prose } from '../../state/prose.tsx'
import { useTips } from '../../state/Tips.tsx'
import { AdviceNotes } from './AdviceNotes.tsx'
import { causeRows } from './causes.ts'
import { useException } from './useException.ts'
import './exception.css'

export function ExceptionPanel() {
  const exception = useException()
  const { tips, tip } = useTips()
  if (!exception) {
    return (
      <div className="empty">
        <AdviceNotes />
        <b>No interrupt yet</b>
        <span>
          When the guest takes one, this panel explains it in four steps: why, what was saved, what changed in the MSR, and how the vector
          was computed.
        </span>
      </div>
    )
  }
  return (
    <>
      <AdviceNotes />
      <div className="insp" {...tips}>
        <Why exception={exception} />
        <Saved exception={exception} />
        <MsrChanged exception={exception} />
        <Vector exception={exception} />
        {tip}
      </div>
    </>
  )
}

interface Props {
  exception: ExceptionView
}

function Column({ number, title, children }: { number: number; title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h3>
        <i aria-hidden="true">{number}</i>
        {title}
      </h3>
      {children}
    </section>
  )
}

function Why({ exception: { name, vector, why, facts, event, vcpu } }: Props) {
  const [first, ...then] = why
  const all = [...facts, { name: 'taken on', value: `vCPU ${vcpu}` }, { name: 'event', value: grouped(event) }]
  // The worker may have named these itself.
  const shown = all.filter((fact, i) => all.findIndex(f => f.name === fact.name) === i)
  return (
    <Column number={1} title="Why">
      <p>
        <b>{name}</b> <code>0x{vector.toString(16)}</code>
        {first && <br />}
        {first && prose(first)}
      </p>
      <dl className="kv">
        {shown.map(fact => (
          <div key={fact.name}>
            <dt>{fact.name}</dt>
            <dd>{fact.value}</dd>
          </div>
        ))}
      </dl>
      {then.map((text, i) => (
        <p key={text} className={i === 0 ? 'sep' : undefined}>
          {prose(text)}
        </p>
      ))}
    </Column>
  )
}

function Causes({ causes, caption }: { causes: ExceptionView['causeBits']; caption: string | undefined }) {
  if (causes.length === 0) return null
  return (
    <table className="sep">
      {caption && <caption className="w">{caption}, by its bits</caption>}
      <tbody>
        {causeRows(causes).map(({ bits, value, meaning, detail }) =>
          detail === null ? (
            <tr key={bits}>
              <th scope="row" className="mono">
                {bits} = {value}
              </th>
              <td className="w">{meaning}</td>
            </tr>
          ) : (
            <tr key={bits}>
              <th scope="row" colSpan={2} className="w" data-tip={detail}>
                <code>
                  {bits} = {value}
                </code>{' '}
                {meaning}
              </th>
            </tr>
          ),
        )}
      </tbody>
    </table>
  )
}

function Saved({ exception: { saved, causeBits, status } }: Props) {
  return (
    <Column number={2} title="Saved">
      <table>
        <tbody>
          {saved.flatMap(({ register, value, text }) => [
            <tr key={register}>
              <th scope="row" className="mono">
                {register}
              </th>
              <td>
                <Hex value={value} name={register} />
              </td>
            </tr>,
            <tr key={`${register} text`}>
              <td />
              <td className="w">{prose(text)}</td>
            </tr>,
          ])}
        </tbody>
      </table>
      <Causes causes={causeBits} caption={status ? saved[1]?.register : undefined} />
      {status && <Causes causes={status.bits} caption={status.register} />}
    </Column>
  )
}

function MsrChanged({ exception: { msr } }: Props) {
  return (
    <Column number={3} title="MSR changed">
      <table>
        <tbody>
          <tr>
            <th scope="row" className="w">
              from
            </th>
            <td>
              <Hex value={msr.from} name="MSR from" />
            </td>
          </tr>
          <tr>
            <th scope="row" className="w">
              to
            </th>
            <td>
              <Hex value={msr.to} name="MSR to" />
            </td>
          </tr>
        </tbody>
      </table>
      <table className="sep">
        <tbody>
          {msr.changes.map(({ bits, text, reason }) => (
            <tr key={bits}>
              <th scope="row" className="mono">
                {bits} {text}
              </th>
              <td className="w">{reason}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Column>
  )
}

function Vector({ exception: { sum, nip, reason, leak } }: Props) {
  return (
    <Column number={4} title="Vector">
      <dl className="sum">
        {sum.map(({ name, value }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{plainHex(value)}</dd>
          </div>
        ))}
        <div className="t">
          <dt>NIP</dt>
          <dd>{plainHex(nip)}</dd>
        </div>
      </dl>
      <p>{prose(reason)}</p>
      {leak && (
        <p className="sep leakp">
          <Icon name="cross" />
          <span>{prose(leak)}</span>
        </p>
      )}
    </Column>
  )
}
