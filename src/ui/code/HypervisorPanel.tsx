/** Hypervisor code: a pane of its own beside the guest's. */
import type { ControllerView } from '../../emu/worker/protocol.ts'
import { lookAtChannel } from '../dock/leaks/matrix.ts'
import { useStore } from '../store/store.ts'
import { WordsButton } from '../words/WordsButton.tsx'
import { HypervisorListing } from './HypervisorListing.tsx'
import './code.css'

export function HypervisorPanel() {
  const meta = useStore(s => hypervisorMeta(s.view?.controller ?? null))
  return (
    <section className="panel hypcode" id="hypervisor" aria-label="Hypervisor code" tabIndex={-1}>
      <div className="ph">
        <h2>Hypervisor</h2>
        <span className="sp" />
        <span className="meta">{meta}</span>
        <WordsButton />
      </div>
      <HypervisorCode />
    </section>
  )
}

/** The listing alone, for the tab that takes the pane's place on a narrow page. */
export function HypervisorCode() {
  const controller = useStore(s => s.view?.controller)
  return controller ? <HypervisorListing controller={controller} toChannel={lookAtChannel} /> : <div className="pb" />
}

/** "step controller, RFC v2"; the run loop is the machine's and the same for all policies. */
export function hypervisorMeta(controller: Pick<ControllerView, 'policy' | 'policies' | 'walk' | 'step'> | null): string {
  if (!controller) return ''
  if (controller.walk === 'loop' && !controller.step) return 'run loop'
  return `step controller, ${controller.policies.find(p => p.id === controller.policy)?.name ?? controller.policy}`
}
