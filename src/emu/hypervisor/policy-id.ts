/** Of the form in which policies are files and links. A change bumps it and adds an upgrader; one that says none has the first. */
export const POLICY_VERSION = 1

/** The id of a policy of the user's, from its name: letters and digits of any language stay. No preset's begins so. */
export const ownPolicyId = (name: string): string =>
  `own-${[...name.trim().toLowerCase()].map(c => (/[\p{L}\p{N}]/u.test(c) ? c : '-')).join('')}`
