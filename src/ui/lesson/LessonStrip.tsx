/** The lesson in one line, where the page is narrow or the lesson is folded; on a narrow page the whole of it opens over the left side. */
import { Glyph } from '../run/glyphs.tsx'
import { prose } from '../state/prose.tsx'
import { useWatchedLesson } from './LessonPanel.tsx'
import './lesson.css'

/** A task's Markdown in one line: of its marks only code is kept. */
const oneLine = (markdown: string): string => markdown.replaceAll('*', '').replace(/\s+/g, ' ')

export function LessonStrip({ open }: { open: () => void }) {
  const watched = useWatchedLesson()
  const task = watched?.lesson.tasks[watched.progress.task]
  return (
    <aside className="strip" aria-label="Lesson" id="lesson" tabIndex={-1}>
      {watched && task ? (
        <>
          <b>Lesson {watched.number}</b>
          <span className="lab">
            Task {watched.progress.task + 1} of {watched.lesson.tasks.length}
          </span>
          <span className="q">{prose(oneLine(task.ask))}</span>
        </>
      ) : (
        <span className="q lab">Choose a lesson in the top bar.</span>
      )}
      <button type="button" className="btn" onClick={open}>
        {task?.choices ? 'Answer' : 'Read'}
      </button>
      <button type="button" className="btn quiet icon fold" aria-label="Open the lesson" onClick={open}>
        <Glyph name="fold" />
      </button>
    </aside>
  )
}
