/** A session as a file. */
import { sparingEdits } from '../shell/program.ts'
import { download } from './download.ts'
import { openSession, sessionText } from './session.ts'

export const SESSION_FILE = /\.twostep\.json$|\.json$/i

export async function saveSession(): Promise<void> {
  const session = await sessionText()
  if (session) download(`${session.name.replace(/\.\w+$/, '')}.twostep.json`, session.text)
}

export async function openSessionFile(file: File): Promise<void> {
  const text = await file.text()
  sparingEdits(`Opening ${file.name} drops them.`, 'Open', () => void openSession(text))
}
