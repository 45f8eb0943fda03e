/** For the dock's header while the Breakpoints tab is open: the list, or what log points wrote, where they wrote something. */
import { Segmented } from '../../state/Segmented.tsx'
import { useStore } from '../../store/store.ts'
import { useLogShown } from './logShown.ts'

const options = [
  { value: 'list', label: 'List' },
  { value: 'log', label: 'Log' },
] as const

export function BreakpointActions() {
  const logged = useStore(s => (s.view?.log.length ?? 0) > 0)
  const { shown } = useLogShown()
  if (!logged) return null
  return (
    <Segmented label="Show" options={options} value={shown ? 'log' : 'list'} choose={v => useLogShown.setState({ shown: v === 'log' })} />
  )
}
