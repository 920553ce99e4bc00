/** Makes of a text what shows its kind and not its value; never the text itself, whatever it is. */
export type Mask = (text: string) => string

/** What a masked value always holds, and no real one should. */
export const maskMark = '***'

/** Nothing of the value is left. */
export const maskAll: Mask = () => maskMark

/** `ada@example.com` as `a***@e***.com`; what is no address shows nothing. */
export const maskEmail: Mask = (text) => {
  const at = text.lastIndexOf('@')
  const dot = text.lastIndexOf('.')
  if (at < 1 || dot <= at + 1 || dot === text.length - 1) return maskMark
  return `${first(text)}${maskMark}@${first(text.slice(at + 1))}${maskMark}${text.slice(dot)}`
}

/** The last two digits of a number of seven or more, as people know their own by. */
export const maskPhone: Mask = (text) => {
  const digits = text.replace(/\D/g, '')
  return digits.length < 7 ? maskMark : `${maskMark}${digits.slice(-2)}`
}

/** The last four characters of an identifier of twelve or more: what card statements show (PCI DSS 3.4). */
export const maskLastFour: Mask = (text) => {
  const characters = text.replace(/[\s-]/g, '')
  return characters.length < 12 ? maskMark : `${maskMark}${characters.slice(-4)}`
}

/** Each word's first letter: `A*** L***`; of five words at most. */
export const maskName: Mask = (text) =>
  text
    .trim()
    .split(/\s+/, 5)
    .map((word) => `${first(word)}${maskMark}`)
    .join(' ')

// A letter may be two units of UTF-16, and half of one is none.
function first(text: string): string {
  const [letter = ''] = text
  return letter
}
