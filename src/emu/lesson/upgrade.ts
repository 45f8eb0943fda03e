/** Lessons of older versions become lessons of this one before they are read. */

/** Raised when a key changes its meaning or its name; then an upgrader is added. */
export const VERSION = 2

type Object_ = Record<string, unknown>
const isObject = (v: unknown): v is Object_ => typeof v === 'object' && v !== null && !Array.isArray(v)
const each = (v: unknown, change: (o: Object_) => Object_): unknown => (Array.isArray(v) ? v.map(x => (isObject(x) ? change(x) : x)) : v)

/** `stepped` and `mnemonic` became a pattern of events. */
function seenInsteadOfStepped({ stepped, mnemonic, ...rest }: Object_): Object_ {
  if (stepped === undefined) return mnemonic === undefined ? rest : { mnemonic, ...rest }
  const who = stepped === 'outside' ? { by: 'outside' } : stepped === 'any' ? { step: true } : { by: stepped }
  return { seen: { instruction: mnemonic ?? 'any', ...who }, ...rest }
}

const upgraders: Readonly<Record<number, (head: Object_) => Object_>> = {
  1: head => ({
    ...head,
    version: 2,
    tasks: each(head.tasks, task => ({
      ...task,
      when: each(task.when, seenInsteadOfStepped),
      ...(task.choices === undefined
        ? {}
        : { choices: each(task.choices, c => ({ ...c, holds: isObject(c.holds) ? seenInsteadOfStepped(c.holds) : c.holds })) }),
    })),
  }),
}

/** What no upgrader knows stays as it is, for the schema to refuse. */
export function upgrade(head: unknown): unknown {
  let now = head
  while (isObject(now) && typeof now.version === 'number' && Object.hasOwn(upgraders, now.version)) now = upgraders[now.version]!(now)
  return now
}
