/** Opening files, by dialog or drop, and beginning a new program. */
import { fileTab } from '../code/fileTabs.ts'
import { openSessionFile, SESSION_FILE } from '../keep/file.ts'
import { isLesson, leaveLesson, openLessonFile } from '../lesson/open.ts'
import { openScenarioFiles } from '../scenario/ask.ts'
import { send, useStore } from '../store/store.ts'
import { keepText, putImage, putSource, sparingEdits } from './program.ts'

const MINIMAL = `# A guest for Twostep. The line below maps RAM at 0xc000000000000000 and turns translation on.
# twostep: map=radix ail=3 ir=1 dr=1
# Write instructions below, load with Ctrl Enter, then step.
_start: b       _start
`

export function newProgram(): void {
  sparingEdits('New drops them.', 'New', async () => {
    if (!(await send('loadSource', { name: 'guest.s', source: MINIMAL }))) return
    leaveLesson()
    putSource('guest.s', MINIMAL)
  })
}

const isText = (name: string): boolean => /\.(s|asm|txt)$/i.test(name)
/** Languages that are compiled before anything is run. */
const isCompiled = (name: string): boolean => /\.(c|h|cc|cpp|cxx|hpp|hh|inc|rs)$/i.test(name)

/** More is no text that a person wrote. */
const LARGEST_SOURCE = 4 << 20

/** Shows the text of a source file beside the program that was made from it. */
async function attach(file: File): Promise<void> {
  if (file.size > LARGEST_SOURCE) {
    const message = `${file.name} has ${file.size >> 20} MiB; source files of up to ${LARGEST_SOURCE >> 20} MiB are shown. Nothing was changed.`
    useStore.setState({ problem: { message, action: null } })
    return
  }
  const text = await file.text()
  const answer = await send('attachSource', { name: file.name, text })
  if (!answer) return
  keepText(file.name, text)
  const nip = useStore.getState().view?.source?.file
  const shown = nip !== undefined && answer.files.includes(nip) ? nip : answer.files[0]
  if (shown !== undefined) useStore.setState({ codeTab: fileTab(shown) })
}

const isNamed = (name: string): boolean => useStore.getState().view?.program?.files.some(f => f.name === name) ?? false

/** ELF files are loaded; assembly becomes guest.s; C is shown beside the program that was made from it; a session is taken up. */
export function openFile(file: File, then: () => void = () => {}): void {
  if (SESSION_FILE.test(file.name)) void openSessionFile(file)
  else if (isLesson(file.name)) openLessonFile(file)
  else if (isCompiled(file.name)) void attach(file)
  else sparingEdits(`Opening ${file.name} drops them.`, 'Open', () => void load(file).then(loaded => loaded && then()))
}

/** What is dropped may be a program, source files of the one that is loaded, or both: then the program comes first. */
export function dropFiles(files: readonly File[]): void {
  const lesson = files.find(f => isLesson(f.name))
  if (lesson) return openLessonFile(lesson)
  const program = files.find(f => !isCompiled(f.name) && !isText(f.name))
  const texts = files.filter(f => f !== program)
  const attachAll = async () => {
    for (const f of texts) await attach(f)
  }
  if (program) openFile(program, () => void attachAll())
  else if (texts.every(f => isCompiled(f.name) || isNamed(f.name))) void attachAll()
  else openFile(texts.find(f => isText(f.name) && !isNamed(f.name))!)
}

/** True when it is what the machine runs now. */
async function load(file: File): Promise<boolean> {
  if (isText(file.name)) {
    const source = await file.text()
    const result = await send('loadSource', { name: file.name, source })
    if (!result) return false
    leaveLesson()
    putSource(file.name, source, result.program === null)
    return result.program !== null
  }
  const bytes = new Uint8Array(await file.arrayBuffer())
  const result = await send('loadImage', { name: file.name, bytes })
  if (!result?.program) return false
  leaveLesson()
  putImage(file.name, bytes)
  return true
}

function choose(then: (files: readonly File[]) => void, several = false): void {
  const input = document.createElement('input')
  input.type = 'file'
  input.multiple = several
  input.onchange = () => {
    if (input.files?.length) then([...input.files])
  }
  input.click()
}

/** A script, with the programs that it names. */
export const chooseScenario = (): void => choose(files => void openScenarioFiles(files), true)

export const chooseFile = (): void => choose(([file]) => openFile(file!))

export const chooseLesson = (): void => choose(([file]) => openLessonFile(file!))

/** A source file of the loaded program, whatever its name ends in. */
export const chooseSource = (): void => choose(([file]) => void attach(file!))
