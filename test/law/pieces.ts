/** What the generated programs are made of. `L` is a label of the piece's own. */
import { flippable, type Layout } from './handlers.ts'

/** What a piece may depend on. */
export interface Setting {
  readonly vectors: Layout
  readonly handlersLittle: boolean
  /** The page of the vectors has an entry of its own in the tables: without it the program can still be fetched. */
  readonly ownEntry: boolean
  readonly page: '4K' | '2M'
}
export type Piece = (L: string, setting: Setting) => string

/** In the other byte order: back to r16 with the MSR in r17. */
export const STUB = 0x3e00
export const stub = 'addi r3,r3,3; mtsrr0 r16; mtsrr1 r17; rfid'

const setMode = (flags: number, resource: number, first = 'li r6,0', second = 'li r7,0') =>
  `li r3,0x31c; li r4,${flags}; li r5,${resource}; ${first}; ${second}; sc 1`

/** Between mtsrr0 and rfid nothing may interrupt: the MSR goes to a register, and in r19 and in the processor EE, SE and BE go off. */
const unseen = (register: string): string => `mfmsr ${register}; lis r19,0; ori r19,r19,0x8600; andc r19,${register},r19; mtmsrd r19`

const plain: readonly Piece[] = [
  () => 'addi r3,r3,7',
  () => 'mulld r4,r3,r3; add. r5,r4,r3',
  () => 'std r3,8(r10)',
  () => 'ldu r6,8(r11)',
  () => 'ld r7,0(r12)',
  () => 'stw r3,0(r12)',
  () => 'lwz r8,0xd00(r13)',
  () => 'stw r3,0xd90(r13)',
  () => 'lwz r8,0x4d00(r13); stw r8,0x4d00(r13)',
  () => 'mfmsr r14',
  () => 'mfmsr r14; xori r14,r14,0x400; mtmsrd r14',
  () => 'mfmsr r14; xori r14,r14,0x200; mtmsr r14',
  () => 'mfmsr r14; ori r14,r14,0x8000; mtmsrd r14,1',
  () => 'mfmsr r14; xori r14,r14,0x30; mtmsrd r14',
  () => 'mfmsr r14; xori r14,r14,0x10; mtmsrd r14',
  () => 'mtsrr0 r3; mtsrr1 r4; mfsrr0 r5; mfsrr1 r6',
  () => 'mtspr 796,r3; mtspr 797,r4; mfspr r5,796',
  () => 'mfsrr0 r5; mfsrr1 r6; mfspr r7,28',
  () => 'sc',
  () => 'scv 1',
  () => 'trap',
  () => 'twi 4,r3,1',
  () => '.long 0',
  () => '.long 0x00dddd00',
  () => 'lwarx r9,0,r10; addi r9,r9,1; stwcx. r9,0,r10',
  L => `b ${L}; nop; ${L}:`,
  L => `li r9,3; mtctr r9; ${L}: addi r3,r3,1; bdnz ${L}`,
  () => 'mftb r9; mfdec r15',
  () => 'li r9,5; mtdec r9',
  L => `bl ${L}; ${L}: mflr r16; addi r16,r16,44; ${unseen('r17')}; mtsrr0 r16; xori r17,r17,0x400; mtsrr1 r17; rfid; nop`,
  () => 'li r3,0x777; sc 1',
  () => setMode(3, 3),
  () => setMode(0, 3),
  // AIL several times, as another vCPU may in the middle of a step.
  () => `${setMode(3, 3)}; li r3,0x31c; li r4,0; sc 1; li r3,0x31c; li r4,3; sc 1`,
  () => `${setMode(0, 3)}; li r3,0x31c; li r4,2; sc 1; li r3,0x31c; li r4,0; sc 1`,
  () => 'mtcrf 0x80,r3; crand 0,1,2; mcrf 2,0',
  () => '.long 0xfc22182a',
  () => 'li r9,0; mtspr 48,r9; li r9,1; mtspr 48,r9',
  () => 'li r9,-1; mtspr 61,r9; addi r3,r3,1; li r9,0; mtspr 61,r9',
  () => 'ld r9,0(r28); xori r9,r9,1; std r9,0(r28); addi r3,r3,1; xori r9,r9,1; stdx r9,0,r28',
  () => 'lis r9,0x7fff; ori r9,r9,0xfff8; mtspr 775,r9; lis r9,0x400; ori r9,r9,0x4000; mtspr 795,r9; mfspr r15,776',
  // The same with EE on, so that the alert comes; and the event of an event-based branch, set by the guest itself.
  () =>
    'lis r9,0x7fff; ori r9,r9,0xfffa; mtspr 775,r9; lis r9,0x400; ori r9,r9,0x4000; mtspr 795,r9; mfmsr r14; ori r14,r14,0x8000; mtmsrd r14,1; nop; nop; nop',
  () => 'li r29,1; mtspr 800,r29; addi r3,r3,1',
  () => 'li r29,1; sldi r29,r29,32; ori r29,r29,1; li r9,1; sldi r9,r9,63; or r29,r29,r9; mtspr 800,r29; addi r3,r3,1',
  L => `bcl 20,31,${L}; ${L}: mflr r16; addi r16,r16,20; mtspr 815,r16; bctar 20,0; nop`,
  () => 'mfspr r9,806; rfebb 0',
  () => 'msgsndp r3; mfbhrbe r9,0; clrbhrb',
  () => 'mfxer r18; addic r3,r3,-1; subfe r4,r4,r3',
  // CIABR on an instruction of this piece; then off.
  L => `bcl 20,31,${L}; ${L}: mflr r16; ${setMode(0, 1, 'addi r6,r16,32; ori r6,r6,2')}; addi r4,r4,1; nop; ${setMode(0, 1)}`,
  // DAWR on the doubleword that is stored to: real and translated, privileged and problem state.
  () => `${setMode(0, 2, 'mr r6,r10', 'li r7,0x6b')}; std r3,0(r10); ${setMode(0, 2)}`,
  // A doorbell to vCPU 0 or 1; another vCPU waits for it, or for its decrementer.
  () => 'lis r9,0x2800; msgsndp r9',
  () => 'lis r9,0x2800; ori r9,r9,1; msgsndp r9',
  () => 'li r9,40; mtdec r9; li r3,0xe0; sc 1',
  // Through a stub in the other byte order, and back.
  L =>
    `bl ${L}; ${L}: mflr r16; addi r16,r16,52; ${unseen('r17')}; li r18,${STUB}; or r18,r18,r13; mtsrr0 r18; xori r19,r19,1; mtsrr1 r19; rfid; nop`,
  // Changes the instruction that follows, as another vCPU may while it is being stepped.
  () => 'ldarx r9,0,r10; std r3,0(r10); stdcx. r9,0,r10',
]

// ───────── the guest's own vectors, at r30 ─────────

const flip = (vector: number, { vectors, handlersLittle }: Setting): string => {
  const { byte, mask } = flippable(vector, vectors, handlersLittle)
  return `lbz r9,${byte}(r30); xori r9,r9,${mask}; stb r9,${byte}(r30)`
}

const ownVectors: readonly Piece[] = [
  // The word where a Trace interrupt goes, and those of the interrupt that is taken next.
  (_, s) => `${flip(0xd00, s)}; addi r3,r3,1`,
  (_, s) => `${flip(0xc00, s)}; sc`,
  (_, s) => `${flip(0x700, s)}; trap`,
  (_, s) => `${flip(0x300, s)}; ld r7,0(r12)`,
  (_, s) => `li r9,5; mtdec r9; ${flip(0x900, s)}; addi r3,r3,1`,
  () => 'lwz r9,0xd00(r30); stw r9,0xd00(r30); ldarx r9,0,r30; stdcx. r9,0,r30',
  // As a whole: an update, a block, several words that go over the page's end.
  () => 'addi r16,r30,0xcfc; lwzu r8,4(r16); addi r16,r30,0xfe0; stdu r3,8(r16)',
  () => 'addi r16,r30,0xf80; dcbz 0,r16; addi r16,r30,0xff8; lswi r4,r16,12',
  () => 'stmw r29,0xff8(r30); ldbrx r6,0,r30',
  // The controller's own word, and back: the same bytes in both byte orders.
  () => 'lwz r9,0xd00(r30); lis r8,0xdd; ori r8,r8,0xdd00; stw r8,0xd00(r30); addi r3,r3,1; stw r9,0xd00(r30)',
]

// ───────── the entry that maps them, at r28; of those of scv, at r23 ────────

const REFERENCED = 0xfe
const toggle = (byte: number, mask: number, at = 'r28'): string => `lbz r9,${byte}(${at}); xori r9,r9,${mask}; stb r9,${byte}(${at})`
const apart = (byte: number, mask: number, between: string, at = 'r28'): string =>
  `${toggle(byte, mask, at)}; ${between}; ${toggle(byte, mask, at)}`
/** Where the program itself would lose its page, something harmless. */
const ifOwn =
  (text: (s: Setting) => string): Piece =>
  (_, s) =>
    s.ownEntry ? text(s) : 'addi r3,r3,9'

const mappings: readonly Piece[] = [
  () => `lbz r9,6(r28); andi. r9,r9,${REFERENCED}; stb r9,6(r28); addi r3,r3,1`,
  ifOwn(() => apart(0, 0x80, 'addi r3,r3,1; ld r6,0(r10); li r9,0; tlbie r9,r9')),
  ifOwn(() => apart(7, 1, 'addi r3,r3,1; std r3,8(r10); mfmsr r14')),
  ifOwn(({ page }) => `${page === '4K' ? toggle(6, 0x10) : toggle(5, 0x20)}; addi r3,r3,1; sc`),
  // The vectors of scv have a page of their own: the fetch of the vector faults, and the handler of that can be fetched.
  (_, { page }) => (page === '4K' ? apart(0, 0x80, 'scv 1', 'r23') : 'scv 1'),
]

/** ILE of all vCPUs. */
const order =
  (little: 0 | 1): Piece =>
  (_, { vectors }) =>
    vectors === 'both orders' ? setMode(little, 4) : 'addi r3,r3,5'

export const pieces: readonly Piece[] = [...plain, ...ownVectors, ...mappings, order(0), order(1)]
