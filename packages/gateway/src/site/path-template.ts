/** One segment of a path template, ready to be matched. */
export type TemplateSegment =
  | { readonly kind: 'static'; readonly text: string }
  | { readonly kind: 'variable' }
  /** Variables with text around them; `literals` has one more than there are variables: `{a}-{b}.json` is `['', '-', '.json']`. */
  | { readonly kind: 'mixed'; readonly literals: readonly string[] }

/** A template that can be matched, or why it cannot. */
export type TemplateReading =
  | { readonly kind: 'template'; readonly segments: readonly TemplateSegment[] }
  | { readonly kind: 'mistake'; readonly message: string; readonly fix: string }

/**
 * Reads a path template such as `/files/{name}.json` (OpenAPI 3.1 section 4.8.8.1). Its text is brought into the form
 * of canonical paths, so that a contract may write `/caf%c3%a9` or `/café`.
 */
export function readTemplate(template: string): TemplateReading {
  if (!template.startsWith('/')) return mistake('does not begin with /', 'put a / before it')
  const segments: TemplateSegment[] = []
  for (const text of template.slice(1).split('/')) {
    const segment = readSegment(text)
    if (segment.kind === 'mistake') return segment
    segments.push(segment)
  }
  if (segments.slice(0, -1).some(isEmpty))
    return mistake('has an empty segment', 'write one / between two segments')
  return { kind: 'template', segments }
}

type SegmentReading = TemplateSegment | Extract<TemplateReading, { kind: 'mistake' }>

function readSegment(text: string): SegmentReading {
  const literals = text.split(/\{[^{}]+\}/).map(toCanonicalText)
  if (literals.some((literal) => /[{}]/.test(literal)))
    return mistake('has a brace without its partner', 'write variables as {name}')
  if (literals.length === 1) {
    const [literal = ''] = literals
    return literal === '.' || literal === '..'
      ? mistake('has a dot segment, which no request can have', 'write the path without it')
      : { kind: 'static', text: literal }
  }
  if (literals.every((literal) => literal === '') && literals.length === 2) return { kind: 'variable' }
  if (literals.slice(1, -1).includes(''))
    return mistake(
      'has two variables with nothing between them',
      'put a character between them, or make them one',
    )
  return { kind: 'mixed', literals }
}

function isEmpty(segment: TemplateSegment): boolean {
  return segment.kind === 'static' && segment.text === ''
}

/** The text as a canonical path has it: unreserved characters plain, everything that needs it escaped in upper case. */
export function toCanonicalText(text: string): string {
  return text.replace(/%[0-9A-Fa-f]{2}|[^A-Za-z0-9\-._~!$&'()*+,=:@/{}]/gu, (found) => {
    if (found.length !== 3 || !found.startsWith('%')) return escapeCharacter(found)
    const character = String.fromCharCode(Number.parseInt(found.slice(1), 16))
    return /[A-Za-z0-9\-._~]/.test(character) ? character : found.toUpperCase()
  })
}

function escapeCharacter(character: string): string {
  return Array.from(new TextEncoder().encode(character), toEscape).join('')
}

function toEscape(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
}

function mistake(message: string, fix: string): Extract<TemplateReading, { kind: 'mistake' }> {
  return { kind: 'mistake', message, fix }
}
