/** One hop as a `Forwarded` field tells it; a member is `undefined` where the hop leaves it out. */
export interface ForwardedElement {
  readonly for: string | undefined
  readonly proto: string | undefined
}

/**
 * Reads a `Forwarded` field (RFC 7239 section 4), all its lines joined by commas, in wire order: the hop nearest to the
 * gateway comes last. `undefined` where it is not well-formed, has a parameter twice in an element, or more than 100 hops.
 */
export function parseForwarded(field: string): readonly ForwardedElement[] | undefined {
  const elements: ForwardedElement[] = []
  let position = 0
  while (elements.length < maximumHops) {
    const end = readElement(field, position, elements)
    if (end === -1) return undefined
    if (end === field.length) return elements
    if (field[end] !== ',') return undefined
    position = end + 1
  }
  return undefined
}

const maximumHops = 100

// forwarded-pair = token "=" ( token / quoted-string ); sticky and linear: no part can match what the next one begins with.
const pair =
  /[ \t]*([!#$%&'*+\-.^_`|~0-9A-Za-z]+)=(?:([!#$%&'*+\-.^_`|~0-9A-Za-z:[\]]+)|"((?:[^"\\]|\\.)*)")[ \t]*/y

/** Reads one element into `elements`; where it ends, or -1. */
function readElement(field: string, start: number, elements: ForwardedElement[]): number {
  const parameters = new Map<string, string>()
  let position = start
  for (;;) {
    pair.lastIndex = position
    const match = pair.exec(field)
    if (match === null) return -1
    const name = (match[1] as string).toLowerCase()
    if (parameters.has(name)) return -1
    parameters.set(name, match[2] ?? (match[3] as string).replace(/\\(.)/g, '$1'))
    position = pair.lastIndex
    if (field[position] !== ';') break
    position++
  }
  elements.push({ for: parameters.get('for'), proto: parameters.get('proto')?.toLowerCase() })
  return position
}
