/** Pictures held against those committed. RECORD=1 writes them anew. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import pixelmatch from 'pixelmatch'
import { PNG } from 'pngjs'

const COMMITTED = new URL('./screens/', import.meta.url).pathname
const SEEN = new URL('../output/screens/', import.meta.url).pathname

/** Of all pixels: 64 at 1440 × 900, a fifth of one bit cell of the MSR strip. */
const TOLERATED = 0.00005
/** How far a pixel's colour may be off: smoothing of letters, not another colour. */
const THRESHOLD = 0.05

/** Null when it is as committed; else what differs and where the evidence lies. */
export function differs(name: string, picture: Buffer): string | null {
  const committed = `${COMMITTED}${name}.png`
  if (process.env.RECORD) {
    mkdirSync(COMMITTED, { recursive: true })
    writeFileSync(committed, picture)
    return null
  }
  if (!existsSync(committed)) return `${name}: no picture is committed. Write it with RECORD=1, look at it and commit it.`
  const [was, now] = [PNG.sync.read(readFileSync(committed)), PNG.sync.read(picture)]
  if (was.width !== now.width || was.height !== now.height)
    return `${name}: ${now.width} × ${now.height}, committed ${was.width} × ${was.height}`
  const diff = new PNG({ width: now.width, height: now.height })
  const pixels = pixelmatch(was.data, now.data, diff.data, now.width, now.height, { threshold: THRESHOLD })
  if (pixels <= TOLERATED * now.width * now.height) return null
  mkdirSync(SEEN, { recursive: true })
  writeFileSync(`${SEEN}${name}.png`, picture)
  writeFileSync(`${SEEN}${name}.diff.png`, PNG.sync.write(diff))
  return `${name}: ${pixels} pixels differ. See test/output/screens/${name}.png and ${name}.diff.png; RECORD=1 takes the new picture.`
}
