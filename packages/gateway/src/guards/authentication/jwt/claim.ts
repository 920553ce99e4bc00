type Claims = Readonly<Record<string, unknown>>

/** Compiles a claim's name to its reader: a member of that very name, or else members within members (`realm_access.roles`). */
export function claimReader(name: string): (claims: Claims) => unknown {
  const steps = name.split('.')
  if (steps.length === 1) return (claims) => (Object.hasOwn(claims, name) ? claims[name] : undefined)
  return (claims) => (Object.hasOwn(claims, name) ? claims[name] : follow(claims, steps))
}

/** A list of words: an array of texts, or one text with spaces between them (RFC 6749 section 3.3). */
export function toWords(value: unknown): ReadonlySet<string> {
  if (typeof value === 'string') return new Set(value.split(' ').filter((word) => word !== ''))
  if (Array.isArray(value)) return new Set(value.filter((word) => typeof word === 'string'))
  return noWords
}

const noWords: ReadonlySet<string> = new Set()

function follow(claims: Claims, steps: readonly string[]): unknown {
  let value: unknown = claims
  for (const step of steps) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
    value = (value as Claims)[step]
  }
  return value
}
