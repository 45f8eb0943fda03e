/** The lesson in one line, where the page is narrow; the whole of it opens over the left side. */
import { useState } from 'react'
import { Dialog, Modal, ModalOverlay } from 'react-aria-components'
import { Glyph } from '../run/glyphs.tsx'
import { LessonPanel, useWatchedLesson } from './LessonPanel.tsx'
import './lesson.css'

const plain = (markdown: string): string => markdown.replace(/[*`]/g, '')

export function LessonStrip() {
  const [open, setOpen] = useState(false)
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
          <span className="q">{plain(task.ask)}</span>
        </>
      ) : (
        <span className="q lab">Choose a lesson in the top bar.</span>
      )}
      <button type="button" className="btn" onClick={() => setOpen(true)}>
        {task?.choices ? 'Answer' : 'Read'}
      </button>
      <button type="button" className="btn quiet icon" aria-label="Open the lesson" onClick={() => setOpen(true)}>
        <Glyph name="fold" />
      </button>
      <ModalOverlay className="shade" isOpen={open} onOpenChange={setOpen} isDismissable>
        <Modal>
          <Dialog className="sheet-lesson" aria-label="Lesson">
            <LessonPanel fold={() => setOpen(false)} />
          </Dialog>
        </Modal>
      </ModalOverlay>
    </aside>
  )
}
