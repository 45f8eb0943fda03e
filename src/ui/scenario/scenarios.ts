/** The scenarios that ship, in order. A test holds the titles against the files. */
export interface ScenarioEntry {
  /** In `scenarios/`. */
  readonly file: string
  readonly title: string
}

export const scenarios: readonly ScenarioEntry[] = [
  { file: 'race-rfc-v2.txt', title: 'The race, under RFC v2' },
  { file: 'race-locking-step.txt', title: 'The race, hidden by scheduler-locking step' },
  { file: 'race-rfc-v6-first.txt', title: 'The race, under RFC v6, a vCPU that was never stepped' },
  { file: 'race-rfc-v6-later.txt', title: 'The race, under RFC v6, a vCPU that was stepped before' },
  { file: 'race-transparent.txt', title: 'The race, gone with Transparent' },
]
