/** One tokenizer of GNU `as` source for ppc64, read by the listing and by the editor, so that both look the same. */

export type TokenKind = 'comment' | 'directive' | 'label' | 'mnemonic' | 'register' | 'number' | 'string' | 'text'

export interface Token {
  /** Column, from 0. It ends where the next one starts. */
  start: number
  kind: TokenKind
}

export interface TokenizedLine {
  tokens: Token[]
  /** A block comment goes on in the next line. */
  inComment: boolean
}

interface Rule {
  at: 'statement' | 'operands' | 'any'
  pattern: RegExp
  kind: TokenKind
  /** What may follow: another statement, or the operands of this one. */
  next?: 'statement' | 'operands'
}

const rules: readonly Rule[] = [
  { at: 'any', pattern: /\s+/y, kind: 'text' },
  { at: 'any', pattern: /#.*/y, kind: 'comment' },
  { at: 'any', pattern: /"(?:\\.|[^"\\])*"?/y, kind: 'string' },
  { at: 'any', pattern: /;/y, kind: 'text', next: 'statement' },
  { at: 'statement', pattern: /(?:[A-Za-z_.$][\w.$]*|\d+):/y, kind: 'label', next: 'statement' },
  { at: 'statement', pattern: /[A-Za-z_.$][\w.$]*(?=\s*=)/y, kind: 'label', next: 'operands' },
  { at: 'statement', pattern: /\.[A-Za-z]\w*/y, kind: 'directive', next: 'operands' },
  { at: 'statement', pattern: /[A-Za-z]\w*\.?[+-]?/y, kind: 'mnemonic', next: 'operands' },
  { at: 'operands', pattern: /%?(?:r|f|v|vs)\d{1,2}\b|%?cr[0-7]\b|%?(?:lr|ctr|xer|sp)\b/iy, kind: 'register' },
  { at: 'operands', pattern: /(?:0[xX][\da-fA-F]+|0[bB][01]+|\d+[fb]?)\b/y, kind: 'number' },
  { at: 'any', pattern: /[A-Za-z_.$][\w.$]*/y, kind: 'text', next: 'operands' },
  { at: 'any', pattern: /[^\s]/y, kind: 'text', next: 'operands' },
]

/** The tokens of one line; `inComment` is the line before's. Never fails: what it does not know is text. */
export function tokenizeLine(line: string, inComment: boolean): TokenizedLine {
  const tokens: Token[] = []
  const put = (start: number, kind: TokenKind) => {
    if (tokens.at(-1)?.kind !== kind) tokens.push({ start, kind })
  }
  let where: 'statement' | 'operands' = 'statement'
  let at = 0
  while (at < line.length) {
    if (inComment || line.startsWith('/*', at)) {
      put(at, 'comment')
      const end = line.indexOf('*/', inComment ? at : at + 2)
      if (end < 0) return { tokens, inComment: true }
      inComment = false
      at = end + 2
      continue
    }
    for (const rule of rules) {
      if (rule.at !== 'any' && rule.at !== where) continue
      rule.pattern.lastIndex = at
      const found = rule.pattern.exec(line)
      if (!found) continue
      put(at, rule.kind)
      at += found[0].length
      if (rule.next) where = rule.next
      break
    }
  }
  return { tokens, inComment }
}

export interface Span {
  text: string
  kind: TokenKind
}

/** The lines of a text as spans. */
export function highlight(lines: readonly string[]): Span[][] {
  let inComment = false
  return lines.map(line => {
    const tokenized = tokenizeLine(line, inComment)
    inComment = tokenized.inComment
    return tokenized.tokens.map(({ start, kind }, i) => ({ text: line.slice(start, tokenized.tokens[i + 1]?.start), kind }))
  })
}
