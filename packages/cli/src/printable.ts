/** A text for a terminal: what a client sent may hold its control sequences. */
export function printable(text: string): string {
  return text.replace(/\p{C}/gu, '�')
}
