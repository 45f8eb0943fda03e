/** Hypervisor code: a pane of its own beside the guest's. */
import { useStore } from '../store/store.ts'
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
      </div>
      <HypervisorCode />
    </section>
  )
}

/** The listing alone, for the tab that takes the pane's place on a narrow page. */
export function HypervisorCode() {
  const controller = useStore(s => s.view?.controller)
  return controller ? <HypervisorListing controller={controller} /> : <div className="pb" />
}

/** "step controller, RFC v2" while a step is in flight or next; the run loop is the machine's and the same for all. */
export function hypervisorMeta(controller: { policy: string; policies: readonly { id: string; name: string }[] } | null): string {
  if (!controller) return ''
  return `step controller, ${controller.policies.find(p => p.id === controller.policy)?.name ?? controller.policy}`
}
