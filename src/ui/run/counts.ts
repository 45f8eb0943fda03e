/** Counts that fit a card: exact while they are short. */

/** With thin spaces between thousands. */
export const grouped = (n: bigint | number): string => n.toString().replace(/\B(?=(\d{3})+$)/g, '\u2009')

/** "41 208", "193.5 M", "12.0 G". */
export function shortCount(n: bigint): string {
  if (n < 1_000_000n) return grouped(n)
  const [unit, name] = n < 1_000_000_000n ? [1_000_000n, 'M'] : [1_000_000_000n, 'G']
  const tenths = (n * 10n) / unit
  return `${grouped(tenths / 10n)}.${tenths % 10n}\u2009${name}`
}

/** "0xb88_e181". */
export const shortHex = (n: bigint): string => `0x${n.toString(16).replace(/\B(?=(.{4})+$)/g, '_')}`
