/** What somebody types for a register: a value, or one sentence that says what is wrong with it. */

export type Typed = { value: bigint } | { error: string }

/** 1st, 2nd, 3rd, 4th, 11th, 21st … */
export function ordinal(n: number): string {
  const teen = n % 100 >= 11 && n % 100 <= 13
  return `${n}${(!teen && ['th', 'st', 'nd', 'rd'][n % 10]) || 'th'}`
}

/** Hexadecimal digits, with or without 0x, in any case; spaces and underscores between them do not count. */
export function typedHex(text: string, bits: number): Typed {
  const digits = text.trim().replace(/^0x/i, '').replace(/[\s_]/g, '')
  if (digits === '') return { error: 'Type a hexadecimal value.' }
  const wrong = [...digits].findIndex(c => !/[0-9a-f]/i.test(c))
  if (wrong >= 0) return { error: `Use hexadecimal digits only. The ${ordinal(wrong + 1)} is “${[...digits][wrong]}”.` }
  const value = BigInt(`0x${digits}`)
  const most = bits / 4
  if (value >> BigInt(bits))
    return { error: `The register has ${bits} bits: at most ${most} digits. These are ${digits.replace(/^0+/, '').length}.` }
  return { value }
}
