/** Turns as they are written: `0:3 1:40`. */
import { parseScript, ScriptError } from '../../../emu/script/script.ts'
import type { Turn } from '../../../emu/worker/protocol.ts'

export const written = (turns: readonly Turn[]): string => turns.map(t => `${t.vcpu}:${t.boundaries}`).join(' ')

export type Read = { readonly script: Turn[]; readonly problem: null } | { readonly script: null; readonly problem: string }

/** The turns, or what is wrong with the text. */
export function readTurns(text: string, vcpus: number): Read {
  try {
    const { deed } = parseScript(`schedule ${text.replaceAll('#', '?').replaceAll('quantum', '?')}`).lines[0]!
    const script = deed.kind === 'request' && deed.command === 'setSchedule' ? deed.arguments.script : []
    const strange = script.find(t => t.vcpu >= vcpus || t.boundaries < 1)
    if (!strange) return { script, problem: null }
    return {
      script: null,
      problem:
        strange.boundaries < 1 ? 'A turn has at least one boundary.' : `There is no vCPU ${strange.vcpu}: they are 0 to ${vcpus - 1}.`,
    }
  } catch (e) {
    if (!(e instanceof ScriptError)) throw e
    return { script: null, problem: 'Write turns as 1:40 (vCPU 1 for 40 boundaries), with spaces between them.' }
  }
}

/** A whole number of boundaries, or null. */
export function readBoundaries(text: string): number | null {
  const plain = text.replace(/[\s\u202f]/g, '')
  return /^\d{1,9}$/.test(plain) && Number(plain) >= 1 ? Number(plain) : null
}
