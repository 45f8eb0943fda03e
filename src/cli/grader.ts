/** A lesson taken without a page: commands go to the machine, and after each the present task is judged as the page judges it. */
import { cellsOf, matrix } from '../emu/debug/matrix.ts'
import { policyOf } from '../emu/hypervisor/policy-file.ts'
import type { Machine, Verdict } from '../emu/lesson/checks.ts'
import { judge } from '../emu/lesson/checks.ts'
import { within } from '../emu/lesson/conditions.ts'
import { conditionsOf, type Lesson } from '../emu/lesson/model.ts'
import { allDone, answerOf, begun, chosen, handedOf, handIn, isDone, type Progress, watch } from '../emu/lesson/progress.ts'
import { channelsOf, looked } from '../emu/lesson/wants.ts'
import { whyNot } from '../emu/lesson/words.ts'
import { play, type Stage } from '../emu/script/play.ts'
import { parseScript, type Script } from '../emu/script/script.ts'
import type { Diagnostic } from '../emu/worker/protocol.ts'
import { Headless, MOST_INSTRUCTIONS } from './headless.ts'
import { probePrograms } from './probe-programs.ts'

const MOST_COMMANDS = 2_000

export interface GradedTask {
  readonly n: number
  readonly title: string
  readonly verdict: Verdict
  /** Empty when it is passed. */
  readonly why: string
  /** Wrong answers that were given. */
  readonly wrongAnswers: number
}

export interface Grade {
  readonly tasks: readonly GradedTask[]
  readonly passed: boolean
}

export class Grader {
  readonly machine = new Headless()
  progress: Progress
  private readonly wrong = new Map<number, number>()
  private commands = 0
  /** Of the matrix, by policy: channels that were run, and those that pass. */
  private readonly known = new Map<string, ReadonlySet<number>>()

  constructor(readonly lesson: Lesson) {
    this.progress = begun(lesson.id)
  }

  /** The diagnostics of a program that cannot be loaded; empty when it is. */
  async load(name: string, source: string): Promise<readonly Diagnostic[]> {
    const { program, diagnostics } = await this.machine.send('loadSource', { name, source })
    return program ? [] : diagnostics
  }

  /** Sets the machine as the lesson's head says. Rejects with the refusal. */
  async set(): Promise<void> {
    const { policy, interrupts, locking, schedule } = this.lesson
    await this.machine.send('setPolicy', { policy })
    if (interrupts) await this.machine.send('setInterrupts', { setting: interrupts })
    if (locking) await this.machine.send('setSchedulerLocking', { value: locking })
    if (schedule) await play(parseScript(`schedule ${schedule}`), this.stage(noPrograms))
  }

  async look(): Promise<Machine> {
    const { view, events, output } = this.machine
    const task = this.lesson.tasks[this.progress.task]!
    const conditions = conditionsOf(task)
    const more = await looked(conditions, view, (command, args) => this.machine.send(command, args).catch(() => null))
    const passing = channelsOf(task.when.flatMap(within)).length > 0 ? await this.passing(channelsOf(conditions)) : null
    return { view, events, printed: output.console, passing, ...more }
  }

  private async passing(channels: readonly number[]): Promise<ReadonlySet<number>> {
    const { policy: id } = this.machine.view.controller
    const { policies } = await this.machine.send('policyTable', {})
    const { name, summary, claimsTransparency, choices } = policies.find(p => p.id === id)!
    const key = JSON.stringify([channels, choices])
    const known = this.known.get(key)
    if (known) return known
    const { policy } = policyOf({ id, name, summary: summary || name, claimsTransparency, choices })
    const programs = probePrograms().filter(p => channels.includes(p.channel))
    const cells = policy ? cellsOf([...matrix(programs, [policy], ['deliver'])]) : []
    const found = new Set(cells.filter(c => c.verdict === 'pass').map(c => c.channel))
    this.known.set(key, found)
    return found
  }

  /** Moves on as long as the machine shows that a task is done. */
  async judgeNow(): Promise<void> {
    for (;;) {
      const next = watch(this.lesson, this.progress, await this.look())
      if (next === this.progress) return
      const over = next.task === this.progress.task
      this.moveTo(next)
      if (over) return
    }
  }

  /** A wrong answer counts, whether it was judged at once or was a prediction. */
  private moveTo(next: Progress): void {
    const n = this.progress.task
    this.progress = next
    if (handedOf(next, n) === 'wrong') this.wrong.set(n, (this.wrong.get(n) ?? 0) + 1)
  }

  /** Answers the present question, from 1. */
  async choose(choice: number): Promise<void> {
    const n = this.progress.task
    const task = this.lesson.tasks[n]!
    if (!task.choices) throw new Error(`task ${n + 1}, ${task.title}, asks nothing; it is done by what the machine shows.`)
    if (isDone(this.progress, n)) throw new Error('all questions are answered.')
    if (choice > task.choices.length) throw new Error(`task ${n + 1}, ${task.title}, has answers 1 to ${task.choices.length}.`)
    this.progress = chosen(this.progress, choice - 1)
    this.moveTo(handIn(this.lesson, this.progress, await this.look()))
    await this.judgeNow()
  }

  private stage(load: (file: string) => Promise<void>): Stage {
    return {
      send: async (command, args) => {
        if (++this.commands > MOST_COMMANDS) throw new Error(`more than ${MOST_COMMANDS} commands are no answer that is graded.`)
        const body = await this.machine.carryOut(command, args)
        await this.judgeNow()
        return body
      },
      load: async file => {
        await load(file)
        await this.judgeNow()
      },
      choose: choice => this.choose(choice),
    }
  }

  /** Throws ScriptError; what was done before stays done. */
  play(script: Script, load: (file: string) => Promise<void> = noPrograms, after?: () => void): Promise<void> {
    return play(script, this.stage(load), after)
  }

  /** Of a student's own program; one without an end is paused, and judged as it then is. */
  runToEnd(): Promise<void> {
    return this.play(parseScript(`continue machine until ${MOST_INSTRUCTIONS}`))
  }

  async result(): Promise<Grade> {
    const machine = await this.look()
    const tasks = this.lesson.tasks.map((task, n): GradedTask => {
      const say = (verdict: Verdict, why: string) => ({ n: n + 1, title: task.title, verdict, why, wrongAnswers: this.wrong.get(n) ?? 0 })
      if (isDone(this.progress, n)) return say('passed', '')
      if (n !== this.progress.task) return say('not yet', `task ${this.progress.task + 1} comes first.`)
      const answer = answerOf(this.progress, n)
      return say(judge(task, machine, answer), whyNot(task, machine, answer))
    })
    return { tasks, passed: allDone(this.lesson, this.progress) }
  }
}

const noPrograms = (file: string): Promise<void> => Promise.reject(new Error(`${file}: no program is opened here.`))
