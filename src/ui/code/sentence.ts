/** A message that the worker gives to stand after "guest.s line 9:", as a sentence of its own. */
export const sentence = (message: string): string => {
  const text = message.charAt(0).toUpperCase() + message.slice(1)
  return /[.:!?]$/.test(text) ? text : `${text}.`
}
