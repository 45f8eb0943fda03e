/** The answer to the last question, shared by the panel and its actions in the dock's header. */
import { useEffect } from 'react'
import { create } from 'zustand'
import type { ExceptionView } from '../../../emu/worker/protocol.ts'
import { send, useStore } from '../../store/store.ts'
import { latest } from '../../timeline/latest.ts'
import { keepsAnswer, type Question, questionFor } from './question.ts'

const useAnswer = create<{ exception: ExceptionView | null }>(() => ({ exception: null }))

/** The last question: the panel and the header both look, only one asks. */
let asked: string | null = null
const forget = () => {
  asked = null
  useAnswer.setState({ exception: null })
}

const ask = latest(async ({ event }: Question) => {
  const exception = await send('exceptionInfo', { event })
  // What has been forgotten meanwhile (a new program) is not answered.
  if (asked !== null) useAnswer.setState({ exception })
})

/** Asks while some component shows the answer. */
export function useException(): ExceptionView | null {
  const key = useStore(s => questionFor(s.view)?.key ?? null)
  const keep = useStore(s => keepsAnswer(s.view))
  const generation = useStore(s => s.view?.generation ?? 0)
  const exception = useAnswer(s => s.exception)
  useEffect(() => {
    const question = questionFor(useStore.getState().view)
    if (question && question.key === key && asked !== key) {
      asked = key
      ask(question)
    }
    if (!question && !keep) forget()
  }, [key, keep])
  // A new program has nothing to do with the old one's interrupts.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the number is the trigger
  useEffect(() => forget, [generation])
  return exception
}
