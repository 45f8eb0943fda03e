/** A word to be decoded: what was typed, and where it lies if it came from memory. */
import { create } from 'zustand'
import type { EffectiveAddress } from '../../emu/isa/units.ts'

export type ByteOrder = 'number' | 'little'

interface Asked {
  text: string
  order: ByteOrder
  /** Branch targets are told from here; null where the word lies nowhere. */
  address: EffectiveAddress | null
}

/** Null while the dialog is closed. */
export const useDecode = create<{ asked: Asked | null }>(() => ({ asked: null }))

const digits = (word: number): string => `0x${word.toString(16).padStart(8, '0')}`

export function openDecode(word: number | null = null, address: EffectiveAddress | null = null): void {
  useDecode.setState({ asked: { text: word === null ? '' : digits(word), order: 'number', address } })
}

export const closeDecode = (): void => useDecode.setState({ asked: null })

/** Four bytes as the guest fetches them. */
export const wordOf = (bytes: Uint8Array, little: boolean): number =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, little)

export type ReadWord = { word: number; problem: null } | { word: null; problem: string }

/** Up to eight hexadecimal digits, spaced as people like; with `little` four bytes as they lie in a little-endian guest's memory. */
export function readWord(text: string, order: ByteOrder): ReadWord {
  const plain = text.replace(/0x|[\s_,]/gi, '')
  const wrong = /[^\da-f]/i.exec(plain)?.[0]
  if (wrong !== undefined) return { word: null, problem: `A word is eight hexadecimal digits. “${wrong}” is none.` }
  if (plain === '') return { word: null, problem: 'Type a word: eight hexadecimal digits.' }
  if (plain.length > 8) return { word: null, problem: `A word has eight digits. These are ${plain.length}.` }
  if (order === 'number') return { word: Number.parseInt(plain, 16), problem: null }
  if (plain.length < 8) return { word: null, problem: `Bytes of memory are eight digits, two for each. These are ${plain.length}.` }
  return { word: Number.parseInt(plain.match(/../g)!.reverse().join(''), 16), problem: null }
}

/** Digits of the field, in binary. */
export const binary = (word: number, first: number, last: number): string =>
  word
    .toString(2)
    .padStart(32, '0')
    .slice(first, last + 1)
