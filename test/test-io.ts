/** Files and streams of a command in a test: files written are kept, what is not there comes from the disk. */
import { existsSync, readFileSync } from 'node:fs'
import { CommandError, type Io } from '../src/cli/io.ts'

export class TestIo implements Io {
  readonly files = new Map<string, Uint8Array>()
  readonly errors: string[] = []
  private readonly pieces: Uint8Array[] = []

  constructor(files: Readonly<Record<string, string | Uint8Array>> = {}) {
    for (const [name, content] of Object.entries(files))
      this.files.set(name, typeof content === 'string' ? new TextEncoder().encode(content) : content)
  }

  read(path: string): Uint8Array {
    const kept = this.files.get(path)
    if (kept) return kept
    if (!path.startsWith('/') || !existsSync(path)) throw new CommandError(`cannot read ${path}: there is no such file.`)
    return new Uint8Array(readFileSync(path))
  }

  write(path: string, bytes: Uint8Array): void {
    this.files.set(path, bytes)
  }

  out(bytes: Uint8Array): void {
    this.pieces.push(bytes)
  }

  error(line: string): void {
    this.errors.push(line)
  }

  /** What was written to stdout. */
  get text(): string {
    return Buffer.concat(this.pieces).toString('latin1')
  }
}
