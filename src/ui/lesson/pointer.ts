/** Where a hint leads: the element that gets the focus. */

import { type ParticularKind, particularOf } from '../../emu/lesson/places.ts'
import { addressOf } from '../../emu/lesson/wants.ts'
import { showInMemory } from '../code/navigation.ts'
import { openLessonSheet, useArrangement } from '../shell/arrangement.ts'
import { useDialogs } from '../shell/dialogs.ts'
import { focusOn, focusRegion } from '../shell/regions.ts'
import { type DockTab, useStore } from '../store/store.ts'

const elements: Readonly<Record<string, string>> = { outside: 'outside', policy: 'policy', 'hypervisor stepper': 'hypervisor-stepper' }
const tabs: ReadonlySet<string> = new Set<DockTab>(['exception', 'breakpoints', 'memory', 'console', 'leaks', 'vcpus', 'history', 'sprs'])

/** A panel that is looked at for the first time is fetched before it is there. */
const PATIENCE_MS = 3000
const SOON_MS = 40

/** Not at once: what stands there now may be about to be drawn anew. */
function focusWhenThere(selector: string, until = performance.now() + PATIENCE_MS): void {
  setTimeout(() => {
    const element = document.querySelector<HTMLElement>(selector)
    if (element) focusOn(element)
    else if (performance.now() < until) focusWhenThere(selector, until)
  }, SOON_MS)
}

/** Of registers that State draws bit by bit. */
const bitByBit: Readonly<Record<string, string>> = {
  MSR: '#msr [data-cell][tabindex="0"]',
  CR: '#state .crs [data-cell][tabindex="0"]',
  XER: '#state .xer [data-cell][tabindex="0"]',
  LPCR: '#state .ail [tabindex="0"]',
}

/** In State; those that it has no room for are in SPRs. */
async function showRegister(name: string): Promise<void> {
  const element = document.querySelector<HTMLElement>(bitByBit[name] ?? `#state [data-cell="${name}"]`)
  if (element) return focusOn(element)
  const { showSpr, sprNamed } = await import('../dock/sprs/place.ts')
  const spr = sprNamed(name)
  if (spr === null) return focusRegion('state')
  showSpr(spr)
  focusWhenThere(`#dock .sprs [data-cell="${spr}"]`)
}

function showSymbol(name: string): void {
  const { view } = useStore.getState()
  const address = view && addressOf(view, name)
  if (address === null) return
  showInMemory(address)
  focusWhenThere('#dock .memp [role="grid"]')
}

const particulars: Readonly<Record<ParticularKind, (name: string) => void>> = {
  state: name => void showRegister(name),
  msr: bit => focusOn(document.querySelector<HTMLElement>(`#msr [data-cell="phys.${bit}"]`)),
  memory: showSymbol,
}

function show(to: string): void {
  const particular = particularOf(to)
  if (particular) particulars[particular.kind](particular.name)
  else if (to === 'policy editor') useDialogs.setState({ open: 'policies' })
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
