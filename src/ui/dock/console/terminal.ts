/** The terminal of the console: xterm.js, in the page's colours. Fetched when Console is looked at first. */
import { FitAddon } from '@xterm/addon-fit'
import { type ITheme, Terminal } from '@xterm/xterm'
import '@xterm/xterm/css/xterm.css'
import { type Match, matchesOf } from './find.ts'
import { asTyped, type Owner, ownerOf } from './keys.ts'
import type { Writing } from './shown.ts'

/** Lines above the screen that can be scrolled back to. */
const SCROLLBACK = 10_000
/** Modes of the mouse and of the focus: with them the terminal would type by itself. */
const REPORTING = new Set([9, 1000, 1001, 1002, 1003, 1004, 1005, 1006, 1015, 1016])
/** Requests that a terminal answers at its keyboard: what the guest reads would be in no recording, and differ when it is driven again. */
const QUESTIONS = [
  { final: 'c' },
  { prefix: '>', final: 'c' },
  { prefix: '=', final: 'c' },
  { final: 'n' },
  { prefix: '?', final: 'n' },
  { final: 't' },
  { prefix: '>', final: 'q' },
  { intermediates: '$', final: 'p' },
  { prefix: '?', intermediates: '$', final: 'p' },
]
/** Titles, links and colours: the page keeps its own. */
const OPERATING_SYSTEM = [0, 1, 2, 4, 8, 10, 11, 12, 52]
const COLOURS: Readonly<Record<Exclude<keyof ITheme, 'extendedAnsi'>, string>> = {
  background: '--bg-1',
  foreground: '--fg-0',
  cursor: '--fg-0',
  cursorAccent: '--bg-1',
  selectionBackground: '--sel',
  selectionForeground: '--fg-0',
  selectionInactiveBackground: '--sel',
  scrollbarSliderBackground: '--bg-4',
  scrollbarSliderHoverBackground: '--edge',
  scrollbarSliderActiveBackground: '--edge',
  overviewRulerBorder: '--line',
  black: '--bg-4',
  red: '--bad',
  green: '--good',
  yellow: '--chg',
  blue: '--out',
  magenta: '--hyp',
  cyan: '--in',
  white: '--fg-1',
  brightBlack: '--fg-2',
  brightRed: '--bad',
  brightGreen: '--good',
  brightYellow: '--chg',
  brightBlue: '--out',
  brightMagenta: '--hyp',
  brightCyan: '--in',
  brightWhite: '--fg-0',
}

/** The colours of the tokens, as the page has them now. */
function themeOf(element: HTMLElement): ITheme {
  const style = getComputedStyle(element)
  return Object.fromEntries(Object.entries(COLOURS).map(([name, token]) => [name, style.getPropertyValue(token).trim()]))
}

export interface Hearing {
  typed(text: string): void
  find(): void
  /** Whether a press is a command of the page that works everywhere. */
  command(e: KeyboardEvent): boolean
}

export class ConsoleTerminal {
  private readonly terminal: Terminal
  private readonly fit = new FitAddon()
  private readonly stops: (() => void)[] = []
  /** Escape was pressed last, and nothing sent yet. */
  private escape = false

  constructor(
    private readonly host: HTMLElement,
    hearing: Hearing,
    describedBy: string,
  ) {
    const style = getComputedStyle(host)
    this.terminal = new Terminal({
      fontFamily: style.getPropertyValue('--font-mono'),
      fontSize: 11.5,
      lineHeight: 1.3,
      scrollback: SCROLLBACK,
      convertEol: true,
      cursorBlink: false,
      minimumContrastRatio: 4.5,
      theme: themeOf(host),
    })
    this.terminal.loadAddon(this.fit)
    this.refuse()
    this.terminal.open(host)
    const { textarea } = this.terminal
    textarea?.setAttribute('aria-label', "Terminal: keys go to the guest's serial port")
    textarea?.setAttribute('aria-describedby', describedBy)
    this.terminal.attachCustomKeyEventHandler(e => this.hears(e, hearing))
    this.terminal.onData(data => {
      hearing.typed(asTyped(`${this.escape ? '\x1b' : ''}${data}`))
      this.escape = false
    })
    this.follow()
  }

  /** The guest may draw; it cannot ask, take the mouse, name the page or make links. */
  private refuse(): void {
    const { parser } = this.terminal
    for (const id of QUESTIONS) parser.registerCsiHandler(id, () => true)
    parser.registerCsiHandler({ prefix: '?', final: 'h' }, modes => modes.flat().some(m => REPORTING.has(m)))
    parser.registerDcsHandler({ intermediates: '$', final: 'q' }, () => true)
    for (const ident of OPERATING_SYSTEM) parser.registerOscHandler(ident, () => true)
  }

  private hears(e: KeyboardEvent, hearing: Hearing): boolean {
    if (e.type !== 'keydown') return true
    const selection = this.terminal.hasSelection()
    const owner = ownerOf(e, { selection, escaped: this.escape, command: hearing.command(e) })
    const acts: Partial<Record<Owner, () => void>> = {
      page: () => {
        this.escape = false
      },
      escape: () => {
        this.escape = true
        e.preventDefault()
      },
      find: () => {
        e.preventDefault()
        hearing.find()
      },
      guest: () => {
        // The one that waits is this one.
        if (e.key === 'Escape') this.escape = false
      },
    }
    acts[owner]?.()
    return owner === 'guest' || owner === 'modifier'
  }

  /** The size of its place, the colours of the page. */
  private follow(): void {
    const fits = new ResizeObserver(() => this.host.clientHeight > 0 && this.fit.fit())
    fits.observe(this.host)
    const recolour = () => {
      this.terminal.options.theme = themeOf(this.host)
    }
    const themes = new MutationObserver(recolour)
    themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
    const light = matchMedia('(prefers-color-scheme: light)')
    light.addEventListener('change', recolour)
    const leave = () => {
      this.escape = false
    }
    this.terminal.textarea?.addEventListener('blur', leave)
    this.stops.push(
      () => fits.disconnect(),
      () => themes.disconnect(),
      () => light.removeEventListener('change', recolour),
    )
  }

  write({ anew, text }: Writing): void {
    if (anew) this.terminal.reset()
    this.terminal.write(text)
  }

  focus(): void {
    this.terminal.focus()
  }

  /** What is selected; everything where nothing is. */
  get text(): string {
    if (this.terminal.hasSelection()) return this.terminal.getSelection()
    const { active } = this.terminal.buffer
    const lines: string[] = []
    for (let n = 0; n < active.length; n++) {
      const line = active.getLine(n)!
      const text = line.translateToString(true)
      if (line.isWrapped && lines.length > 0) lines[lines.length - 1] += text
      else lines.push(text)
    }
    return lines.join('\n').trimEnd()
  }

  matches(wanted: string): Match[] {
    const { active } = this.terminal.buffer
    const rows = Array.from({ length: active.length }, (_, n) => {
      const line = active.getLine(n)!
      return { text: line.translateToString(!active.getLine(n + 1)?.isWrapped), wrapped: line.isWrapped }
    })
    return matchesOf(rows, wanted)
  }

  show({ row, column, length }: Match): void {
    this.terminal.select(column, row, length)
    this.terminal.scrollToLine(Math.max(0, row - Math.floor(this.terminal.rows / 2)))
  }

  dispose(): void {
    for (const stop of this.stops) stop()
    this.terminal.dispose()
  }
}
