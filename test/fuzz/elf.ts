/** ELF files with something wrong: refused with a sentence, or loaded, and then they run without harm. */

import { LoadError } from '../../src/emu/machine/elf.ts'
import { imageOfElf } from '../../src/emu/machine/image.ts'
import { Pseries } from '../../src/emu/machine/pseries.ts'
import { elfFiles } from './files.ts'
import { assert, mutateBytes, target } from './target.ts'

const RAM = 16 << 20
const HEADERS = 64 + 56 * 8
const SENTENCE = /^[A-Z].*\. Nothing was loaded\.$|Nothing was loaded\./s

const originals = elfFiles()
/** Machines are made for a part of the files that load. */
let loaded = 0

export const elf = target<Uint8Array>({
  name: 'elf',
  make: r => mutateBytes(r, r.pick(originals), r.chance(70) ? HEADERS : 1 << 20),
  check(bytes) {
    const before = bytes.slice()
    try {
      const image = imageOfElf('fuzz', bytes, RAM)
      assert(
        image.pieces.every(p => p.real >= 0 && p.real + p.bytes.length <= RAM),
        'a piece lies outside of RAM',
      )
      if (loaded++ % 50 === 0) new Pseries(image).core.vcpus[0]!.run(2000)
    } catch (e) {
      if (!(e instanceof LoadError)) throw e
      assert(SENTENCE.test(e.message), `refused without a sentence: ${e.message}`)
    }
    assert(Buffer.compare(before, bytes) === 0, 'the reader changed the file')
  },
  file: bytes => ({ extension: 'elf', bytes }),
})
