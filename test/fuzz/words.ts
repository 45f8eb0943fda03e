/** Random words: whatever they are, they have a text and a description, or none. */
import { disassemble } from '../../src/emu/asm/disassemble.ts'
import { describeWord } from '../../src/emu/isa/describe.ts'
import { decode, instructions } from '../../src/emu/isa/instructions.ts'
import type { Random } from '../oracle/random.ts'
import { assert, target } from './target.ts'

const WORDS = 500

interface Words {
  readonly words: Uint32Array
  readonly address: bigint
}

function word(r: Random): number {
  const kind = r.below(4)
  if (kind === 0) return r.word()
  const i = r.pick(instructions)
  // The instruction with any operands; with reserved bits; with a bit of its opcode changed.
  const any = (i.match | (r.word() & ~i.mask)) >>> 0
  return kind === 3 ? (any ^ (1 << r.below(32))) >>> 0 : any
}

export const words = target<Words>({
  name: 'words',
  make: r => ({
    words: Uint32Array.from({ length: WORDS }, () => word(r)),
    address: r.chance(50) ? r.doubleword() & ~3n : BigInt(r.word() & ~3) & 0xffffffffn,
  }),
  check({ words: list, address }) {
    for (const w of list) {
      const instruction = decode(w)
      for (const raw of [false, true]) {
        const { text } = disassemble(w, address, { raw })
        assert(/^\S/.test(text) && !/undefined|NaN|\[object/.test(text), `0x${w.toString(16)} is printed as "${text}"`)
      }
      const description = describeWord(w)
      assert(
        (description === null) === (instruction === null || instruction === undefined),
        `0x${w.toString(16)}: decoded and described differ`,
      )
      JSON.stringify(description, (_, v: unknown) => (typeof v === 'bigint' ? v.toString() : v))
    }
  },
  file: ({ words: list }) => {
    const view = new DataView(new ArrayBuffer(4 * list.length))
    list.forEach((w, n) => view.setUint32(4 * n, w))
    return { extension: 'bin', bytes: new Uint8Array(view.buffer) }
  },
})
