/** One word of the disassembly: its label and source line above, and below what the controller's word hides. */
// A grid over an endless address space is drawn row by row, so it is no table; the grid has the focus and the keys, and names its cell.
// biome-ignore-all lint/a11y/useSemanticElements: as above
// biome-ignore-all lint/a11y/useFocusableInteractive: as above
// biome-ignore-all lint/a11y/useKeyWithClickEvents: as above
import type { DisassemblyRow } from '../../emu/worker/protocol.ts'
import { fragmentOf } from '../reference/place.ts'
import { hex16 } from './address.ts'
import { toggleBreakpoint } from './breakpoints.ts'
import { BreakpointMark, NipMark, OtherNipMark } from './marks.tsx'

/** Lines that a row takes; one while it is not known. */
export const linesOf = (row: DisassemblyRow | undefined): number =>
  1 + (row?.label ? 1 : 0) + (row?.source ? 1 : 0) + (row?.planted ? 1 : 0)

export const rowId = (address: bigint): string => `da-${hex16(address)}`

const pairs = (bytes: Uint8Array): string => Array.from(bytes, b => b.toString(16).padStart(2, '0')).join(' ')

/** The longest mnemonics stand out; the others line their operands up. */
const MNEMONIC = 7

/** As the program says it: a space after commas, and of a target that has a symbol, the symbol. */
const readable = (operands: string): string => operands.replace(/,(?=\S)/g, ', ').replace(/0x[\da-f]+ <([^>]+)>/, '$1')

export function splitText(text: string): { mnemonic: string; operands: string } {
  const [mnemonic = '', ...rest] = text.trim().split(/\s+/)
  return { mnemonic: rest.length ? `${mnemonic.padEnd(MNEMONIC - 1)} ` : mnemonic, operands: readable(rest.join(' ')) }
}

/** The mnemonic that a row shows; '' where it is no instruction. */
export const mnemonicOf = (row: DisassemblyRow | undefined): string => /^\s*([a-z]\S*)/.exec(row?.text ?? '')?.[1] ?? ''

/** "trace_vector (0xd00, AIL 3)" of the worker as the name and its note. */
export function splitLabel(label: string): { name: string; note: string } {
  const [, name = label, note = ''] = /^(.*?) \((.*)\)$/.exec(label) ?? []
  return { name, note }
}

interface Props {
  address: bigint
  row: DisassemblyRow | undefined
  top: number
  /** The tag of the vCPU whose NIP is here. */
  nip: string | null
  /** The tag of other vCPUs whose NIP is here. */
  other: string | null
  active: boolean
  /** Whether it is enabled; undefined where there is none. */
  breakpoint: boolean | undefined
  /** It does not stop always. */
  conditional: boolean
  choose: (address: bigint) => void
}

export function DisassemblyLine({ address, row, top, nip, other, active, breakpoint, conditional, choose }: Props) {
  // What is not mapped is a sentence, no instruction.
  const { mnemonic, operands } = row && !row.bytes ? { mnemonic: '', operands: row.text } : splitText(row?.text ?? '')
  const label = row?.label ? splitLabel(row.label) : null
  return (
    <div
      className={active ? 'da-row active' : 'da-row'}
      id={rowId(address)}
      role="row"
      aria-selected={active}
      aria-current={nip ? 'step' : undefined}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => choose(address)}
    >
      {label && (
        <div className="ln da sym" role="presentation">
          <span />
          <span />
          <span className="tx" role="gridcell">
            {label.name}:{label.note && <i>{label.note}</i>}
          </span>
        </div>
      )}
      {row?.source && (
        <div className="ln da from" role="presentation">
          <span />
          <span />
          <span className="tx" role="gridcell">
            <i>
              {row.source.name}:{row.source.line}
            </i>{' '}
            {row.source.text?.trim()}
          </span>
        </div>
      )}
      <div className={nip ? 'ln da nip' : 'ln da'} role="presentation">
        <span
          className="bp"
          role="gridcell"
          aria-label={
            breakpoint === undefined ? 'no breakpoint' : `${conditional ? 'conditional ' : ''}breakpoint${breakpoint ? '' : ', disabled'}`
          }
          onClick={() => void toggleBreakpoint(address)}
        >
          {breakpoint !== undefined && <BreakpointMark enabled={breakpoint} conditional={conditional} />}
        </span>
        <span className="cur">{nip ? <NipMark /> : other && <OtherNipMark />}</span>
        <span className="tx" role="presentation">
          <Cell className="a">{hex16(address)}</Cell>
          <Cell className="b">{row?.bytes ? pairs(row.bytes) : ''}</Cell>
          <Cell className={row?.planted ? 'planted' : row && !row.bytes ? 'unmapped' : 'i'}>
            <Mnemonic text={mnemonic} planted={row?.planted != null} />
            {operands}
          </Cell>
        </span>
        {(nip ?? other) && <span className={nip ? 'tag' : 'tag other'}>{nip ?? other}</span>}
      </div>
      {row?.planted && (
        <div className="ln da was" role="presentation">
          <span />
          <span />
          <span className="tx" role="presentation">
            <span />
            <Cell className="b">{pairs(row.planted.bytes)}</Cell>
            <Cell className="i">
              <span className="sr">hidden by the controller: </span>
              <s>{readable(row.planted.text)}</s>
            </Cell>
          </span>
        </div>
      )}
    </div>
  )
}

/** Leads to its document; the pointer over it sees that in short. */
function Mnemonic({ text, planted }: { text: string; planted: boolean }) {
  const name = text.trim()
  const className = planted ? undefined : 's-mnemonic'
  // `.long` is no instruction.
  if (!/^[a-z]/.test(name)) return <span className={className}>{text}</span>
  const tell = async (link: HTMLElement) => {
    const { documentOf } = await import('../../emu/isa/document.ts')
    const facts = documentOf(name)
    if (facts) link.title = [facts.syntax, facts.note, facts.supportText, ...facts.rtl].filter(Boolean).join('\n')
  }
  return (
    <a
      className={className}
      href={fragmentOf(name)}
      tabIndex={-1}
      draggable={false}
      onPointerEnter={e => void tell(e.currentTarget).catch(() => undefined)}
    >
      {text}
    </a>
  )
}

function Cell({ className, children }: { className: string; children: React.ReactNode }) {
  return (
    <span className={className} role="gridcell">
      {children}
    </span>
  )
}
