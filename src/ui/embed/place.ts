/** Whether this page is embedded, and by whom: fixed for its life. */

export interface Place {
  readonly embedded: boolean
  /** The only origin whose messages are heard, and to which any are sent; null where none was stated. */
  readonly host: string | null
  readonly problem: string | null
}

/** `?embed=https://teacher.example`, from the query of the page's address. */
export function placeOf(query: string): Place {
  const stated = new URLSearchParams(query).get('embed')
  if (stated === null) return { embedded: false, host: null, problem: null }
  if (stated === '') return { embedded: true, host: null, problem: null }
  const address = URL.canParse(stated) ? new URL(stated) : null
  if (address && /^https?:$/.test(address.protocol) && [address.origin, `${address.origin}/`].includes(stated.toLowerCase()))
    return { embedded: true, host: address.origin, problem: null }
  return {
    embedded: true,
    host: null,
    problem: `?embed= must be an origin, as https://teacher.example. What it says is none, so that no messages of the page around are heard.`,
  }
}

export const place = placeOf(globalThis.location?.search ?? '')
