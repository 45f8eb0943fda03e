/** Writes a new breakpoint, or one that is there, anew. */
import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import type { BreakpointKind, BreakpointSpec } from '../../../emu/worker/protocol.ts'
import { parseAddress } from '../../code/address.ts'
import { CrossMark } from '../../code/marks.tsx'
import { useStore } from '../../store/store.ts'
import { type Draft, emptyDraft, type Field, kinds, type Problem, refusal, specOf } from './draft.ts'
import { vectors } from './vectors.ts'

interface Props {
  start: Draft
  enabled: boolean
  /** The button's word. */
  action: string
  /** Answers why it was not taken; null where it was. */
  save: (spec: BreakpointSpec) => Promise<string | null>
  cancel?: () => void
  /** The kind of one that is there stays. */
  kindStays?: boolean
  /** Has the focus when the form is drawn. */
  focus?: keyof Draft | undefined
  /** Stands where else the kind is explained. */
  children?: ReactNode
}

const parse = (text: string) => {
  const { view } = useStore.getState()
  return parseAddress(text, { symbols: view?.program?.symbols ?? [], registers: view?.state.registers ?? {} })
}

export function BreakpointForm({ start, enabled, action, save, cancel, kindStays = false, focus, children }: Props) {
  const [draft, setDraft] = useState(start)
  const [problem, setProblem] = useState<Problem | null>(null)
  const form = useRef<HTMLFormElement>(null)
  const id = useId()
  const vcpus = useStore(s => s.view?.vcpus ?? 1)
  const toField = (field: keyof Draft) => form.current?.querySelector<HTMLElement>(`[name="${field}"]`)?.focus()
  // biome-ignore lint/correctness/useExhaustiveDependencies: when the form is drawn, and not later
  useEffect(() => {
    if (focus) toField(focus)
  }, [])
  const put = (change: Partial<Draft>) => {
    setDraft({ ...draft, ...change })
    setProblem(null)
  }
  const wrong = (found: Problem) => {
    setProblem(found)
    if (found.field) toField(found.field)
  }
  const submit = async (e: FormEvent) => {
    e.preventDefault()
    const spec = specOf(draft, enabled, parse)
    if ('text' in spec) return wrong(spec)
    const refused = await save(spec)
    if (refused !== null) wrong(refusal(refused))
    else setDraft(emptyDraft(draft.kind))
  }
  const invalid = (key: keyof Draft) => ({
    'aria-invalid': problem?.field === key,
    'aria-describedby': problem?.field === key ? id : undefined,
  })
  const text = (label: string, key: keyof Draft, width: number, placeholder = '') => (
    <label>
      {label}
      <input
        className="mono"
        style={{ width }}
        name={key}
        value={draft[key]}
        placeholder={placeholder}
        onChange={e => put({ [key]: e.target.value })}
        {...invalid(key)}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
      />
    </label>
  )
  const choice = (label: string, key: keyof Draft, options: readonly (readonly [string, string])[]) => (
    <label>
      {label}
      <select name={key} value={draft[key]} onChange={e => put({ [key]: e.target.value })}>
        {options.map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
  const fields: Record<Field, () => ReactNode> = {
    address: () => text('Address', 'address', 150, 'address, symbol'),
    length: () => text('Bytes', 'length', 44),
    access: () => choice('On', 'access', [['write', 'writes'], ['read', 'reads'], ['access', 'both']]),
    vector: () => choice('Vector', 'number', vectors),
    hypercall: () => text('Number', 'number', 60, 'any'),
    register: () => text('Register or field', 'register', 90, 'MSR.SE, LPCR'),
    privilege: () => choice('From', 'privilege', [['any', 'any privilege'], ['privileged', 'privileged'], ['problem', 'problem state']]),
  } // biome-ignore format: a table
  return (
    <form
      className="bp-form"
      ref={form}
      onSubmit={e => void submit(e)}
      onKeyDown={e => {
        if (e.key !== 'Escape' || !cancel) return
        e.stopPropagation()
        cancel()
      }}
      aria-label={action}
    >
      {!kindStays &&
        choice(
          'Kind',
          'kind',
          Object.entries(kinds).map(([kind, { title }]) => [kind as BreakpointKind, title] as const),
        )}
      {kinds[draft.kind].fields.map(f => (
        <span key={f}>{fields[f]()}</span>
      ))}
      {text('Condition', 'condition', 140, 'r3 == 4 && MSR.SE')}
      {text('Pass over', 'ignore', 40)}
      {text('Log, not stop', 'log', 130, 'r3 is {r3}')}
      {vcpus > 1 && choice('vCPU', 'vcpu', [['', 'any'], ...Array.from({ length: vcpus }, (_, n) => [`${n}`, `vCPU ${n}`] as const)])}
      <button type="submit" className="btn">
        {action}
      </button>
      {cancel && (
        <button type="button" className="btn quiet" onClick={cancel}>
          Cancel
        </button>
      )}
      {problem ? (
        <p className="bp-says bad" id={id} role="alert">
          <CrossMark />
          <span>{problem.text}</span>
        </p>
      ) : (
        (children ?? <p className="bp-says">{kinds[draft.kind].says}</p>)
      )}
    </form>
  )
}
