/** The name most like a mistyped one. */

/** Edits (insert, delete, replace, swap neighbours) from `a` to `b`, or `limit + 1` where it takes more than `limit`. */
export function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1
  let [before, previous]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    let best = i
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let d = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + same)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) d = Math.min(d, before[j - 2]! + 1)
      row.push(d)
      best = Math.min(best, d)
    }
    if (best > limit) return limit + 1
    ;[before, previous] = [previous, row]
  }
  return previous[b.length]!
}

/** Null where nothing is near enough to be what was meant. Of equals, the one that begins alike, then the first. */
export function nearest(word: string, names: Iterable<string>): string | null {
  const limit = word.length <= 2 ? 1 : word.length <= 6 ? 2 : 3
  if (word.length > 40) return null
  let found: string | null = null
  let least = limit + 1
  for (const name of names) {
    const d = distance(word, name, Math.min(limit, Math.ceil(least)))
    const cost = d + (name[0] === word[0] ? 0 : 0.5)
    if (d <= limit && cost < least) {
      least = cost
      found = name
    }
  }
  return found
}

/** Looks up each word once, and not more than `budget` different words: a file of garbage must not take minutes. */
export class NearestNames {
  private readonly known = new Map<string, string | null>()

  constructor(
    private readonly names: () => Iterable<string>,
    private budget = 200,
  ) {}

  /** ` Nearest: name.`, or nothing. */
  hint(word: string): string {
    let found = this.known.get(word)
    if (found === undefined) {
      found = this.budget-- > 0 ? nearest(word, this.names()) : null
      this.known.set(word, found)
    }
    return found === null ? '' : ` Nearest: ${found}.`
  }
}
