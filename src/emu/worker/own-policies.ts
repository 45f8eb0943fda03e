/** Policies of the user's that the page has given the worker, in the order in which they came. */
import { type Policy, type PolicyId, policies, policyNamed } from '../hypervisor/policy.ts'

export class OwnPolicies {
  private own: readonly Policy[] = []

  get all(): readonly Policy[] {
    return this.own
  }

  /** One of the user's, else a preset. Throws an Error with a sentence where there is neither. */
  named(id: PolicyId): Policy {
    return this.own.find(p => p.id === id) ?? policyNamed(id)
  }

  /** Listed from now on, in the place of one with its id; a preset is listed already. Null for a preset, else its id. */
  keep(policy: Policy): PolicyId | null {
    if (policies.some(p => p.id === policy.id)) return null
    const known = this.own.some(p => p.id === policy.id)
    this.own = known ? this.own.map(p => (p.id === policy.id ? policy : p)) : [...this.own, policy]
    return policy.id
  }

  /** Throws an Error with a sentence where there is no such policy, or it is the one in use. */
  forget(id: PolicyId, used: PolicyId): Policy {
    const policy = this.own.find(p => p.id === id)
    if (!policy) throw new Error(`There is no policy ${id} of yours. Nothing was changed.`)
    if (id === used) throw new Error(`${policy.name} is in use. Choose another policy first; nothing was changed.`)
    this.own = this.own.filter(p => p !== policy)
    return policy
  }
}
