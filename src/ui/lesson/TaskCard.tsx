/** The present task: what is asked, an answer where it is a question, what is still missing, and where to look. */
import { lazy, Suspense, useEffect, useId, useState } from 'react'
import type { Machine } from '../../emu/lesson/checks.ts'
import type { Lesson, Pointer, Task } from '../../emu/lesson/model.ts'
import { allDone, answerOf, chosen, handedOf, handIn, isDone, type Progress } from '../../emu/lesson/progress.ts'
import { prose } from '../state/prose.tsx'
import { useStore } from '../store/store.ts'
import { answerChosen } from './answer.ts'
import { lookToJudge, useChecking } from './machine.ts'
import { Prose } from './Prose.tsx'
import { lead } from './pointer.ts'

const change = (next: Progress): void => useStore.setState({ lesson: next })

const LeadTo = ({ to, children }: { to: Pointer; children?: string }) => (
  <button type="button" onClick={() => lead(to.at)}>
    {prose(children ?? to.text)}
  </button>
)
const Look = ({ task }: { task: Task }) => (
  <>
    Look at <LeadTo to={task.look}>{`${task.look.text}.`}</LeadTo>
  </>
)
/** Looked at on demand, and then fetched. */
const Missing = lazy(async () => ({ default: (await import('./Missing.tsx')).Missing }))

/** What was asked for last; what became of an answer is part of the progress. */
type Asked = 'nothing' | 'check' | 'hint'

interface SaidProps {
  task: Task
  asked: Asked
  handed: ReturnType<typeof handedOf>
  machine: Machine | null
}

function Said({ task, asked, handed, machine }: SaidProps) {
  const checking = useChecking(c => c.busy)
  if (checking) return 'The probes are run.'
  if (asked === 'hint') return <LeadTo to={task.hint!} />
  if (handed === 'predicted')
    return <Missing before="Your prediction is kept. It is judged when this is so:" task={task} machine={machine} />
  if (handed === 'wrong')
    return (
      <>
        Not yet. <Look task={task} />
      </>
    )
  if (asked !== 'check') return null
  return (
    <>
      <Missing before="Not yet. Still missing:" task={task} machine={machine} /> <Look task={task} />
    </>
  )
}

interface Props {
  lesson: Lesson
  n: number
  progress: Progress
  machine: Machine | null
}

function Choices({ lesson, n, progress, labelledBy }: Omit<Props, 'machine'> & { labelledBy: string }) {
  const answer = answerOf(progress, n)
  return (
    <fieldset className="opts" aria-labelledby={labelledBy}>
      {lesson.tasks[n]!.choices!.map((c, i) => (
        <label className="opt" key={c.text}>
          <input type="radio" name={`${lesson.id}-${n}`} checked={answer === i} onChange={() => change(chosen(progress, i))} />
          <span>
            <span className={/^[0-9a-f]{16}$/.test(c.text) ? 'mono' : ''}>{prose(c.text)}</span>
            {c.note && <small>{c.note}</small>}
          </span>
        </label>
      ))}
    </fieldset>
  )
}

function Open({ lesson, n, progress, machine, askedBy }: Props & { askedBy: string }) {
  const task = lesson.tasks[n]!
  const [asked, setAsked] = useState<Asked>('nothing')
  const answer = answerOf(progress, n)
  const handed = handedOf(progress, n)
  const off = task.choices && answer === null ? 'Choose an answer first.' : undefined
  const check = async () => {
    setAsked('check')
    const seen = await lookToJudge(task)
    const now = useStore.getState().lesson
    // Meanwhile it may have been passed, or another lesson been opened.
    if (!seen || now?.id !== lesson.id || now.task !== n || isDone(now, n)) return
    if (answer !== null) answerChosen(answer)
    const next = handIn(lesson, now, seen)
    // A task without a question has nothing to hand in but that it is done.
    if (task.choices || isDone(next, n)) change(next)
  }
  // What was said of another answer is not of this one.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change of the answer
  useEffect(() => setAsked('nothing'), [answer])
  return (
    <>
      {task.choices && <Choices lesson={lesson} n={n} progress={progress} labelledBy={askedBy} />}
      <div className="row">
        <button type="button" className="btn prime" aria-disabled={off !== undefined} data-tip={off} onClick={() => !off && void check()}>
          Check
        </button>
        {task.hint && (
          <button type="button" className="btn quiet" onClick={() => setAsked('hint')}>
            Show a hint
          </button>
        )}
      </div>
      <div className={`answer${handed === 'wrong' && asked !== 'hint' ? ' bad' : ''}`} role="status">
        <Suspense fallback={null}>
          <Said task={task} asked={asked} handed={handed} machine={machine} />
        </Suspense>
      </div>
    </>
  )
}

export function TaskCard({ lesson, n, progress, machine }: Props) {
  const task = lesson.tasks[n]!
  const askId = useId()
  const done = isDone(progress, n)
  return (
    <section className="task" aria-label={`Task ${n + 1}`}>
      <h4>
        Task {n + 1} of {lesson.tasks.length}
        {done && <span className="answer good">done</span>}
      </h4>
      <div id={askId}>
        <Prose className="q" text={task.ask} />
      </div>
      {!done && <Open key={n} lesson={lesson} n={n} progress={progress} machine={machine} askedBy={askId} />}
      {allDone(lesson, progress) && (
        <p className="answer good" role="status">
          All tasks are done.
        </p>
      )}
    </section>
  )
}
