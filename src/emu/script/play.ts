/** Plays a script: sends its requests, one after the other, as the page would. */
import type { Command, Commands } from '../worker/protocol.ts'
import { type Script, ScriptError, type ScriptLine } from './script.ts'

/** Where it is played. */
export interface Stage {
  /** Resolves when nothing runs any more. Rejects with an Error whose message is the refusal. */
  send<C extends Command>(command: C, args: Commands[C]['arguments']): Promise<Commands[C]['body']>
  /** Loads the program; rejects with an Error that says why it cannot. */
  load(file: string): Promise<void>
  /** Answers the present question, from 1; not there without a lesson. Rejects with an Error that says why it cannot. */
  choose?(choice: number): Promise<void>
}

const noLesson = (): never => {
  throw new Error('there is no lesson whose question it would answer.')
}
const refused = (body: unknown): string | null => {
  const problems = (body as { problems?: { text: string }[] } | null)?.problems
  return problems?.length ? problems.map(p => p.text).join(' ') : null
}

/** Carries out one line. Throws ScriptError; what was done before stays done. */
export async function playLine(line: ScriptLine, stage: Stage): Promise<void> {
  const { deed } = line
  try {
    if (deed.kind === 'program') await stage.load(deed.file)
    else if (deed.kind === 'choose') await (stage.choose ?? noLesson)(deed.choice)
    else
      for (let n = 0; n < deed.times; n++) {
        const problem = refused(await stage.send(deed.command, deed.arguments))
        if (problem) throw new Error(problem)
      }
  } catch (e) {
    if (e instanceof Error) throw new ScriptError(line.line, `${line.text}: ${e.message}`)
    throw e
  }
}

/** Throws ScriptError; what was done before stays done. `after` hears of each line that was carried out. */
export async function play(script: Script, stage: Stage, after: (line: ScriptLine) => void = () => {}): Promise<void> {
  for (const line of script.lines) {
    await playLine(line, stage)
    after(line)
  }
}
