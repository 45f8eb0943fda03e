/** The other ways to run: over a call, out of a function or an interrupt, to the cursor, one boundary, and back. */
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import { commandNamed, runCommand } from '../shell/commands.ts'
import { keyIn, useKeymap } from '../shell/keymap.ts'
import { useStore } from '../store/store.ts'
import { Glyph } from './glyphs.tsx'
import { useStop } from './Toolbar.tsx'

const ways = ['machine.step', 'machine.over', 'machine.out', 'machine.return', 'machine.cursor', 'reverse', 'machine.back']

/** The focus that the menu gives back must not overtake where the command puts it. */
const AFTER_MENU = 60

export function RunMenu() {
  const stop = useStop('run.menu')
  return (
    <MenuTrigger>
      <Button
        className="btn icon"
        aria-label="More ways to run"
        excludeFromTabOrder={stop.tabIndex === -1}
        onFocus={stop.onFocus}
        data-tip="More ways to run"
      >
        <Glyph name="down" />
      </Button>
      <Popover>
        <Ways />
      </Popover>
    </MenuTrigger>
  )
}

function Ways() {
  const state = useStore()
  const own = useKeymap(k => k.own)
  return (
    <Menu className="menu" aria-label="More ways to run" onAction={key => setTimeout(() => runCommand(String(key)), AFTER_MENU)}>
      {ways.map(commandNamed).map(row => {
        const [off, key] = [row.off(state), keyIn(own, row)]
        const name = row.label.replace(/^Machine: (.)/, (_, first: string) => first.toUpperCase())
        return (
          <MenuItem key={row.id} id={row.id} className="menu-item" textValue={name}>
            <span className={off ? 'lab' : ''}>{name}</span>
            <small>{off ?? (key && <kbd>{key}</kbd>)}</small>
          </MenuItem>
        )
      })}
    </Menu>
  )
}
