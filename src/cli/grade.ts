/** `twostep grade`: a lesson's checks without a page. */
import { dirname, join } from 'node:path'
import type { Machine } from '../emu/lesson/checks.ts'
import { type Lesson, LessonError } from '../emu/lesson/model.ts'
import { parseLesson } from '../emu/lesson/parse.ts'
import { problemsOf } from '../emu/lesson/validate.ts'
import { parseScript, type Script, ScriptError } from '../emu/script/script.ts'
import { type Grade, Grader } from './grader.ts'
import { CommandError, type Io, outText } from './io.ts'
import { parseAny } from './options.ts'
import { countErrors, isSource, reportDiagnostics } from './program.ts'

const textOf = (path: string, io: Io): string => new TextDecoder().decode(io.read(path))

function readLesson(path: string, io: Io): Lesson {
  try {
    return parseLesson(textOf(path, io))
  } catch (e) {
    if (e instanceof LessonError) throw new CommandError(`${path}: ${e.message}.`)
    throw e
  }
}

/** The file among programs beside the lesson, or in ../programs. */
export function besides(path: string, file: string, io: Io): string {
  for (const place of [join(dirname(path), file), join(dirname(path), '..', 'programs', file)]) {
    try {
      return textOf(place, io)
    } catch (e) {
      if (!(e instanceof CommandError)) throw e
    }
  }
  throw new CommandError(`${file}, the program, is neither beside ${path} nor in ../programs.`)
}

async function load(grader: Grader, name: string, source: string, io: Io): Promise<void> {
  const diagnostics = await grader.load(name, source)
  if (diagnostics.length === 0) return
  reportDiagnostics(name, diagnostics, io)
  throw new CommandError(`${name} has ${countErrors(diagnostics)}.`)
}

function readAnswer(path: string, io: Io): Script {
  try {
    return parseScript(textOf(path, io))
  } catch (e) {
    if (e instanceof ScriptError) throw new CommandError(`${path}, ${e.message} Nothing was graded.`)
    throw e
  }
}

/** What kept the answer from being carried out to its end; what was done before is graded. Null when nothing did. */
async function answered(grader: Grader, path: string, io: Io): Promise<string | null> {
  if (isSource(path)) {
    await load(grader, path, textOf(path, io), io)
    await grader.runToEnd()
    return null
  }
  const script = readAnswer(path, io)
  try {
    await grader.play(script, file => load(grader, file, besides(path, file, io), io))
    return null
  } catch (e) {
    if (e instanceof ScriptError) return `${path}, ${e.message}`
    throw e
  }
}

function report(lesson: Lesson, grade: Grade): string {
  const rows = grade.tasks.map(
    t => `${String(t.n).padStart(3)}  ${t.verdict.padEnd(7)}  ${t.title}${t.why ? `\n              ${t.why}` : ''}`,
  )
  return `${lesson.title}\n${rows.join('\n')}\n${grade.passed ? 'All tasks are passed.' : 'Not all tasks are passed.'}\n`
}

function validated(path: string, lesson: Lesson, machine: Machine, io: Io, json: boolean): number {
  const problems = problemsOf(lesson, machine)
  if (json) outText(io, `${JSON.stringify({ lesson: lesson.id, problems, valid: problems.length === 0 }, null, 2)}\n`)
  else if (problems.length === 0) outText(io, `${path}: ${lesson.tasks.length} tasks, nothing wrong was found.\n`)
  for (const p of problems) io.error(`${path}: ${p}`)
  return problems.length === 0 ? 0 : 1
}

export async function grade(args: string[], io: Io): Promise<number> {
  const { positionals, values } = parseAny('grade', args, { json: { type: 'boolean' }, validate: { type: 'boolean' } })
  const [path, answer, ...more] = positionals
  if (path === undefined) throw new CommandError('grade: no LESSON given. See twostep --help.')
  if (more.length > 0 || (values.validate && answer !== undefined))
    throw new CommandError(
      `grade: expected ${values.validate ? 'a LESSON alone' : 'LESSON and ANSWER'}, found also ${(values.validate ? [answer] : more).join(', ')}.`,
    )
  const lesson = readLesson(path, io)
  const grader = new Grader(lesson)
  await load(grader, lesson.program ?? `${path}, its program`, lesson.source ?? besides(path, lesson.program!, io), io)
  try {
    await grader.set()
  } catch (e) {
    throw new CommandError(`${path}: ${(e as Error).message}`)
  }
  if (values.validate) return validated(path, lesson, await grader.look(), io, values.json ?? false)
  const problem = answer === undefined ? null : await answered(grader, answer, io)
  const { tasks, passed } = await grader.result()
  const result = { tasks, passed: passed && problem === null }
  if (problem !== null) io.error(`twostep: ${problem}`)
  outText(io, values.json ? `${JSON.stringify({ lesson: lesson.id, ...result, problem }, null, 2)}\n` : report(lesson, result))
  return result.passed ? 0 : 1
}
