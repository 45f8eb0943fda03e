/** Keys typed while a request is under way go together with the next: each request is an action of the recording. */

/** `send` answers whether it was carried out; what was typed after a refusal is dropped with it. */
export function typing(send: (text: string) => Promise<boolean>): (text: string) => void {
  let waiting = ''
  let busy = false
  const pump = async () => {
    busy = true
    while (waiting !== '') {
      const text = waiting
      waiting = ''
      if (!(await send(text))) waiting = ''
    }
    busy = false
  }
  return text => {
    waiting += text
    if (!busy) void pump()
  }
}
