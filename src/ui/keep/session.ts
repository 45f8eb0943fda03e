/** Opens a session that came by link, file or from the browser's storage, and gives the present one as text. */
import type { OpenedSession } from '../../emu/worker/protocol.ts'
import { leaveLesson } from '../lesson/open.ts'
import { arrangeAs, presentLayout, showTabs } from '../shell/arrangement.ts'
import { putImage, putSource } from '../shell/program.ts'
import { send } from '../store/store.ts'

/** Null where nothing is loaded. */
export const sessionText = async (): Promise<{ name: string; text: string } | null> => send('saveSession', { layout: presentLayout() })

/**
 * The worker says what is wrong; then nothing was changed. `own`: kept by this browser, which remembers the layout by itself; of it only the
 * tabs are shown again.
 */
export async function openSession(text: string, own = false): Promise<OpenedSession | null> {
  const opened = await send('openSession', { text })
  if (!opened) return null
  leaveLesson()
  if (opened.source) putSource(opened.source.name, opened.source.text)
  else if (opened.image) putImage(opened.image.name, opened.image.bytes)
  if (opened.layout) (own ? showTabs : arrangeAs)(opened.layout)
  return opened
}
