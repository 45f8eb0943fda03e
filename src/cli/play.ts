/** `twostep play`: a script, line by line, with what the machine said to each. */
import { dirname, join } from 'node:path'
import { play as playScript, type Stage } from '../emu/script/play.ts'
import { parseScript, type Script, ScriptError } from '../emu/script/script.ts'
import type { MachineView } from '../emu/worker/protocol.ts'
import { Headless, MOST_INSTRUCTIONS } from './headless.ts'
import { CommandError, type Io, outText } from './io.ts'
import { parse, unsigned } from './options.ts'
import { countErrors, isSource, reportDiagnostics } from './program.ts'

/** Beside the script, or among the programs that come with it. */
function readProgram(script: string, file: string, io: Io): { path: string; bytes: Uint8Array } {
  const places = [join(dirname(script), file), join(dirname(script), '..', 'programs', file)]
  for (const path of places) {
    try {
      return { path, bytes: io.read(path) }
    } catch (e) {
      if (!(e instanceof CommandError)) throw e
    }
  }
  throw new CommandError(`${file} is neither beside the script nor in ../programs.`)
}

/** A machine on which scripts are played; programs come from files. A line that runs more instructions than `most` is ended with an error. */
export function stageOf(machine: Headless, script: string, io: Io, most?: bigint): Stage {
  return {
    send: (command, args) => machine.carryOut(command, args, most),
    async load(file) {
      const { path, bytes } = readProgram(script, file, io)
      if (!isSource(path)) return void (await machine.send('loadImage', { name: file, bytes }))
      const { diagnostics, program } = await machine.send('loadSource', { name: file, source: new TextDecoder().decode(bytes) })
      if (program) return
      reportDiagnostics(path, diagnostics, io)
      throw new CommandError(`${path} has ${countErrors(diagnostics)}.`)
    },
  }
}

const place = ({ vcpu, symbol, nip, state }: MachineView['schedule']['vcpus'][number]): string =>
  `vCPU ${vcpu}: ${state}, at ${symbol ?? `0x${nip.toString(16)}`}`

export async function play(args: string[], io: Io): Promise<number> {
  const { file, values } = parse('play', args, { json: { type: 'boolean' }, 'max-instructions': { type: 'string' } })
  const most = values['max-instructions'] === undefined ? MOST_INSTRUCTIONS : unsigned('--max-instructions', values['max-instructions'])
  let script: Script
  try {
    script = parseScript(new TextDecoder().decode(io.read(file)))
  } catch (e) {
    if (e instanceof ScriptError) throw new CommandError(`${file}, ${e.message} Nothing was played.`)
    throw e
  }
  const machine = new Headless()
  const say = (text: string) => values.json || outText(io, `${text}\n`)
  const steps: { line: number; command: string; said: string }[] = []
  if (script.title) say(`${script.title}\n`)
  try {
    await playScript(script, stageOf(machine, file, io, most), ({ line, text }) => {
      const said = machine.view.status.text
      steps.push({ line, command: text, said })
      say(`${text}\n    ${said}`)
    })
  } catch (e) {
    if (e instanceof ScriptError) throw new CommandError(`${file}, ${e.message}`)
    throw e
  }
  const { schedule, controller } = machine.view
  say(`\n${schedule.vcpus.map(place).join('\n')}`)
  if (values.json) {
    const vcpus = schedule.vcpus.map(v => ({ ...v, nip: `0x${v.nip.toString(16)}`, completed: Number(v.completed) }))
    const leaks = controller.leaks.map(({ channel, policy, text }) => ({ channel, policy, text }))
    outText(io, `${JSON.stringify({ title: script.title, steps, vcpus, leaks }, null, 2)}\n`)
  }
  return 0
}
