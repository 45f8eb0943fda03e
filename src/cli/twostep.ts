/** The command `twostep`: `main` with this process's files and streams. */
import { readFileSync, writeFileSync, writeSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { CommandError, type Io } from './io.ts'
import { main } from './main.ts'

const [STDOUT, STDERR] = [1, 2]
const PIPE_CLOSED = 141

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a directory',
  EACCES: 'access is denied',
  ENOSPC: 'the disk is full',
  EROFS: 'it lies on a read-only file system',
}

function refuse(what: string, path: string, e: unknown): never {
  const { code, message } = e as NodeJS.ErrnoException
  throw new CommandError(`${what} ${path}: ${reasons[code ?? ''] ?? message}.`)
}

/** Writes all of it before going on; a reader that went away ends the command. */
function writeAll(stream: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(stream, bytes, at)
    } catch (e) {
      const { code } = e as NodeJS.ErrnoException
      if (code === 'EPIPE') process.exit(PIPE_CLOSED)
      // A terminal or pipe in non-blocking mode whose reader is slow.
      if (code !== 'EAGAIN') throw e
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
    }
  }
}

const io: Io = {
  read(path) {
    try {
      return new Uint8Array(readFileSync(path))
    } catch (e) {
      return refuse('cannot read', path, e)
    }
  },
  write(path, bytes) {
    try {
      writeFileSync(path, bytes)
    } catch (e) {
      refuse('cannot write', path, e)
    }
  },
  out: bytes => writeAll(STDOUT, bytes),
  error: line => writeAll(STDERR, new TextEncoder().encode(`${line}\n`)),
}

// Node 20's V8 allocates the registers of a function as large as the interpreter in a quick way that keeps everything on the stack; in its
// usual way the interpreter is a fifth faster.
if (process.versions.node.startsWith('20.')) setFlagsFromString('--no-turbo-use-mid-tier-regalloc-for-huge-functions')

process.exitCode = await main(process.argv.slice(2), io)
