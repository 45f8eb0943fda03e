/** Serves the production build under a sub-path, with nothing but content types for headers, to all browser tests. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the page, with the sub-path and a slash at its end. */
    address: string
  }
}

const ROOT = new URL('../..', import.meta.url).pathname
const DIST = join(ROOT, 'dist')
const SUB_PATH = '/some/where/'

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.png': 'image/png',
  '.s': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.ttf': 'font/ttf',
  '.webmanifest': 'application/manifest+json',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
}

const filesBelow = (path: string): string[] =>
  statSync(path).isFile() ? [path] : readdirSync(path, { recursive: true, encoding: 'utf8' }).map(name => join(path, name))
const newest = (paths: readonly string[]): number =>
  Math.max(...paths.flatMap(p => filesBelow(join(ROOT, p))).map(f => statSync(f).mtimeMs))

/** What the build is made of. */
const sources = ['src', 'public', 'index.html', 'vite.config.ts', 'package.json']
const upToDate = (): boolean => {
  const page = join(DIST, 'index.html')
  return existsSync(page) && statSync(page).mtimeMs > newest(sources)
}

/** As outside of the tests: what vitest sets would make React's developer's build of it. */
function build(): void {
  const { NODE_ENV: _, VITEST: __, ...env } = process.env
  execFileSync('npm', ['run', 'build'], { cwd: ROOT, env, stdio: ['ignore', 'ignore', 'inherit'] })
}

/** Held in memory, so that a build that begins meanwhile changes nothing under the tests. */
export function readDist(): Map<string, Buffer> {
  const files = filesBelow(DIST).filter(f => statSync(f).isFile())
  return new Map(files.map(f => [f.slice(DIST.length + 1), readFileSync(f)]))
}

/** Serves these files on a port of its own. */
export async function serve(files: ReadonlyMap<string, Buffer>): Promise<{ address: string; close: () => void }> {
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0]!
    const name = path === SUB_PATH ? 'index.html' : path.startsWith(SUB_PATH) ? path.slice(SUB_PATH.length) : ''
    const file = files.get(decodeURI(name))
    if (!file) return void response.writeHead(404).end()
    const type = contentTypes[extname(name)]
    response.writeHead(200, type ? { 'content-type': type } : {}).end(file)
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { address: `http://127.0.0.1:${port}${SUB_PATH}`, close }
}

export default async function setup(project: TestProject): Promise<() => void> {
  if (!upToDate()) build()
  const { address, close } = await serve(readDist())
  project.provide('address', address)
  return close
}
