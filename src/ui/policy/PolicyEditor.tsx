/** Two policies side by side; the right one is being edited. */
import { useEffect, useState } from 'react'
import { Dialog } from 'react-aria-components'
import type { ListingLine, PolicyProblem, PolicyTable } from '../../emu/worker/protocol.ts'
import { HypervisorListing } from '../code/HypervisorListing.tsx'
import { adopt, run } from '../dock/leaks/matrix.ts'
import { download } from '../keep/download.ts'
import { send, useStore } from '../store/store.ts'
import { WordsButton } from '../words/WordsButton.tsx'
import { type Draft, draftFrom, draftOf, draftText, idOf, linkFragment, useEditing } from './draft.ts'
import { FindingsBar } from './FindingsBar.tsx'
import { foundOf, leave, look } from './findings.ts'
import { type Done, deleteOwn, renameOwn, saveAndChoose, saveOwn, useShelf } from './shelf.ts'
import './policy.css'

type Tried = { listing: ListingLine[]; problems: PolicyProblem[] }
const edit = (draft: Draft): void => useEditing.setState({ draft })
/** `saved`: the one that it is, where it was saved before. */
const begin = (draft: Draft, saved: string | null): void => useEditing.setState({ draft, saved })

/** Without waiting for the last letter, a name would be tried as often as it has letters. */
const PAUSE_MS = 150

function useTried(draft: Draft | null): Tried {
  const [tried, setTried] = useState<Tried>({ listing: [], problems: [] })
  useEffect(() => {
    if (!draft) return
    let current = true
    const timer = setTimeout(async () => {
      const answer = await send('tryPolicy', { json: draftText(draft) })
      if (!answer || !current) return
      setTried(answer)
      if (answer.problems.length === 0) look(draft)
      else leave()
    }, PAUSE_MS)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [draft])
  // What was found stays to be seen when the editor is opened again.
  useEffect(() => leave, [])
  return tried
}

/** What a link or a file holds, when the worker finds nothing wrong with it; else what is wrong. */
async function readInto(json: string, table: PolicyTable): Promise<string> {
  const tried = await send('tryPolicy', { json })
  if (!tried) return 'The policy could not be tried. Nothing was changed.'
  if (tried.problems.length > 0) return `Not read; nothing was changed. ${tried.problems.map(p => p.text).join(' ')}`
  const draft = draftFrom(json, table)
  begin(draft, null)
  return `“${draft.name}” was read. Save it to keep it.`
}

function useTable(say: (text: string) => void): PolicyTable | null {
  const [table, setTable] = useState<PolicyTable | null>(null)
  const offered = useEditing(e => e.offered)
  const known = useStore(s => s.view?.controller.policies.map(p => p.id).join(' '))
  useEffect(() => {
    if (known === undefined) return
    void send('policyTable', {}).then(answer => {
      if (!answer) return
      const active = answer.policies.find(p => p.id === useStore.getState().view?.controller.policy) ?? answer.policies[0]!
      const { draft, against } = useEditing.getState()
      const saved = active.own ? active.id : null
      useEditing.setState({
        ...(draft ? {} : { draft: draftOf(active), saved }),
        against: answer.policies.some(p => p.id === against) ? against : active.id,
      })
      setTable(answer)
    })
  }, [known])
  useEffect(() => {
    if (offered === null || !table) return
    useEditing.setState({ offered: null })
    void readInto(offered, table).then(say)
  }, [offered, table, say])
  return table
}

const exportFile = (draft: Draft): void => download(`${idOf(draft.name)}.json`, draftText(draft))

function importFile(): void {
  const input = document.createElement('input')
  input.type = 'file'
  input.accept = '.json'
  input.onchange = async () => useEditing.setState({ offered: (await input.files?.[0]?.text()) ?? null })
  input.click()
}

async function copyLink(draft: Draft): Promise<string> {
  const link = location.origin + location.pathname + linkFragment(draft)
  try {
    await navigator.clipboard.writeText(link)
    return 'The link is copied.'
  } catch {
    return `The browser does not let the page copy. The link is: ${link}`
  }
}

/** A name is the policy's identity: one that another policy has would take that one's place. */
const isTaken = (draft: Draft): boolean =>
  useEditing.getState().saved !== idOf(draft.name) && useShelf.getState().own.some(d => idOf(d.name) === idOf(draft.name))
const takenText = ({ name }: Draft): string =>
  `There is a policy “${name}” already. Give this one another name, or begin with that one to change it.`

const refusal = (): string => useStore.getState().problem?.message ?? ''
const forThisVisit = (done: Done): string =>
  done === 'for this visit' ? ' The browser keeps nothing here: after a reload it is as before.' : ''

/** Tried as it is now: what stands at the rows may be of an edit ago. */
async function saveAndUse(draft: Draft): Promise<string> {
  const tried = await send('tryPolicy', { json: draftText(draft) })
  if (!tried) return 'The policy could not be tried. Nothing was changed.'
  if (tried.problems.length > 0) return 'Not saved: the choices marked ✗ contradict each other.'
  if (isTaken(draft)) return `Not saved. ${takenText(draft)}`
  const found = foundOf(draft)
  const done = await saveAndChoose(draft)
  useEditing.setState({ saved: idOf(draft.name) })
  if (found) adopt(found)
  else if (done !== null) void run([idOf(draft.name)], 'deliver')
  if (done === null) return `“${draft.name}” is saved in this browser, but not chosen. ${refusal()}`
  if (done === 'for this visit') return `“${draft.name}” is chosen. The browser keeps nothing here: export it before you close the page.`
  return `“${draft.name}” is saved in this browser and chosen.`
}

async function rename(saved: string, draft: Draft): Promise<string> {
  if (isTaken(draft)) return `Not renamed. ${takenText(draft)}`
  const done = await renameOwn(saved, draft)
  if (done === 'refused') return `Not renamed. ${refusal() || 'Its choices contradict each other.'}`
  useEditing.setState({ saved: idOf(draft.name) })
  return `It is called “${draft.name}” now.${forThisVisit(done)}`
}

export function PolicyEditor({ close }: { close: () => void }) {
  const [said, say] = useState('')
  const table = useTable(say)
  const { draft, against, saved } = useEditing()
  const [deleted, setDeleted] = useState<Draft | null>(null)
  const own = useShelf(s => s.own)
  const { listing, problems } = useTried(draft)
  const left = table?.policies.find(p => p.id === against)
  if (!table || !draft || !left) return <Dialog className="policies" aria-label="Policies">Reading the policies…</Dialog> // biome-ignore format: short
  const id = idOf(draft.name)
  const isSaved = own.some(d => idOf(d.name) === id)
  const renamed = saved !== null && saved !== id && own.some(d => idOf(d.name) === saved) ? saved : null
  const remove = async () => {
    if (!isSaved) return say('It is not saved.')
    const kept = own.find(d => idOf(d.name) === id)!
    const done = await deleteOwn(id)
    if (done === 'refused') return say(`Not deleted. ${refusal()}`)
    setDeleted(kept)
    say(`“${kept.name}” is deleted.${forThisVisit(done)}`)
  }
  const undo = async (d: Draft) => {
    saveOwn(d)
    setDeleted(null)
    await send('ownPolicy', { json: draftText(d), choose: false })
    say(`“${d.name}” is back.`)
  }
  const differing = table.rows.filter(r => left.choices[r.name] !== draft.choices[r.name]).length
  const beginWith = (id: string) => {
    const mine = own.find(d => idOf(d.name) === id)
    const policy = table.policies.find(p => p.id === id)
    if (mine) begin(mine, id)
    else if (policy) begin(draftOf(policy), null)
  }
  return (
    <Dialog className="policies" aria-label="Policies">
      <h2>Policies</h2>
      <FindingsBar channels={table.channels} blocked={problems.length > 0} />
      <div className="policy-in">
        <table>
          <caption>
            {differing} of {table.rows.length} choices differ.
          </caption>
          <thead>
            <tr>
              <th scope="col">Choice</th>
              <th scope="col">
                <select aria-label="Compare with" value={against} onChange={e => useEditing.setState({ against: e.target.value })}>
                  {table.policies.map(p => (
                    <option key={p.id} value={p.id}>
                      {p.name}
                    </option>
                  ))}
                </select>
              </th>
              <th scope="col">
                <input aria-label="Name of the policy" value={draft.name} onChange={e => edit({ ...draft, name: e.target.value })} />
                <select aria-label="Begin with" value="" onChange={e => beginWith(e.target.value)}>
                  <option value="">Begin with…</option>
                  {table.policies.filter(p => !p.own).map(p => <option key={p.id} value={p.id}>{p.name}</option>)}
                  {own.map(d => <option key={idOf(d.name)} value={idOf(d.name)}>{d.name}</option>)}
                </select>
              </th>
            </tr>
          </thead>
          <tbody>
            {table.rows.map(row => {
              const [a, b] = [left.choices[row.name]!, draft.choices[row.name]!]
              const wrong = problems.filter(p => p.choice === row.name)
              return (
                <tr key={row.name} className={a === b ? '' : 'differs'}>
                  <th scope="row">
                    {row.title}
                    {a !== b && <small>differs</small>}
                    {a !== b && (
                      <p className="policy-thread">
                        <b>In the thread</b> {row.thread}
                      </p>
                    )}
                  </th>
                  <td>
                    {a}
                    <p>{row.options.find(o => o.id === a)?.says}</p>
                  </td>
                  <td>
                    <select
                      aria-label={row.title}
                      aria-invalid={wrong.length > 0}
                      value={b}
                      onChange={e => edit({ ...draft, choices: { ...draft.choices, [row.name]: e.target.value } })}
                    >
                      {row.options.map(o => <option key={o.id} value={o.id}>{o.id}</option>)}
                    </select>
                    <p>{row.options.find(o => o.id === b)?.says}</p>
                    {wrong.map(p => <p key={p.text} className="policy-wrong">✗ {p.text}</p>)}
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
        <div className="policy-listings">
          <HypervisorListing label={`Listing of ${left.name}`} controller={{ listing: left.listing, line: null }} />
          {problems.length === 0 ? <HypervisorListing label={`Listing of the policy that you edit, ${draft.name}`} controller={{ listing, line: null }} /> : <p>No listing while choices contradict each other.</p>}
        </div>
      </div>
      <p role="status">{problems.find(p => p.choice === null)?.text ?? said}</p>
      <div className="row">
        <button type="button" className="btn prime" aria-disabled={problems.length > 0} onClick={() => void saveAndUse(draft).then(say)}>
          Save and use
        </button>
        {renamed !== null && (
          <button type="button" className="btn" aria-disabled={problems.length > 0} onClick={() => void rename(renamed, draft).then(say)}>
            Rename
          </button>
        )}
        <button type="button" className="btn" aria-disabled={!isSaved} onClick={() => void remove()}>
          Delete
        </button>
        {deleted && (
          <button type="button" className="btn" onClick={() => void undo(deleted)}>
            Undo
          </button>
        )}
        <button type="button" className="btn" onClick={() => exportFile(draft)}>
          Export
        </button>
        <button type="button" className="btn" onClick={importFile}>
          Import
        </button>
        <button type="button" className="btn" onClick={() => void copyLink(draft).then(say)}>
          Copy link
        </button>
        <button type="button" className="btn" onClick={close}>
          Close
        </button>
      </div>
      <WordsButton />
    </Dialog>
  ) // biome-ignore format: a table
}
