import { elf } from './elf.ts'
import { execution } from './execution.ts'
import { lines } from './lines.ts'
import { sources } from './sources.ts'
import type { Target } from './target.ts'
import { words } from './words.ts'

/** Each gets its share of the time: execution has the most to try. */
export const targets: readonly { readonly target: Target; readonly share: number }[] = [
  { target: words, share: 1 },
  { target: execution, share: 4 },
  { target: elf, share: 2 },
  { target: sources, share: 3 },
  { target: lines, share: 1 },
]
