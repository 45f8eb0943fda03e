/** Monaco's theme from the page's custom properties: one set of colours, in dark, light and whatever comes after. */
import { monaco } from './monaco.ts'

const NAME = 'twostep'

/** "#abc" and "#aabbccdd" as "#rrggbb"; anything else as the fallback, since Monaco refuses a whole theme for one bad colour. */
export function sixDigits(color: string, fallback: string): string {
  const digits = /^#([\da-f]{3}|[\da-f]{6}|[\da-f]{8})$/i.exec(color.trim())?.[1]
  if (!digits) return fallback
  return `#${digits.length === 3 ? [...digits].map(d => d + d).join('') : digits.slice(0, 6)}`
}

function applyTheme(): void {
  const style = getComputedStyle(document.documentElement)
  const dark = style.colorScheme !== 'light'
  const color = (token: string) => sixDigits(style.getPropertyValue(token), dark ? '#e8eaed' : '#14171b')
  const rule = (token: string, property: string, bold = false) => ({
    token,
    foreground: color(property).slice(1),
    fontStyle: bold ? 'bold' : '',
  })
  monaco.editor.defineTheme(NAME, {
    base: dark ? 'vs-dark' : 'vs',
    inherit: false,
    rules: [
      rule('', '--fg-1'),
      rule('comment', '--fg-2'),
      rule('directive', '--fg-2'),
      rule('keyword', '--fg-0'),
      rule('keyword.directive', '--fg-2'),
      rule('mnemonic', '--fg-0'),
      rule('label', '--fg-0', true),
      { ...rule('text', '--fg-1'), background: color('--bg-1').slice(1) },
    ],
    colors: {
      focusBorder: color('--focus'),
      'editor.background': color('--bg-1'),
      'editor.foreground': color('--fg-1'),
      'editorLineNumber.foreground': color('--fg-2'),
      'editorLineNumber.activeForeground': color('--fg-2'),
      'editorCursor.foreground': color('--fg-0'),
      'editor.selectionBackground': color('--out-fill'),
      'editor.inactiveSelectionBackground': color('--bg-4'),
      'editor.findMatchBackground': color('--chg-bg'),
      'editor.findMatchBorder': color('--chg'),
      'editor.findMatchHighlightBackground': color('--chg-bg'),
      'editor.findMatchHighlightBorder': color('--edge'),
      'editorError.foreground': color('--bad'),
      'editorWarning.foreground': color('--chg'),
      'editorHoverWidget.background': color('--bg-2'),
      'editorHoverWidget.foreground': color('--fg-1'),
      'editorHoverWidget.border': color('--line-2'),
      'editorHoverWidget.statusBarBackground': color('--bg-2'),
      'editorWidget.background': color('--bg-2'),
      'editorWidget.foreground': color('--fg-1'),
      'editorWidget.border': color('--line-2'),
      'input.background': color('--bg-1'),
      'input.foreground': color('--fg-0'),
      'input.border': color('--edge'),
      'inputOption.activeBackground': color('--bg-4'),
      'inputOption.activeForeground': color('--fg-0'),
      'textCodeBlock.background': color('--bg-1'),
      'textLink.foreground': color('--accent'),
      'scrollbar.shadow': '#00000000',
      'scrollbarSlider.background': `${color('--fg-2')}55`,
      'scrollbarSlider.hoverBackground': `${color('--fg-2')}88`,
      'scrollbarSlider.activeBackground': `${color('--fg-2')}aa`,
    },
  })
  monaco.editor.setTheme(NAME)
}

/** Applies the theme now and at each change of the page's; the answer ends that. */
export function followTheme(): () => void {
  applyTheme()
  const observer = new MutationObserver(applyTheme)
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'class', 'style'] })
  const system = matchMedia('(prefers-color-scheme: light)')
  system.addEventListener('change', applyTheme)
  return () => {
    observer.disconnect()
    system.removeEventListener('change', applyTheme)
  }
}
