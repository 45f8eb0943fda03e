/** The C programs of this folder: what was built of them, and what QEMU printed. */
import { readFileSync } from 'node:fs'

export const programNames = ['nothing', 'arithmetic', 'storage', 'control', 'text'] as const
export const byteOrders = ['le', 'be'] as const
export type ByteOrder = (typeof byteOrders)[number]

/** Commands and tests run in the root of the repository. */
const here = `${process.cwd()}/test/programs/`

/** Entered at 0x100 in big-endian order, as QEMU boots firmware. */
export const flatFile = (name: string, order: ByteOrder): string => `${here}built/${name}.${order}.bin`
export const elfFile = (name: string, order: ByteOrder): string => `${here}built/${name}.${order}.elf`
export const expectedFile = (name: string, order: ByteOrder): string => `${here}expected/${name}.${order}.txt`
export const expectedOutput = (name: string, order: ByteOrder): string => readFileSync(expectedFile(name, order), 'utf8')
