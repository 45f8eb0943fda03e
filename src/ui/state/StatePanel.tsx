/** State: all registers of the vCPU shown, at the event shown. */
import { useCallback, useState } from 'react'
import type { StateView } from '../../emu/worker/protocol.ts'
import { useStore } from '../store/store.ts'
import { WordsButton } from '../words/WordsButton.tsx'
import { CauseBits } from './CauseBits.tsx'
import { ConditionRegister, XerBits } from './Condition.tsx'
import { onCopy } from './copy.ts'
import { Differences } from './Differences.tsx'
import { define } from './definitions.tsx'
import { type Editing, EditPopover } from './EditPopover.tsx'
import { editBlocked, write } from './editing.ts'
import { Grid } from './Grid.tsx'
import { Hex } from './Hex.tsx'
import { Icon } from './Icon.tsx'
import { Ail, Timers } from './Interrupts.tsx'
import { MsrStrip } from './MsrStrip.tsx'
import { Register } from './Register.tsx'
import { bitMask, srr1Interrupt, withAil } from './registers.ts'
import { Since } from './Since.tsx'
import { useTips } from './Tips.tsx'
import './state.css'

const addresses = [['NIP'], ['LR'], ['CTR']]
const saved = [['SRR0'], ['SRR1']]
const savedByHypervisor = [['HSRR0'], ['HSRR1']]
/** Two columns: r0 beside r16. */
const general = Array.from({ length: 16 }, (_, i) => [`r${i}`, `r${i + 16}`])

/** The value now, for actions that must not go by what was drawn. */
const current = (register: string): bigint => useStore.getState().view?.state.registers[register] ?? 0n

export function StatePanel() {
  const state = useStore(s => s.view?.state)
  const blocked = useStore(s => editBlocked(s.view))
  const [editing, setEditing] = useState<Editing | null>(null)
  const [chosen, setChosen] = useState('NIP')
  const { tips, tip } = useTips(key => define(useStore.getState().view?.state, key))

  return (
    <section className="panel state" aria-label="State" id="state" tabIndex={-1} {...tips} onCopy={onCopy}>
      <div className="ph">
        <h2>State</h2>
        {state && <span className="meta state-vcpu">vCPU {state.vcpu}</span>}
        <span className="sp" />
        <WordsButton />
        <Since />
        <button
          type="button"
          className="btn quiet"
          aria-disabled={blocked !== null}
          data-tip={blocked ?? `Edit ${chosen} or another register`}
          onClick={e => setEditing({ register: chosen, element: e.currentTarget, choose: true })}
        >
          <Icon name="pencil" />
          Edit
        </button>
      </div>
      <div className="pb">
        {state ? (
          <Sections state={state} blocked={blocked} setEditing={setEditing} setChosen={setChosen} />
        ) : (
          <p className="empty">Starting.</p>
        )}
      </div>
      {tip}
      {editing && state && (
        <EditPopover editing={editing} vcpu={state.vcpu} registers={state.registers} blocked={blocked} change={setEditing} />
      )}
    </section>
  )
}

interface SectionsProps {
  state: StateView
  blocked: string | null
  setEditing: (editing: Editing) => void
  setChosen: (register: string) => void
}

function Sections({ state, blocked, setEditing, setChosen }: SectionsProps) {
  const { registers, guest, hints, baseline } = state
  const edit = useCallback((register: string, element: HTMLElement) => setEditing({ register, element, choose: false }), [setEditing])
  const flip = useCallback(
    (register: string, mask: bigint, element: HTMLElement) => {
      if (editBlocked(useStore.getState().view)) edit(register, element)
      else void write(register, current(register) ^ mask)
    },
    [edit],
  )
  const flipMsr = useCallback((bit: number, element: HTMLElement) => flip('MSR', bitMask(bit), element), [flip])
  const chooseAil = useCallback((ail: number) => void write('LPCR', withAil(current('LPCR'), ail)), [])

  const register = (wide: boolean) => (name: string, tabIndex: 0 | -1) => (
    <Register
      key={name}
      name={name}
      value={registers[name]}
      was={baseline.registers[name]}
      guest={guest[name]}
      hint={hints[name]}
      tabIndex={tabIndex}
      wide={wide}
    />
  )
  const grid = { edit, onFocus: setChosen }
  const msr = registers.MSR ?? 0n
  const srr1 = registers.SRR1 ?? 0n
  const vector = useStore(s => srr1Interrupt(s.events, s.view?.recording.shown ?? 0, state.vcpu)?.vector ?? null)
  const msrChanged = baseline.registers.MSR !== undefined && baseline.registers.MSR !== msr
  return (
    <>
      <div className="sec">
        <Grid label="Addresses" className="regs" cells={addresses} cell={register(true)} {...grid} />
        <ConditionRegister value={registers.CR ?? 0n} was={baseline.registers.CR} edit={edit} flip={flip} onFocus={setChosen} />
        <XerBits value={registers.XER ?? 0n} was={baseline.registers.XER} edit={edit} flip={flip} onFocus={setChosen} />
      </div>
      <div className="sec" id="msr" tabIndex={-1}>
        <h3 className={msrChanged ? 'sh chg' : 'sh'}>
          <span className="nm" data-tip="register MSR">
            MSR
          </span>
        </h3>
        <MsrStrip physical={msr} guest={guest.MSR ?? msr} edit={edit} flip={flipMsr} onFocus={setChosen} />
        <div className="hexline">
          <span>
            <em>physical</em>
            <Hex value={msr} was={baseline.registers.MSR ?? null} name="MSR" />
          </span>
          <span>
            <em>guest sees</em>
            <Hex value={guest.MSR ?? msr} name="MSR for the guest" />
          </span>
        </div>
        <Differences differences={state.differences} />
      </div>
      <div className="sec">
        <Grid label="Save and restore" className="regs" cells={saved} cell={register(true)} {...grid} />
        <CauseBits srr1={srr1} vector={vector} />
        <Grid label="Hypervisor save and restore" className="regs" cells={savedByHypervisor} cell={register(true)} {...grid} />
      </div>
      <div className="sec">
        <Ail ail={state.ail} blocked={blocked} choose={chooseAil} />
        <Timers registers={registers} {...grid} />
      </div>
      <div className="sec">
        <Grid label="General-purpose registers" className="gpr" cells={general} cell={register(false)} {...grid} />
      </div>
    </>
  )
}
