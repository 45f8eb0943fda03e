/** What can be done at the byte under the cursor, for those who do not know the keys. */
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import { Glyph } from '../../run/glyphs.tsx'
import { useStore } from '../../store/store.ts'

export interface MenuAction {
  readonly name: string
  /** In the grid. */
  readonly key: string
  /** Why it is off; null or left out when it is on. */
  readonly off?: string | null
  readonly run: () => void
}

/** The focus that the menu gives back must not overtake where the action puts it. */
const AFTER_MENU = 60

export function ByteMenu({ actions }: { actions: readonly MenuAction[] }) {
  const act = (name: string) => {
    const action = actions.find(a => a.name === name)
    if (!action) return
    if (action.off) useStore.setState({ problem: { message: action.off, action: null } })
    else setTimeout(action.run, AFTER_MENU)
  }
  return (
    <MenuTrigger>
      <Button className="btn">
        At cursor <Glyph name="down" />
      </Button>
      <Popover>
        <Menu className="menu" aria-label="At the cursor" onAction={key => act(String(key))}>
          {actions.map(({ name, key, off }) => (
            <MenuItem key={name} id={name} className="menu-item" textValue={name}>
              <span className={off ? 'lab' : ''}>{name}</span>
              <small>{off ?? <kbd>{key}</kbd>}</small>
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
