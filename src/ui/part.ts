/** Parts of the page that are fetched when they are needed. */

/** Its rules cannot be read. */
function broken({ sheet }: HTMLLinkElement): boolean {
  try {
    return !sheet?.cssRules
  } catch {
    return true
  }
}

/** A style sheet that did not come is not asked for again by the import that wanted it. */
const fetchStylesAgain = (): Promise<unknown> =>
  Promise.all(
    [...document.querySelectorAll<HTMLLinkElement>('link[rel=stylesheet]')].filter(broken).map(
      link =>
        new Promise((resolve, reject) => {
          const again = link.cloneNode() as HTMLLinkElement
          again.onload = resolve
          again.onerror = reject
          link.replaceWith(again)
        }),
    ),
  )

/** Imports a part with its styles, also where an earlier try failed half-way. Rejects where it does not come. */
export const fetchPart = <T>(load: () => Promise<T>): Promise<T> => fetchStylesAgain().then(load)
