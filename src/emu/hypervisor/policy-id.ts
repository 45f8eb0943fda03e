/** The id of a policy of the user's, from its name: letters and digits of any language stay. No preset's begins so. */
export const ownPolicyId = (name: string): string =>
  `own-${[...name.trim().toLowerCase()].map(c => (/[\p{L}\p{N}]/u.test(c) ? c : '-')).join('')}`
