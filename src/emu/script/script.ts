/** Reads a script: a title, commands one a line, and comments that say what the next command shows. */
import { Expected } from './expected.ts'
import { type Deed, verbs } from './verbs.ts'

export interface ScriptLine {
  /** From 1, in the file. */
  readonly line: number
  readonly text: string
  /** The comment above it: what it shows. */
  readonly says: string
  readonly deed: Deed
}

export interface Script {
  /** The first comment line. */
  readonly title: string
  /** The rest of the first comment block. */
  readonly says: string
  readonly lines: readonly ScriptLine[]
}

/** What is wrong, and in which line; the message names it. */
export class ScriptError extends Error {
  constructor(
    readonly line: number,
    message: string,
  ) {
    super(`line ${line}: ${message}`)
  }
}

function deedOf(text: string, line: number): Deed {
  const [name = '', ...words] = text.trim().split(/\s+/)
  const verb = Object.hasOwn(verbs, name) ? verbs[name]! : null
  if (!verb) throw new ScriptError(line, `no command "${name}". Known: ${Object.keys(verbs).join(', ')}.`)
  try {
    return verb.read(words, text)
  } catch (e) {
    if (e instanceof Expected) throw new ScriptError(line, `${name}: expected ${e.message}. It is written: ${verb.usage}.`)
    throw e
  }
}

/** Throws ScriptError. */
export function parseScript(file: string): Script {
  const lines: ScriptLine[] = []
  const head: string[] = []
  let comments: string[] = []
  let headOver = false
  file.split(/\r?\n/).forEach((raw, n) => {
    const text = raw.trim()
    if (text.startsWith('#')) (headOver ? comments : head).push(text.replace(/^#+\s?/, ''))
    else if (text === '') headOver ||= head.length > 0
    else {
      headOver = true
      lines.push({ line: n + 1, text, says: comments.join(' '), deed: deedOf(text, n + 1) })
      comments = []
    }
  })
  if (lines.length === 0) throw new ScriptError(1, 'there is no command in it.')
  return { title: head[0] ?? '', says: head.slice(1).join(' ').trim(), lines }
}
