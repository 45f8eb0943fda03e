/** Opening files, by dialog or drop, and beginning a new program. */
import { leaveLesson } from '../lesson/open.ts'
import { send } from '../store/store.ts'
import { putImage, putSource, sparingEdits } from './program.ts'

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

/** ELF files are loaded; assembly becomes guest.s. */
export function openFile(file: File): void {
  sparingEdits(`Opening ${file.name} drops them.`, 'Open', () => void load(file))
}

async function load(file: File): Promise<void> {
  if (isText(file.name)) {
    const source = await file.text()
    const result = await send('loadSource', { name: file.name, source })
    if (!result) return
    leaveLesson()
    putSource(file.name, source, result.program === null)
    return
  }
  const bytes = new Uint8Array(await file.arrayBuffer())
  const result = await send('loadImage', { name: file.name, bytes })
  if (!result?.program) return
  leaveLesson()
  putImage(file.name, bytes)
}

export function chooseFile(): void {
  const input = document.createElement('input')
  input.type = 'file'
  input.onchange = () => {
    const file = input.files?.[0]
    if (file) openFile(file)
  }
  input.click()
}
