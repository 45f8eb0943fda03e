/** The law: n boundaries of the generated interpreter are n instructions of the reference evaluator, in every register and byte. */
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { CODE, firstValue, image, type Program, programs, RAM } from '../../../test/support/random-programs.ts'
import { HFSCR, MSR } from '../isa/bitfields.ts'
import type { Instruction } from '../isa/instruction.ts'
import type { Expr } from '../wasm/expr.ts'
import type { Core } from './core.ts'
import type { Outcome } from './events.ts'
import { stateRegisters } from './layout.ts'

type CoreClass = typeof Core
const { SF, LE, EE, RI } = MSR.mask
const FACILITIES = Object.entries(HFSCR.mask).reduce((m, [name, bit]) => (name === 'IC' ? m : m | bit), 0n)

function reset(core: Core, p: Program): void {
  core.flushCode()
  core.write(0, image(p))
  const vcpu = core.vcpus[0]!
  vcpu.state.bytes.fill(0)
  for (let n = 0; n < 32; n++) vcpu.state.set('GPR', firstValue(p, n), n)
  const values = {
    NIP: CODE,
    MSR: (p.wide ? SF : 0n) | (p.little ? LE : 0n) | EE | RI,
    LPCR: p.little ? 1n << 25n : 0n,
    HFSCR: FACILITIES,
    LR: CODE + 0x100n,
    CTR: CODE + 0x203n,
    TAR: CODE + 0x80n,
    DEC_BASE: 150n,
    XERLOW: p.values[0]! & 0x7fn,
  }
  for (const [name, value] of Object.entries(values)) vcpu.state.set(name, value)
  vcpu.state.cr = p.values[1]! & 0xffffffffn
  core.flushTranslations(vcpu)
}

const ended = (o: Outcome): boolean => o.kind !== 'completed' && o.kind !== 'interrupt'

/** Interpreter: as many boundaries as each run asks for. */
function interpreted(core: Core, p: Program): string {
  const vcpu = core.vcpus[0]!
  let outcome: Outcome = { kind: 'completed' }
  for (const n of p.runs) {
    outcome = vcpu.run(n).outcome
    if (ended(outcome)) break
  }
  return ended(outcome) ? outcome.kind : 'ran'
}

/** Reference: instructions one at a time, by folding alone; interrupts that are due, and fetches that fault, as the vCPU takes them. */
function referenced(core: Core, p: Program): string {
  const vcpu = core.vcpus[0]!
  const count = BigInt(p.runs.reduce((a, b) => a + b))
  let outcome: Outcome = { kind: 'completed' }
  while (vcpu.state.get('TIME') < count && !ended(outcome)) {
    const interrupt = vcpu.state.get('TRACE_DUE') !== 0n || vcpu.asynchronousDue()
    const word = interrupt ? null : vcpu.wordAt(vcpu.state.get('NIP'), false)
    outcome = typeof word === 'number' ? vcpu.emulate(word) : vcpu.step()
  }
  return ended(outcome) ? outcome.kind : 'ran'
}

const registers = stateRegisters.filter(r => r.guest || r.name === 'TIME')

function difference(a: Core, b: Core): string | null {
  const [x, y] = [a.vcpus[0]!.state, b.vcpus[0]!.state]
  for (const { name, count } of registers)
    for (let n = 0; n < count; n++)
      if (x.get(name, n) !== y.get(name, n)) return `${name}${n}: ${x.get(name, n).toString(16)} ≠ ${y.get(name, n).toString(16)}`
  const [m, n] = [a, b].map(core => new BigUint64Array(core.ram.buffer, core.ram.byteOffset, RAM / 8)) as [BigUint64Array, BigUint64Array]
  for (let at = 0; at < m.length; at++) if (m[at] !== n[at]) return `RAM ${(8 * at).toString(16)}`
  return null
}

function law(CoreOf: CoreClass, numRuns: number, seed: number) {
  const [a, b] = [new CoreOf({ vcpus: 1, ramBytes: RAM }), new CoreOf({ vcpus: 1, ramBytes: RAM })]
  /** What is not alike after the program, and the boundaries that it took. */
  const compared = (p: Program): { unlike: string | null; boundaries: bigint } => {
    reset(a, p)
    reset(b, p)
    const [x, y] = [interpreted(a, p), referenced(b, p)]
    return { unlike: x === y ? difference(a, b) : `${x} ≠ ${y}`, boundaries: a.vcpus[0]!.state.get('TIME') }
  }
  let boundaries = 0n
  const property = fc.property(programs, p => {
    const c = compared(p)
    boundaries += c.boundaries
    expect(c.unlike).toBeNull()
  })
  return { check: () => fc.assert(property, { numRuns, seed, endOnFailure: true }), boundaries: () => boundaries }
}

/** RUNS and SEED ask for more, and for others. */
const RUNS = Number(process.env.RUNS ?? 250)
const SEED = Number(process.env.SEED ?? 20240607)

describe('random programs', () => {
  test('run alike on the interpreter and on the reference evaluator, in both byte orders and both modes', {
    timeout: 3_600_000,
  }, async () => {
    const { Core } = await import('./core.ts')
    const { check, boundaries } = law(Core, RUNS, SEED)
    check()
    expect(boundaries()).toBeGreaterThan(60n * BigInt(RUNS))
  })

  test.each(['nand', 'lhau', 'bclr', 'subfe.'])('a wrong %s in the interpreter alone is found', { timeout: 60_000 }, async name => {
    vi.resetModules()
    const { instructionNamed } = await import('../isa/instructions.ts')
    const { Core } = await import('./core.ts')
    const row = instructionNamed(name)! as { semantics: Instruction['semantics'] }
    const right = row.semantics
    row.semantics = s => {
      const { RT, RA, CTR, LR, ...rest } = right(s)
      const wrong = (e: Expr | undefined) => e?.add(1)
      return { ...rest, RT: wrong(RT), RA: RT ? RA : wrong(RA), CTR: wrong(CTR), LR }
    }
    const core = new Core({ vcpus: 1, ramBytes: RAM })
    for (const sf of [0n, SF]) {
      core.vcpus[0]!.state.set('MSR', sf)
      core.vcpus[0]!.run(1)
    }
    row.semantics = right
    expect(law(Core, 250, SEED).check).toThrow(/Property failed/)
    vi.resetModules()
  })
})
