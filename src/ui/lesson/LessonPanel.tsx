/** The lesson beside the machine: one idea, one task with a check, the list of tasks, the words. */
import { useEffect, useState } from 'react'
import type { Machine } from '../../emu/lesson/checks.ts'
import { type Lesson, textOf } from '../../emu/lesson/model.ts'
import { answerOf, isDone, type Progress, taskKey, watch } from '../../emu/lesson/progress.ts'
import { place } from '../embed/place.ts'
import { Glyph } from '../run/glyphs.tsx'
import { prose } from '../state/prose.tsx'
import { useTips } from '../state/Tips.tsx'
import { useStore } from '../store/store.ts'
import { WordsButton } from '../words/WordsButton.tsx'
import { saveAnswer } from './answer.ts'
import { lessons } from './lessons.ts'
import { useLooked } from './machine.ts'
import { beginAnew, openLesson, useLesson } from './open.ts'
import { Prose } from './Prose.tsx'
import { TaskCard } from './TaskCard.tsx'
import './lesson.css'

const change = (next: Progress): void => useStore.setState({ lesson: next })

/** Marks tasks done as the machine shows them. Called once, by the panel or the strip. */
export function useWatchedLesson(): { lesson: Lesson; progress: Progress; number: number; machine: Machine | null } | null {
  const { lesson, number } = useLesson()
  const progress = useStore(s => s.lesson)
  const machine = useLooked(lesson, progress)
  useEffect(() => {
    if (!lesson || !progress || !machine || progress.id !== lesson.id) return
    const next = watch(lesson, progress, machine)
    if (next !== progress) change(next)
  }, [lesson, progress, machine])
  return lesson && progress ? { lesson, progress, number, machine } : null
}

/** What was passed last, so that the page turning to the next task says why. */
function usePassed(lesson: Lesson | undefined, progress: Progress | undefined): string | null {
  const [said, setSaid] = useState<{ id: string; done: readonly string[]; text: string | null } | null>(null)
  useEffect(() => {
    if (!lesson || !progress) return
    setSaid(was => {
      if (was?.id !== lesson.id || progress.done.length < was.done.length) return { id: lesson.id, done: progress.done, text: null }
      const n = lesson.tasks.findIndex((_, i) => isDone(progress, i) && !was.done.includes(taskKey(i)))
      if (n < 0) return was
      const answer = answerOf(progress, n)
      const right = answer === null ? null : lesson.tasks[n]!.choices?.[answer]?.text
      return { id: lesson.id, done: progress.done, text: right ? `Right: ${right}.` : `Done: ${lesson.tasks[n]!.title}.` }
    })
  }, [lesson, progress])
  return said?.text ?? null
}

const markOf = (p: Progress, n: number) => (isDone(p, n) ? 'check' : n === p.task ? 'dot' : 'ring')

export function LessonBody() {
  const watched = useWatchedLesson()
  const justPassed = usePassed(watched?.lesson, watched?.progress)
  if (!watched) return <p className="empty">Choose a lesson in the top bar. Your own program is loaded.</p>
  const { lesson, progress, machine } = watched
  return (
    <div className="pb">
      <div className="prog" aria-hidden="true">
        {lesson.tasks.map((t, i) => (
          <i key={t.title} className={isDone(progress, i) ? 'd' : i === progress.task ? 'c' : ''} />
        ))}
      </div>
      <h3 className="title">{lesson.title}</h3>
      <p className="answer good passed" role="status">
        {justPassed && prose(justPassed)}
      </p>
      <Prose text={textOf(lesson, progress.task)} />
      <TaskCard lesson={lesson} n={progress.task} progress={progress} machine={machine} />
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
        <WordsButton />
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
