/** The command line: which command, and what becomes of its errors. */
import { LoadError } from '../emu/machine/elf.ts'
import { asm } from './asm.ts'
import { disasm } from './disasm.ts'
import { grade } from './grade.ts'
import { CommandError, type Io, outText } from './io.ts'
import { isa } from './isa.ts'
import { play } from './play.ts'
import { probe } from './probe.ts'
import { run } from './run.ts'

const usage = `twostep: a ppc64 machine on the command line

twostep run FILE [--machine pseries] [--load FILE@ADDR]... [--entry A] [--msr V] [--endian little|big]
                 [--max-instructions N] [--stop-on attn] [--registers text|json]
    Runs a source (.s), an ELF64 or a flat image. The console is stdout. Status 0 at power-off or at the asked stop, else 1.
    A flat image lies at address 0. With --entry it is booted as QEMU boots firmware, big-endian; without, little-endian at 0.
    --load puts further bytes at a real address. --entry takes an address or a symbol. --registers writes vCPU 0 at the end.

twostep asm FILE [-o OUT] [--listing] [--endian little|big] [--cpu power7|power8|power9|power10]
    Assembles, from address 0 unless the source says otherwise, little-endian unless its header or --endian says otherwise.
    OUT is a flat image; where its name ends in .elf, an ELF64 with symbols and lines. --listing writes addresses and bytes
    beside the source. --cpu refuses instructions of later processors (power9 without it). .include looks beside FILE, then
    among the files that come with twostep: hcall.inc, msr.inc, spr.inc, vectors.inc.

twostep disasm FILE [--endian little|big] [--source]
    Writes the executable segments of an ELF64 with its symbols; anything else as flat bytes from address 0.
    --source puts the source lines that its line table names above their instructions, with their text where the files are found.

twostep isa [MNEMONIC|WORD] [--json]
    What the instruction is: form, fields, operands, what it does, interrupts, privilege, variants, and whether it is executed.
    WORD is hexadecimal, as 0x7c0000a6, and is told with its values. Without either: every mnemonic, one a line.

twostep probe [--policy NAME|FILE]... [--channel N]... [--setting hold|deliver] [--json]
    Runs the probes, guest programs that find out by themselves whether they are stepped from outside, under each policy of the
    step controller or under the named ones, and prints what they found. FILE is a policy as JSON. Both settings without --setting.
    Status 1 if a policy that claims transparency leaks or loses the guest under deliver, else 0.

twostep play SCRIPT [--json] [--max-instructions N]
    Carries out a script, one command a line (step hypervisor 3, run 1 40, policy rfc-v2), and prints what the machine said to each.
    Programs that it names lie beside it or in ../programs. public/scenarios has some. A line that still runs after N instructions,
    200 million if not said, is paused, and the script ends there with status 1.

twostep grade LESSON [ANSWER] [--json]
    Takes a lesson and judges each task. ANSWER is a script, as of play, with "choose N" for an answer; or a program (.s), run to its
    end. Status 0 only if all tasks are passed. The format of lessons is in docs/lessons.md.

twostep grade LESSON --validate [--json]
    Judges the lesson alone: its head, its program, and the symbols, registers and policies that it names.
`

const commands: Readonly<Record<string, (args: string[], io: Io) => number | Promise<number>>> = {
  run,
  asm,
  disasm,
  isa,
  probe,
  play,
  grade,
}

function dispatch(argv: string[], io: Io): number | Promise<number> {
  const [name, ...args] = argv
  if (name === '--help' || name === '-h' || name === 'help' || args.includes('--help')) {
    outText(io, usage)
    return 0
  }
  if (name === undefined) throw new CommandError(`no command given. Known: ${Object.keys(commands).join(', ')}. See twostep --help.`)
  if (!Object.hasOwn(commands, name))
    throw new CommandError(`no command "${name}". Known: ${Object.keys(commands).join(', ')}. See twostep --help.`)
  return commands[name]!(args, io)
}

function refused(e: unknown, io: Io): number {
  if (!(e instanceof CommandError || e instanceof LoadError)) throw e
  io.error(`twostep: ${e.message}`)
  return 1
}

/** The exit status; a promise where the command waits for the machine. */
export function main(argv: string[], io: Io): number | Promise<number> {
  try {
    const status = dispatch(argv, io)
    return typeof status === 'number' ? status : status.catch((e: unknown) => refused(e, io))
  } catch (e) {
    return refused(e, io)
  }
}
