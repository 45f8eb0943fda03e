/** What conditions want to know beyond the view: memory at symbols, registers of vCPUs that State does not show, the matrix. */
import type { Command, Commands, MachineView } from '../worker/protocol.ts'
import type { Machine } from './checks.ts'
import type { Condition } from './conditions.ts'

/** Null when the machine refused. */
export type Look = <C extends Command>(command: C, args: Commands[C]['arguments']) => Promise<Commands[C]['body'] | null>

const WORD = 8

export const addressOf = (view: MachineView, symbol: string): bigint | null =>
  view.program?.symbols.find(s => s.name === symbol)?.address ?? null

/** Channels that some condition asks of the matrix. */
export const channelsOf = (conditions: readonly Condition[]): number[] =>
  [...new Set(conditions.flatMap(c => c.passes ?? []))].sort((a, b) => a - b)

/** Memory and registers, by what the conditions name. Nothing is changed by looking. */
export async function looked(
  conditions: readonly Condition[],
  view: MachineView,
  look: Look,
): Promise<Pick<Machine, 'memory' | 'registers'>> {
  const memory = new Map<string, Uint8Array>()
  const registers = new Map<number, Readonly<Record<string, bigint>>>()
  for (const { memory: symbol, vcpu } of conditions) {
    if (symbol !== undefined && !memory.has(symbol)) {
      const address = addressOf(view, symbol)
      const read = address === null ? null : await look('readMemory', { address, count: WORD })
      if (read && read.fault === null) memory.set(symbol, read.bytes)
    }
    if (vcpu !== undefined && !registers.has(vcpu) && vcpu < view.vcpus) {
      const read = await look('vcpuRegisters', { vcpu })
      if (read) registers.set(vcpu, read.registers)
    }
  }
  return { memory, registers }
}

/** Whether looking is needed at all. */
export const wantsLook = (conditions: readonly Condition[]): boolean => conditions.some(c => c.memory !== undefined || c.vcpu !== undefined)
