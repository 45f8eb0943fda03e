/** The acronyms of a text: two capitals or more, perhaps with digits. */

/** As "MSR", "SRR1", "vCPU"; the plural counts as the singular. */
export const acronym = /(?<![\w$])v?[A-Z][A-Z0-9]+(?=s?(?![\w]))/g

/** A lesson's program is code, and no prose. */
const withoutPrograms = (markdown: string): string => markdown.replace(/^```[\s\S]*?^```/gm, '')

export const acronymsIn = (text: string): string[] => [...new Set([...withoutPrograms(text).matchAll(acronym)].map(m => m[0]))].sort()
