/** A policy that the page's address brings along: offered in the editor; nothing is chosen by opening a link. */
import { useDialogs } from '../shell/dialogs.ts'
import { useStore } from '../store/store.ts'
import { linkedText, useEditing } from './draft.ts'

const broken = 'The policy in this link cannot be read: the link may have been cut off. Nothing was changed. Ask for it again.'

export function openLinkedPolicy(): void {
  const linked = linkedText(location.hash)
  if (linked === null) return
  history.replaceState(null, '', location.pathname + location.search)
  if (linked === 'broken') return useStore.setState({ problem: { message: broken, action: null, stays: true } })
  useEditing.setState({ offered: linked.json })
  useDialogs.setState({ open: 'policies' })
}
