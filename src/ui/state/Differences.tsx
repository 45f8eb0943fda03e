/** The sentence under the MSR: what differs and who made it; several open as a list. */
import { memo } from 'react'
import { Button, Dialog, DialogTrigger, Popover } from 'react-aria-components'
import { Icon } from './Icon.tsx'

export const Differences = memo(function Differences({ differences }: { differences: string[] }) {
  const [first, ...more] = differences
  if (first === undefined) return <div className="note same">No bit differs. Outside has nothing to hide on this vCPU.</div>
  return (
    <div className="note">
      <Icon name="differs" />
      <span className="cut">{first}</span>
      {more.length > 0 && (
        <DialogTrigger>
          <Button className="more">and {more.length} more</Button>
          <Popover className="regpop" placement="bottom start" offset={4}>
            <Dialog className="regpop-in" aria-label="What the guest would not see">
              {differences.map(text => (
                <span key={text}>{text}</span>
              ))}
            </Dialog>
          </Popover>
        </DialogTrigger>
      )}
    </div>
  )
})
