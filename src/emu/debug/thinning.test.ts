/** A guest that writes all of memory again and again: copies are given up, and the past is still what it was. */
import { expect, test } from 'vitest'
import { imageOfSource } from '../machine/image.ts'
import { Pseries } from '../machine/pseries.ts'
import { seekingTime, seekTime } from './past.ts'
import { readRegisters } from './registers.ts'
import { Session } from './session.ts'
import { SNAPSHOT_BYTES, thin } from './thinning.ts'

/** A store to each page from 1 MiB on, 4 MiB of them; the value tells how often. */
const WRITES = `# twostep: ram=16M
_start: lis r6, 0x10
over:   addi r4, r4, 4096
        clrldi r4, r4, 42
        addi r7, r7, 1
        stdx r7, r4, r6
        li r8, 1000
        mtctr r8
wait:   bdnz wait
        b over
`
const PIECE = 4_000_000
const PIECES = 20

function ran() {
  const session = new Session(new Pseries(imageOfSource('guest.s', WRITES).image!), 'transparent')
  session.begin({ kind: 'run' }, 'machine')
  for (let n = 0; n < PIECES; n++) session.advance(PIECE)
  session.pause()
  return session
}
/** The written counts, a doubleword a page. */
const memory = (session: Session) => Array.from({ length: 1024 }, (_, n) => `${session.core.read((1 << 20) + (n << 12), 8)}`).join(' ')
const seen = (session: Session) => ({ registers: readRegisters(session.vcpu().state), memory: memory(session) })

test('checkpoints are given up by age, and any time is still shown as it was', () => {
  const session = ran()
  const live = seen(session)
  const times = [1n, 3_999_999n, 4_000_001n, 41_000_003n, 60_000_000n, 75_999_999n]
  const at = (s: Session) =>
    times.map(t => {
      seekTime(s, t)
      return seen(s)
    })
  const before = at(session)
  session.seek('live')
  const whole = session.chain.bytes
  expect(whole).toBeGreaterThan(60 << 20)
  thin(session.history, session.chain, () => false, { most: 40 << 20, down: 25 << 20 })
  expect(session.chain.bytes).toBeLessThanOrEqual(25 << 20)
  const { checkpoints } = session.history[0]!
  expect(checkpoints.length).toBeLessThan(PIECES / 2)
  expect(at(session)).toEqual(before)
  session.seek('live')
  expect(seen(session)).toEqual(live)
  session.back('machine')
  expect(session.now).toBe(0n)
  expect(memory(session)).toMatch(/^[0, ]*$/)
}, 120_000)

test('what must stay stays: where actions begin, what is asked for, the last', () => {
  const session = ran()
  const wanted = session.history[0]!.checkpoints[7]!
  thin(session.history, session.chain, c => c === wanted, { most: 0, down: 0 })
  const left = session.history[0]!.checkpoints
  expect(left).toHaveLength(3)
  expect(left[1]).toBe(wanted)
  expect(SNAPSHOT_BYTES.down).toBeLessThan(SNAPSHOT_BYTES.most)
}, 120_000)

test('a way that is given up shows the live end', () => {
  const session = ran()
  const live = seen(session)
  session.history[0]!.checkpoints.splice(1)
  const far = seekingTime(session, 70_000_000n)
  far.next()
  far.next()
  far.return()
  expect(session.isLive).toBe(true)
  expect(seen(session)).toEqual(live)
}, 120_000)
