/** A session as a file. */
import { sparingEdits } from '../shell/program.ts'
import { openSession, sessionText } from './session.ts'

export const SESSION_FILE = /\.twostep\.json$|\.json$/i

export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 1000)
}

export async function saveSession(): Promise<void> {
  const session = await sessionText()
  if (session) download(`${session.name.replace(/\.\w+$/, '')}.twostep.json`, session.text)
}

export async function openSessionFile(file: File): Promise<void> {
  const text = await file.text()
  sparingEdits(`Opening ${file.name} drops them.`, 'Open', () => void openSession(text))
}
