/** The files of `public/programs/include/`, which every program may `.include`; the bundle carries them, so that assembling waits for nothing. */
const texts = import.meta.glob<string>('../../../public/programs/include/*.inc', { query: '?raw', import: 'default', eager: true })

export const shippedFiles: ReadonlyMap<string, string> = new Map(
  Object.entries(texts)
    .map(([path, text]): [string, string] => [path.slice(path.lastIndexOf('/') + 1), text])
    .sort(([a], [b]) => (a < b ? -1 : 1)),
)

/** Where `.include` finds files. */
export interface Includes {
  /** Null where there is no such file. */
  read(path: string): string | null
  /** Where it looks, as a sentence without its end. */
  readonly where: string
}

export const shippedList = [...shippedFiles.keys()].join(', ')

export const shippedIncludes: Includes = {
  read: path => shippedFiles.get(path) ?? null,
  where: `A program can include what comes with Twostep: ${shippedList}. Put the text of any other file in place of the directive`,
}
