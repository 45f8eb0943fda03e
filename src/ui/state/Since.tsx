/** What "changed since" compares with, and the menu that chooses it. */
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import { Glyph } from '../run/glyphs.tsx'
import { send, useStore } from '../store/store.ts'
import { type SinceChoice, sinceChoices, sinceText } from './since.ts'

const choose = (choices: readonly SinceChoice[], id: string) => {
  const choice = choices.find(c => c.id === id)
  if (choice && choice.since !== null) void send('compareWith', { since: choice.since })
}

export function Since() {
  const view = useStore(s => s.view)
  const text = view && sinceText(view)
  if (!view || text === null) return null
  const choices = sinceChoices(view)
  return (
    <MenuTrigger>
      <Button className="btn quiet since" aria-label={`State: ${text}. Choose what it compares with`}>
        <svg viewBox="0 0 6 8" width="6" height="8" aria-hidden="true">
          <path d="M0 0l6 4-6 4z" fill="var(--chg)" />
        </svg>
        {text}
        <Glyph name="down" />
      </Button>
      <Popover>
        <Menu
          className="menu"
          aria-label="Changed since"
          selectionMode="single"
          selectedKeys={choices.filter(c => c.chosen).map(c => c.id)}
          onAction={key => choose(choices, String(key))}
        >
          {choices.map(({ id, name, note }) => (
            <MenuItem key={id} id={id} className="menu-item" textValue={name}>
              {name}
              <small>{note}</small>
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
