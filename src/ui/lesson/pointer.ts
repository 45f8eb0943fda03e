/** Where a hint leads: the element that gets the focus. */
import { registerOf } from '../../emu/lesson/model.ts'
import { openLessonSheet, useArrangement } from '../shell/arrangement.ts'
import { focusOn, focusRegion } from '../shell/regions.ts'
import { type DockTab, useStore } from '../store/store.ts'

const elements: Readonly<Record<string, string>> = { outside: 'outside', policy: 'policy', 'hypervisor stepper': 'hypervisor-stepper' }
const tabs: ReadonlySet<string> = new Set<DockTab>(['exception', 'breakpoints', 'memory', 'console', 'leaks', 'vcpus', 'history', 'sprs'])

function show(to: string): void {
  const register = registerOf(to)
  if (register !== null) focusOn(document.querySelector<HTMLElement>(`#state [data-cell="${register}"]`))
  else if (to === 'locking') focusOn(document.querySelector<HTMLElement>('.top [aria-label="Scheduler-locking"] [tabindex="0"]'))
  else if (tabs.has(to)) {
    useStore.setState({ dockTab: to as DockTab })
    focusRegion('dock')
  } else if (to === 'hypervisor' && !document.getElementById('hypervisor')) {
    // On a narrow page the listing is a tab.
    useStore.setState({ codeTab: 'hypervisor' })
    focusRegion('guest')
  } else focusRegion(elements[to] ?? to)
}

/** A lesson over the page closes first: it would hold the focus, and give it back to where it came from. */
export function lead(to: string): void {
  if (!useArrangement.getState().lessonOpen) return show(to)
  openLessonSheet(false)
  setTimeout(() => show(to), 60)
}
