/** The stretch of the address space that a scrolling list holds: far more than a screen, far less than 2^64. */
import type { EffectiveAddress } from '../../emu/isa/units.ts'

export const ROWS = 1 << 14
/** So near its end the list moves on. */
const EDGE = 1 << 10
const END = 1n << 64n

export const alignDown = (address: EffectiveAddress, unit: number): EffectiveAddress => address - (address % BigInt(unit))

/** First address of a list of rows of `unit` bytes that has the address in its middle, or as near as the ends of the address space allow. */
export function windowAround(address: EffectiveAddress, unit: number): EffectiveAddress {
  const size = BigInt(ROWS * unit)
  const base = alignDown(address, unit) - size / 2n
  if (base < 0n) return 0n
  return base + size > END ? END - size : base
}

export const rowOf = (base: EffectiveAddress, address: EffectiveAddress, unit: number): number => Number((address - base) / BigInt(unit))
export const addressOf = (base: EffectiveAddress, row: number, unit: number): EffectiveAddress => base + BigInt(row * unit)
export const holds = (base: EffectiveAddress, address: EffectiveAddress, unit: number): boolean =>
  address >= base && address < base + BigInt(ROWS * unit)

/** Where the list should begin once rows `first` to `last` are in view: elsewhere only near an end that is not the address space's. */
export function recentred(base: EffectiveAddress, first: number, last: number, unit: number): EffectiveAddress {
  const low = first < EDGE && base > 0n
  const high = last > ROWS - EDGE && base + BigInt(ROWS * unit) < END
  return low || high ? windowAround(addressOf(base, first, unit), unit) : base
}

/** Moves by rows, staying within the address space. */
export function moved(address: EffectiveAddress, rows: number, unit: number): EffectiveAddress {
  const to = address + BigInt(rows * unit)
  if (to < 0n) return 0n
  return to >= END ? END - BigInt(unit) : to
}
