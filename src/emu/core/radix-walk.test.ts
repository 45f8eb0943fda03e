/** The walk of random trees against a slow one written from the book: interrupt, its bits, real address, R and C. */
import { expect, test } from 'vitest'
import { Random } from '../../../test/oracle/random.ts'
import { randomTree, type Tree } from '../../../test/support/random-trees.ts'
import { fromBits, type SlowOutcome, slowTranslate, statusOf, toBits } from '../../../test/support/slow-radix.ts'
import { MSR } from '../isa/bitfields.ts'
import { STATE_BYTES } from './layout.ts'
import { type Access, type Fault, type Mapping, type Partition, translate, type WalkStorage } from './mmu.ts'
import { State } from './state.ts'

const SEED = 3
const TREES = 8000
const accesses: readonly Access[] = ['fetch', 'load', 'store']
const { PR, IR, DR } = MSR.mask

type Walk = (state: State, partition: Partition, storage: WalkStorage, ea: bigint, access: Access, peek?: boolean) => Mapping | Fault

interface Asked {
  readonly tree: Tree
  readonly msr: bigint
  readonly ea: bigint
  readonly access: Access
}

const state = new State(new ArrayBuffer(STATE_BYTES), 0)

/** Big-endian doublewords of RAM, and what was written to them. */
function storageOf(tree: Tree, written: Map<bigint, bigint>): WalkStorage {
  return {
    ramBytes: tree.ramBytes,
    readDoubleword: at => (at + 8n > BigInt(tree.ramBytes) ? null : (written.get(at) ?? tree.words.get(at) ?? 0n)),
    writeDoubleword: (at, value) => void written.set(at, value),
  }
}

function slowly({ tree, msr, ea, access }: Asked): SlowOutcome {
  return slowTranslate(
    {
      problemState: (msr & PR) !== 0n,
      relocation: (msr & (access === 'fetch' ? IR : DR)) !== 0n,
      pid: toBits(tree.pid, 32),
      amr: toBits(tree.amr),
      iamr: toBits(tree.iamr),
      processTable: tree.processTable,
      ramBytes: tree.ramBytes,
      doubleword: at => (at + 8n > BigInt(tree.ramBytes) ? null : toBits(tree.words.get(at) ?? 0n)),
    },
    ea,
    access,
  )
}

/** The interrupts' names begin so for fetches and for data. */
const interruptNames = (access: Access) =>
  access === 'fetch'
    ? { segment: 'instructionSegment', storage: 'instructionStorage', hypervisor: 'hypervisorInstructionStorage' }
    : { segment: 'dataSegment', storage: 'dataStorage', hypervisor: 'hypervisorDataStorage' }

/** At least one cause that holds is reported in full, and none that does not. */
function causesHold(status: bigint, causes: readonly (readonly number[])[]): boolean {
  const all = statusOf(causes.flat())
  return (status & ~all) === 0n && causes.some(c => (statusOf(c) & ~status) === 0n)
}

/** What is wrong with the answer, or null. */
function wrong(asked: Asked, walk: Walk): string | null {
  const { tree, msr, ea, access } = asked
  const written = new Map<bigint, bigint>()
  state.set('MSR', msr)
  state.set('PIDR', tree.pid)
  state.set('AMR', tree.amr)
  state.set('IAMR', tree.iamr)
  const found = walk(state, { processTable: tree.processTable }, storageOf(tree, written), ea, access)
  const due = slowly(asked)
  const names = interruptNames(access)
  const update = 'update' in due ? due.update : null
  const expected = update ? [[update.at, fromBits(update.entry)]] : []
  const actual = [...written]
  const sameWrites = actual.length === expected.length && actual.every(([at, v], n) => at === expected[n]![0] && v === expected[n]![1])
  const text = (o: unknown) => JSON.stringify(o, (_, v: unknown) => (typeof v === 'bigint' ? `0x${v.toString(16)}` : v))
  const say = (what: string) =>
    `${what}: ${access} 0x${ea.toString(16)}, MSR 0x${msr.toString(16)}: ${text(found)}, by the book ${text(due)}`
  if (!sameWrites) return say(`R and C: ${text(actual)} where ${text(expected)} is due`)
  if (!('interrupt' in found))
    return due.kind === 'real' && found.guestReal === due.real && found.storable === due.storable ? null : say('address')
  if (found.address !== ea) return say('address of the interrupt')
  switch (due.kind) {
    case 'real':
      return say('an interrupt')
    case 'segment':
      return found.interrupt === names.segment && found.status === 0n ? null : say('segment')
    case 'storage':
      return found.interrupt === names.storage && causesHold(found.status, due.causes) ? null : say('storage')
    case 'hypervisor': {
      const status = statusOf(access === 'store' ? [33, 38] : [33])
      return found.interrupt === names.hypervisor && found.guestReal === due.real && found.status === status ? null : say('no RAM')
    }
  }
}

function* cases(trees: number, seed = SEED): Generator<Asked> {
  const r = new Random(seed, 'radix trees')
  for (let n = 0; n < trees; n++) {
    const tree = randomTree(r)
    for (const ea of tree.addresses)
      for (const access of accesses) {
        let msr = IR | DR
        if (r.chance(50)) msr |= PR
        if (r.chance(4)) msr &= ~(IR | DR)
        yield { tree, msr, ea, access }
      }
  }
}

function firstWrong(walk: Walk, trees = TREES): string | null {
  for (const asked of cases(trees)) {
    const found = wrong(asked, walk)
    if (found) return found
  }
  return null
}

test(`translations of ${TREES} random trees are the book's`, () => {
  expect(firstWrong(translate)).toBeNull()
})

test('every outcome, and every cause, occurs among them hundreds of times', () => {
  const seen = new Map<string, number>()
  const note = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1)
  for (const asked of cases(TREES)) {
    const due = slowly(asked)
    note(`${asked.access} ${due.kind}`)
    if (due.kind === 'storage') for (const c of due.causes) note(`${asked.access} ${c.join(' ')}`)
    if (due.kind === 'real') note(due.update ? 'R or C set' : 'R and C as they were')
  }
  const data = ['33', '33 46', '36', '42', '44']
  const wanted = [
    ...['fetch', 'load', 'store'].flatMap(a => ['segment', 'storage', 'hypervisor', 'real'].map(k => `${a} ${k}`)),
    ...data.flatMap(c => [`load ${c}`, `store ${c} 38`]),
    ...['33', '33 46', '35', '36', '42', '44'].map(c => `fetch ${c}`),
    'R or C set',
    'R and C as they were',
  ]
  for (const what of wanted) expect(seen.get(what) ?? 0, what).toBeGreaterThan(100)
})

test('to look leaves R and C, and answers the same', () => {
  for (const asked of cases(TREES / 8)) {
    const { tree, ea, access, msr } = asked
    state.set('MSR', msr)
    state.set('PIDR', tree.pid)
    state.set('AMR', tree.amr)
    state.set('IAMR', tree.iamr)
    const written = new Map<bigint, bigint>()
    const looked = translate(state, { processTable: tree.processTable }, storageOf(tree, written), ea, access, true)
    expect(written.size).toBe(0)
    expect(looked).toEqual(translate(state, { processTable: tree.processTable }, storageOf(tree, new Map()), ea, access))
  }
})

// ───────── the comparison can fail ─────────

/** A walk that sees each entry changed. */
const reading =
  (change: (word: bigint, at: bigint) => bigint): Walk =>
  (s, p, storage, ea, access) =>
    translate(
      s,
      p,
      {
        ramBytes: storage.ramBytes,
        readDoubleword: at => {
          const word = storage.readDoubleword(at)
          return word === null ? null : change(word, at)
        },
        writeDoubleword: (at, v) => storage.writeDoubleword(at, v),
      },
      ea,
      access,
    )

const writing =
  (change: (v: bigint) => bigint | null): Walk =>
  (s, p, storage, ea, access) =>
    translate(
      s,
      p,
      {
        ramBytes: storage.ramBytes,
        readDoubleword: at => storage.readDoubleword(at),
        writeDoubleword: (at, v) => {
          const changed = change(v)
          if (changed !== null) storage.writeDoubleword(at, changed)
        },
      },
      ea,
      access,
    )

/** A walk under another value of a register. */
const under =
  (name: string, change: (v: bigint) => bigint): Walk =>
  (s, p, storage, ea, access) => {
    const value = s.get(name)
    s.set(name, change(value))
    const found = translate(s, p, storage, ea, access)
    s.set(name, value)
    return found
  }

const reporting =
  (change: (f: Fault) => Fault): Walk =>
  (...asked) => {
    const found = translate(...asked)
    return 'interrupt' in found ? change(found) : found
  }

const VALID_LEAF = 3n << 62n
const isLeaf = (w: bigint): boolean => (w & VALID_LEAF) === VALID_LEAF

const faults: Readonly<Record<string, Walk>> = {
  'guarded pages are executed': reading(w => (isLeaf(w) && (w & 0x30n) === 0x20n ? w & ~0x20n : w)),
  'pages of tolerant I/O are not executed': reading(w => (isLeaf(w) && (w & 0x30n) === 0x30n ? w & ~0x10n : w)),
  'a write without a read is not readable': reading(w => (isLeaf(w) && (w & 6n) === 2n ? w & ~2n : w)),
  'problem state reaches privileged pages': reading(w => (isLeaf(w) ? w & ~8n : w)),
  'the lowest bit of the page number is lost': reading(w => (isLeaf(w) ? w & ~0x1000n : w)),
  'the highest bit of the page number is lost': reading(w => (isLeaf(w) ? w & ~(1n << 56n) : w)),
  'a reserved bit counts as part of the page number': reading(w => (isLeaf(w) && w & (1n << 57n) ? w | (1n << 56n) : w)),
  'the low bits of the tree size are lost': reading(w => (w & VALID_LEAF ? w : w & ~0xe0n)),
  'AMR counts for nothing': under('AMR', () => 0n),
  'AMR and IAMR are exchanged': (s, p, storage, ea, access) => {
    const [amr, iamr] = [s.get('AMR'), s.get('IAMR')]
    s.set('AMR', iamr)
    s.set('IAMR', amr)
    const found = translate(s, p, storage, ea, access)
    s.set('AMR', amr)
    s.set('IAMR', iamr)
    return found
  },
  'another key of IAMR counts too': under('IAMR', v => v | ((v & (1n << 60n)) << 2n)),
  'PIDR has 20 bits': under('PIDR', v => v & 0xfffffn),
  'problem state counts for nothing': under('MSR', v => v & ~PR),
  'the process table is one entry longer': (s, p, storage, ea, access) =>
    translate(s, { processTable: p.processTable && { ...p.processTable, bytes: p.processTable.bytes + 16n } }, storage, ea, access),
  'C is not set': writing(v => v & ~0x80n),
  'C is always set': writing(v => v | 0x80n),
  'R and C are not written': writing(() => null),
  'a fault sets R': (s, p, storage, ea, access) => {
    const leaves: { at: bigint; word: bigint }[] = []
    const watching: WalkStorage = {
      ...storage,
      readDoubleword: at => {
        const word = storage.readDoubleword(at)
        if (word !== null && isLeaf(word)) leaves.push({ at, word })
        return word
      },
    }
    const found = translate(s, p, watching, ea, access)
    const unreferenced = leaves.filter(l => (l.word & 0x100n) === 0n)
    if ('interrupt' in found && found.interrupt === 'dataStorage')
      for (const { at, word } of unreferenced) storage.writeDoubleword(at, word | 0x100n)
    return found
  },
  'a key is reported as protection': reporting(f => ({
    ...f,
    status: f.status & 0x200000n ? (f.status & ~0x200000n) | 0x8000000n : f.status,
  })),
  'a store is reported as a load': reporting(f => ({ ...f, status: f.status & ~0x02000000n })),
  'no process table is reported as no translation alone': reporting(f => ({ ...f, status: f.status & ~0x20000n })),
  'segment and storage are exchanged': reporting(f => (f.interrupt === 'dataSegment' ? { ...f, interrupt: 'dataStorage' } : f)),
}

test.each(Object.entries(faults))('is caught: %s', (_, walk) => {
  expect(firstWrong(walk)).not.toBeNull()
})
