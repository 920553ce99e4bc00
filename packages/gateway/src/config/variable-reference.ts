// Two characters of Unicode's private use area, which no configuration has a use for.
const opening = '\u{e000}'
const closing = '\u{e001}'

/**
 * Puts other characters in place of the braces of every `${…}`, one for one, so that a reference is plain text to
 * YAML between `{ }` and `[ ]` too, and every place stays what it was.
 */
export function maskReferences(text: string): string {
  return text.replaceAll(/\$\{([^{}\r\n]*)\}/g, `$$${opening}$1${closing}`)
}

/** Puts the braces back. */
export function unmaskReferences(text: string): string {
  return text.replaceAll(opening, '{').replaceAll(closing, '}')
}
