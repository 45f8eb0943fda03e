/** Values of options: numbers, byte order, one of a list. Each refusal says what would do. */
import { type ParseArgsConfig, parseArgs } from 'node:util'
import { CommandError } from './io.ts'

type Options = NonNullable<ParseArgsConfig['options']>

/** Parses a command's arguments: its options, and any number of others. */
export function parseAny<O extends Options>(command: string, args: string[], options: O) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true })
  } catch (e) {
    throw new CommandError(`${command}: ${(e as Error).message}`)
  }
}

/** Parses a command's arguments: its options, and exactly one FILE. */
export function parse<O extends Options>(command: string, args: string[], options: O) {
  const parsed = parseAny(command, args, options)
  const [file, ...more] = parsed.positionals
  if (file === undefined) throw new CommandError(`${command}: no FILE given. See twostep --help.`)
  if (more.length > 0) throw new CommandError(`${command}: one FILE at a time, found also ${more.join(', ')}.`)
  return { file, values: parsed.values }
}

/** Hexadecimal with 0x, else decimal. */
export function unsigned(option: string, text: string): bigint {
  if (!/^(0x[0-9a-f]+|\d+)$/i.test(text)) throw new CommandError(`${option} ${text}: expected a number, as 4096 or 0x1000.`)
  const value = BigInt(text)
  if (value >> 64n) throw new CommandError(`${option} ${text}: more than 64 bits.`)
  return value
}

export function oneOf<T extends string>(option: string, text: string, known: readonly T[]): T {
  const found = known.find(k => k === text)
  if (found === undefined) throw new CommandError(`${option} ${text}: expected ${known.join(' or ')}.`)
  return found
}

/** True for little; undefined where the option was not given. */
export const endian = (text: string | undefined): boolean | undefined =>
  text === undefined ? undefined : oneOf('--endian', text, ['little', 'big']) === 'little'
