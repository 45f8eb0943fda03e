/** The real files that inputs are made of. */
import { readdirSync, readFileSync } from 'node:fs'

/** Commands run in the root of the repository. */
function files(folder: string, ending: RegExp): string[] {
  return readdirSync(folder)
    .filter(name => ending.test(name))
    .map(name => `${folder}/${name}`)
}

export const elfFiles = (): Uint8Array[] =>
  [...files('test/programs/built', /\.elf$/), ...files('test/fixtures/lines', /\.elf$/)].map(f => new Uint8Array(readFileSync(f)))

export const sourceFiles = (): string[] =>
  ['public/programs', 'test/programs/source', 'test/machine'].flatMap(f => files(f, /\.s$/)).map(f => readFileSync(f, 'utf8'))
