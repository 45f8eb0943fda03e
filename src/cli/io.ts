/** What the commands need of the world around them; the tests bring their own. */
export interface Io {
  /** Throws an Error that says why the file cannot be read. */
  read(path: string): Uint8Array
  write(path: string, bytes: Uint8Array): void
  out(bytes: Uint8Array): void
  /** A line for people. */
  error(line: string): void
}

/** What went wrong, in words for the user; the command ends with status 1. */
export class CommandError extends Error {}

export const outText = (io: Io, text: string): void => io.out(new TextEncoder().encode(text))
