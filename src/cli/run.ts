/** `twostep run`: a program on the machine, its console on stdout, its end as the exit status. */
import type { Stop } from '../emu/hypervisor/events.ts'
import { Hypervisor } from '../emu/hypervisor/hypervisor.ts'
import { Pseries } from '../emu/machine/pseries.ts'
import { CommandError, type Io, outText } from './io.ts'
import { endian, oneOf, parse, unsigned } from './options.ts'
import { bootImage } from './program.ts'
import { registerFormats, writeRegisters } from './registers.ts'

/** Boundaries between two looks at the limit. */
const SLICE = 100_000_000

const options = {
  machine: { type: 'string' },
  load: { type: 'string', multiple: true },
  entry: { type: 'string' },
  msr: { type: 'string' },
  endian: { type: 'string' },
  'max-instructions': { type: 'string' },
  'stop-on': { type: 'string' },
  registers: { type: 'string' },
} as const

function machineNamed(name: string): typeof Pseries {
  if (name !== 'pseries') throw new CommandError(`--machine ${name}: there is one machine, pseries.`)
  return Pseries
}

/** Runs until it stops by itself; null when the limit came first. */
function runTo(machine: Pseries, hypervisor: Hypervisor, limit: bigint | null): Stop | null {
  const { state } = machine.core.vcpus[0]!
  for (;;) {
    const left = limit === null ? SLICE : Number(limit - state.get('TIME'))
    if (left <= 0) return null
    const { stop } = hypervisor.run(0, Math.min(left, SLICE))
    if (stop) return stop
  }
}

export function run(args: string[], io: Io): number {
  const { file, values } = parse('run', args, options)
  const Machine = machineNamed(values.machine ?? 'pseries')
  const stopOn = values['stop-on'] === undefined ? null : oneOf('--stop-on', values['stop-on'], ['attn'])
  const format = values.registers === undefined ? null : oneOf('--registers', values.registers, registerFormats)
  const limit = values['max-instructions'] === undefined ? null : unsigned('--max-instructions', values['max-instructions'])
  const image = bootImage(
    file,
    {
      load: values.load ?? [],
      entry: values.entry,
      msr: values.msr === undefined ? undefined : unsigned('--msr', values.msr),
      littleEndian: endian(values.endian),
    },
    io,
  )
  const machine = new Machine(image)
  let atLineStart = true
  machine.onOutput = text => {
    io.out(Uint8Array.from(text, ch => ch.charCodeAt(0)))
    if (text) atLineStart = text.endsWith('\n')
  }
  const stop = runTo(machine, new Hypervisor(machine, 'transparent'), limit)
  const { state } = machine.core.vcpus[0]!
  if (format) outText(io, `${atLineStart ? '' : '\n'}${writeRegisters(state, format)}`)
  if (stop?.reason === 'powerOff' || (stop !== null && stop.reason === stopOn)) return 0
  if (stop) io.error(`twostep: ${stop.text}`)
  else
    io.error(`twostep: stopped at 0x${state.get('NIP').toString(16)} after ${limit} instructions, the limit that --max-instructions set.`)
  return 1
}
