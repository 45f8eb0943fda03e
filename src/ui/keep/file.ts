/** A session as a file, and all that the browser keeps as another; what deals with the latter is fetched when it is asked for. */

import { fetched } from '../shell/fetched.ts'
import { sparingEdits } from '../shell/program.ts'
import { download } from './download.ts'
import { openSession, sessionText } from './session.ts'

export const SESSION_FILE = /\.twostep\.json$|\.json$/i

export async function saveSession(): Promise<void> {
  const session = await sessionText()
  if (session) download(`${session.name.replace(/\.\w+$/, '')}.twostep.json`, session.text)
}

/** As `everything.ts` begins its documents. */
const EVERYTHING = /^\s*\{\s*"twostepEverything"/

const exchange = () => fetched(() => import('./exchange.ts'), 'What exports and imports')

export const saveEverything = async (): Promise<void> => void (await exchange())?.exportEverything()

export async function openSessionFile(file: File): Promise<void> {
  const text = await file.text()
  if (EVERYTHING.test(text)) return (await exchange())?.importEverything(file.name, text)
  sparingEdits(`Opening ${file.name} drops them.`, 'Open', () => void openSession(text))
}
