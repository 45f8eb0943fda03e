/** Weight and grey for the hypervisor's listing: the policy gives plain text. */
import { MSR } from '../../emu/isa/bitfields.ts'

export type Emphasis = 'plain' | 'strong' | 'name' | 'comment'

const keywords = new Set(['if', 'else', 'while', 'for', 'return', 'loop', 'until', 'then'])
const bits = new Set<string>(MSR.bits.map(b => b.name))
const WORD = /[A-Za-z_]\w*/g

/** `first`: the line names the procedure, so its name is set in bold. */
export function emphasis(text: string, first: boolean): { text: string; as: Emphasis }[] {
  const spans: { text: string; as: Emphasis }[] = []
  const put = (part: string, as: Emphasis) => part && spans.push({ text: part, as })
  const comment = text.search(/\/\/|# /)
  const code = comment < 0 ? text : text.slice(0, comment)
  let at = 0
  for (const { 0: word, index } of code.matchAll(WORD)) {
    const called = code[index + word.length] === '('
    const as = called ? (first && at === 0 ? 'name' : 'strong') : keywords.has(word) ? 'strong' : bits.has(word) ? 'name' : null
    if (!as) continue
    put(code.slice(at, index), 'plain')
    put(word, as)
    at = index + word.length
  }
  put(code.slice(at), 'plain')
  if (comment >= 0) put(text.slice(comment), 'comment')
  return spans
}
