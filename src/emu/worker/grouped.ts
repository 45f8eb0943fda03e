/** A count with thin spaces between thousands, as all counts of the page are. */
export const grouped = (n: bigint | number): string => n.toString().replace(/\B(?=(\d{3})+$)/g, '\u2009')
