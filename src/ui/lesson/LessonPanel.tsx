/** The lesson beside the machine: one idea, one task with a check, the list of tasks, the words. */
import { useEffect, useId, useState } from 'react'
import type { Lesson, Pointer, Task } from '../../emu/lesson/model.ts'
import { answerOf, chosen, isDone, type Progress, passed, verdict, watch } from '../../emu/lesson/progress.ts'
import { place } from '../embed/place.ts'
import { Glyph } from '../run/glyphs.tsx'
import { prose } from '../state/prose.tsx'
import { useTips } from '../state/Tips.tsx'
import { useStore } from '../store/store.ts'
import { answerChosen, saveAnswer } from './answer.ts'
import { lessons } from './lessons.ts'
import { lookAt, useLooked } from './machine.ts'
import { beginAnew, openLesson, useLesson } from './open.ts'
import { Prose } from './Prose.tsx'
import { lead } from './pointer.ts'
import './lesson.css'

const change = (next: Progress): void => useStore.setState({ lesson: next })

/** Marks tasks done as the machine shows them. Called once, by the panel or the strip. */
export function useWatchedLesson(): { lesson: Lesson; progress: Progress; number: number } | null {
  const { lesson, number } = useLesson()
  const progress = useStore(s => s.lesson)
  const machine = useLooked(lesson, progress)
  useEffect(() => {
    if (!lesson || !progress || !machine || progress.id !== lesson.id) return
    const next = watch(lesson, progress, machine)
    if (next !== progress) change(next)
  }, [lesson, progress, machine])
  return lesson && progress ? { lesson, progress, number } : null
}

const LeadTo = ({ pointer, before }: { pointer: Pointer; before: string }) => (
  <>
    {before}
    <button type="button" onClick={() => lead(pointer.at)}>
      {pointer.text}
    </button>
    .
  </>
)

interface QuestionProps {
  lesson: Lesson
  task: Task
  n: number
  progress: Progress
  /** Id of what is asked. */
  asked: string
}

function Question({ lesson, task, n, progress, asked }: QuestionProps) {
  const [said, setSaid] = useState<'not yet' | 'wrong' | 'hint' | null>(null)
  const answer = answerOf(progress, n)
  const check = async () => {
    const machine = await lookAt(task)
    if (!machine) return
    if (answer !== null) answerChosen(answer)
    const v = verdict(task, machine, answer)
    if (v === 'passed') change(passed(lesson, progress, n))
    setSaid(v === 'passed' ? null : v)
  }
  return (
    <>
      <fieldset className="opts" style={{ border: 0, margin: 0, padding: 0 }} aria-labelledby={asked}>
        {task.choices!.map((c, i) => (
          <label className="opt" key={c.text}>
            <input
              type="radio"
              name={`${lesson.id}-${n}`}
              checked={answer === i}
              onChange={() => {
                change(chosen(progress, i))
                setSaid(null)
              }}
            />
            <span>
              <span className={/^[0-9a-f]{16}$/.test(c.text) ? 'mono' : ''}>{prose(c.text)}</span>
              {c.note && <small>{c.note}</small>}
            </span>
          </label>
        ))}
      </fieldset>
      <div className="row">
        <button
          type="button"
          className="btn prime"
          aria-disabled={answer === null}
          data-tip={answer === null ? 'Choose an answer first.' : undefined}
          onClick={() => answer !== null && void check()}
        >
          Check
        </button>
        {task.hint && (
          <button type="button" className="btn quiet" onClick={() => setSaid('hint')}>
            Show a hint
          </button>
        )}
      </div>
      <div className={`answer${said === 'hint' ? '' : ' bad'}`} role="status">
        {said === 'hint' && <LeadTo pointer={task.hint!} before="" />}
        {(said === 'not yet' || said === 'wrong') && <LeadTo pointer={task.look} before="Not yet. Look at " />}
      </div>
    </>
  )
}

function TaskCard({ lesson, n, progress }: { lesson: Lesson; n: number; progress: Progress }) {
  const task = lesson.tasks[n]!
  const all = lesson.tasks.every((_, i) => isDone(progress, i))
  const asked = useId()
  return (
    <section className="task" aria-label={`Task ${n + 1}`}>
      <h4>
        Task {n + 1} of {lesson.tasks.length}
        {isDone(progress, n) && <span className="answer good">done</span>}
      </h4>
      <Prose className="q" text={task.ask} id={asked} />
      {task.choices && !isDone(progress, n) && <Question key={n} lesson={lesson} task={task} n={n} progress={progress} asked={asked} />}
      {all && (
        <p className="answer good" role="status">
          All tasks are done.
        </p>
      )}
    </section>
  )
}

const markOf = (p: Progress, n: number) => (isDone(p, n) ? 'check' : n === p.task ? 'dot' : 'ring')

export function LessonBody() {
  const watched = useWatchedLesson()
  if (!watched) return <p className="empty">Choose a lesson in the top bar. Your own program is loaded.</p>
  const { lesson, progress } = watched
  const task = lesson.tasks[progress.task]!
  return (
    <div className="pb">
      <div className="prog" aria-hidden="true">
        {lesson.tasks.map((t, i) => (
          <i key={t.title} className={isDone(progress, i) ? 'd' : i === progress.task ? 'c' : ''} />
        ))}
      </div>
      <h3 className="title">{lesson.title}</h3>
      <Prose text={task.text ?? lesson.introduction} />
      <TaskCard lesson={lesson} n={progress.task} progress={progress} />
      <ol className="todo" aria-label="Tasks">
        {lesson.tasks.map((t, i) => (
          <li key={t.title} className={isDone(progress, i) ? 'ok' : i === progress.task ? 'cur' : ''}>
            <Glyph name={markOf(progress, i)} />
            <span>
              {t.title}
              {isDone(progress, i) && <span className="sr"> (done)</span>}
            </span>
          </li>
        ))}
      </ol>
      <div className="row">
        <button
          type="button"
          className="btn quiet"
          data-tip="A file with what you did, one command a line, as twostep grade takes it."
          onClick={saveAnswer}
        >
          Save my answer
        </button>
        <button type="button" className="btn quiet" data-tip="No task is done, and the machine is as it was at first." onClick={beginAnew}>
          Begin anew
        </button>
      </div>
      <div className="terms" hidden={!lesson.words}>
        <h4>Words in this lesson</h4>
        <dl>
          {(lesson.words ?? []).map(w => (
            <div key={w.word}>
              <dt>{w.word}</dt> <dd>{w.means}</dd>
            </div>
          ))}
        </dl>
      </div>
    </div>
  )
}

interface Turn {
  label: string
  to: number
  /** Why it is off; null when it is on. */
  off: string | null
}

function LessonFoot() {
  const { lesson, number } = useLesson()
  const progress = useStore(s => s.lesson)
  if (!lesson || !progress) return null
  if (!number || place.embedded) return null
  const open = lesson.tasks.some((_, n) => !isDone(progress, n))
  const last = number === lessons.length
  const turns: Turn[] = [
    { label: 'Previous', to: number - 1, off: number === 1 ? 'This is the first lesson.' : null },
    {
      label: 'Next lesson',
      to: number + 1,
      off: last ? 'This is the last lesson.' : open ? 'Do the tasks first. The lesson picker in the top bar opens any lesson.' : null,
    },
  ]
  return (
    <div className="foot">
      {turns.map(({ label, to, off }) => (
        <button
          key={label}
          type="button"
          className="btn"
          aria-disabled={off !== null}
          data-tip={off ?? lessons[to - 1]!.title}
          onClick={() => off === null && openLesson(lessons[to - 1]!.id)}
        >
          {label}
        </button>
      ))}
    </div>
  )
}

export function LessonPanel({ fold }: { fold: () => void }) {
  const number = useLesson(s => s.number)
  const { tips, tip } = useTips()
  return (
    <aside className="panel lesson" aria-label="Lesson" id="lesson" tabIndex={-1} {...tips}>
      <div className="ph">
        <h2>{number ? `Lesson ${number} of ${lessons.length}` : 'Lesson'}</h2>
        <span className="sp" />
        <button type="button" className="btn quiet icon fold" aria-label="Fold the lesson" data-tip="Fold the lesson" onClick={fold}>
          <Glyph name="fold" />
        </button>
      </div>
      <LessonBody />
      <LessonFoot />
      {tip}
    </aside>
  )
}
