/** The registers of a vCPU, written for people or for programs. */
import type { State } from '../emu/core/state.ts'
import { readRegisters } from '../emu/debug/registers.ts'

export const registerFormats = ['text', 'json'] as const
export type RegisterFormat = (typeof registerFormats)[number]

const COLUMNS = 4

function text(rows: readonly [name: string, value: bigint][]): string {
  const cells = rows.map(([name, value]) => `${name.padEnd(8)} ${value.toString(16).padStart(16, '0')}`)
  const lines: string[] = []
  for (let n = 0; n < cells.length; n += COLUMNS) lines.push(cells.slice(n, n + COLUMNS).join('  '))
  return `${lines.join('\n')}\n`
}

const json = (rows: readonly [name: string, value: bigint][]): string =>
  `${JSON.stringify(Object.fromEntries(rows.map(([name, value]) => [name, `0x${value.toString(16)}`])))}\n`

const formats: Readonly<Record<RegisterFormat, (rows: [string, bigint][]) => string>> = { text, json }

export const writeRegisters = (state: State, format: RegisterFormat): string => formats[format](Object.entries(readRegisters(state)))
