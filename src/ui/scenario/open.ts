/** Opens a scenario and plays it, line by line, by the same requests as the page's controls. */
import { playLine, type Stage } from '../../emu/script/play.ts'
import { parseScript, type Script, ScriptError } from '../../emu/script/script.ts'
import { leaveLesson } from '../lesson/open.ts'
import { arrangeForVcpus } from '../shell/arrangement.ts'
import { putSource, sparingEdits } from '../shell/program.ts'
import { send, useStore } from '../store/store.ts'
import { type Scenario, useScenario } from './state.ts'

const change = (part: Partial<Scenario>): void => useScenario.setState(s => (s.scenario ? { scenario: { ...s.scenario, ...part } } : s))

async function fetchText(path: string): Promise<string> {
  const response = await fetch(`${import.meta.env.BASE_URL}${path}`)
  if (!response.ok) throw new Error(`${path} could not be fetched (${response.status})`)
  return response.text()
}

const atRest = (): Promise<void> =>
  new Promise(resolve => {
    const rests = () => useStore.getState().view?.run.state !== 'running'
    if (rests()) return resolve()
    const stop = useStore.subscribe(() => {
      if (!rests()) return
      stop()
      resolve()
    })
  })

/** Files given together with the scenario, by name; others are the page's own programs. */
const stageWith = (files: ReadonlyMap<string, string>): Stage => ({
  async send(command, args) {
    const body = await send(command, args)
    if (body === null) throw new Error(useStore.getState().problem?.message ?? 'The machine did not answer.')
    await atRest()
    return body
  },
  async load(file) {
    const source = files.get(file) ?? (await fetchText(`programs/${file}`))
    const loaded = await send('loadSource', { name: file, source })
    if (!loaded?.program) throw new Error(`${file} was not loaded: it has errors`)
    leaveLesson()
    putSource(file, source)
  },
})

let files: ReadonlyMap<string, string> = new Map()

/** Commands before the first that moves the machine. */
const PREPARES: ReadonlySet<string> = new Set(['setPolicy', 'setSchedulerLocking', 'setInterrupts', 'setSchedule', 'selectVcpu'])
const prepares = ({ lines }: Script, at: number): boolean => {
  const deed = lines[at]?.deed
  return deed !== undefined && (deed.kind === 'program' || (deed.kind === 'request' && PREPARES.has(deed.command)))
}

async function begin(name: string, script: Script): Promise<void> {
  useScenario.setState({ scenario: { name, script, done: 0, playing: false, problem: null } })
  arrangeForVcpus()
  await playWhile(at => prepares(script, at))
}

/** Asks first where edits would be lost. `file` lies in `scenarios/`. */
export function openScenario(file: string): void {
  sparingEdits(`The scenario takes its place.`, 'Open it', async () => {
    try {
      const script = parseScript(await fetchText(`scenarios/${file}`))
      files = new Map()
      await begin(file, script)
    } catch (e) {
      const message = `${file} could not be opened: ${(e as Error).message}. What was loaded stays loaded.`
      useStore.setState({ problem: { message, action: { label: 'Try again', run: () => openScenario(file) } } })
    }
  })
}

/** A script of the user's, with the programs that were chosen together with it. */
export async function openScenarioFiles(given: readonly File[]): Promise<void> {
  const texts = new Map<string, string>()
  for (const f of given) texts.set(f.name, await f.text())
  const script = given.find(f => /\.txt$/i.test(f.name))
  if (!script) {
    const message = `A scenario is a .txt file with one command a line, and perhaps the .s files that it names; found ${given.map(f => f.name).join(', ')}. What was loaded stays loaded.`
    return useStore.setState({ problem: { message, action: null } })
  }
  try {
    const parsed = parseScript(texts.get(script.name)!)
    sparingEdits(`${script.name} takes its place.`, 'Open it', () => {
      files = texts
      void begin(script.name, parsed)
    })
  } catch (e) {
    if (!(e instanceof ScriptError)) throw e
    useStore.setState({ problem: { message: `${script.name}, ${e.message} What was loaded stays loaded.`, action: null } })
  }
}

/** Carries out lines as long as `goOn` says, beginning with the next. */
async function playWhile(goOn: (at: number) => boolean): Promise<void> {
  const begun = useScenario.getState().scenario
  if (!begun || begun.playing) return
  change({ playing: true, problem: null })
  const { script } = begun
  const stage = stageWith(files)
  try {
    for (let at = begun.done; at < script.lines.length && goOn(at); at++) {
      await playLine(script.lines[at]!, stage)
      // Another one was opened, or it was closed.
      if (useScenario.getState().scenario?.script !== script) return
      change({ done: at + 1 })
    }
  } catch (e) {
    if (!(e instanceof ScriptError)) throw e
    if (useScenario.getState().scenario?.script === script) change({ problem: `${e.message} What was done before stays.` })
  } finally {
    if (useScenario.getState().scenario?.script === script) change({ playing: false })
  }
}

export function playNext(): void {
  const at = useScenario.getState().scenario?.done
  void playWhile(n => n === at)
}

export const playAll = (): void => void playWhile(() => useScenario.getState().scenario?.playing === true)

export function playAgain(): void {
  const { scenario } = useScenario.getState()
  if (scenario && !scenario.playing) void begin(scenario.name, scenario.script)
}
