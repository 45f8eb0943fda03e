/** Events in words, where a text serves for many: it has a mark where the number stands that is the event's own. */
import { grouped } from './grouped.ts'
import type { TimelineEvent } from './protocol.ts'

/** Marks: the event's `value` in hexadecimal, the same as a count, and the event's label. Of the private use area, which no text has. */
export const VALUE = '\ue001'
export const COUNT = '\ue002'
export const LABEL = '\ue003'

const MARKS = /[\ue001-\ue003]/g

/** An event, but for its number, with marks in its label and sentence. */
export interface EventRow extends Omit<TimelineEvent, 'index'> {
  readonly value: bigint
}

/** The text with what its marks stand for. */
export const wordsOf = (text: string, label: string, value: bigint): string =>
  text.replace(MARKS, mark => (mark === VALUE ? `0x${value.toString(16)}` : mark === COUNT ? grouped(value) : wordsOf(label, '', value)))
