/**
 * The first character of a decoded path that some system behind the gateway may take for another one: C1 controls,
 * line and paragraph separators, bidirectional controls, the byte order mark, and the wide forms of `.`, `/`, `\`, `;`
 * and `%` that best-fit mappings and NFKC fold onto the plain ones. `undefined` where there is none.
 */
export function findForbiddenCodePoint(decoded: string): number | undefined {
  for (let index = 0; index < decoded.length; index++) {
    const code = decoded.charCodeAt(index)
    if (code >= 0x80 && isForbidden(code)) return code
  }
  return undefined
}

function isForbidden(code: number): boolean {
  return code <= 0x9f || forbidden.has(code)
}

const forbidden: ReadonlySet<number> = new Set([
  ...range(0x2024, 0x2026),
  ...range(0x2028, 0x202e),
  ...range(0x2066, 0x2069),
  0x2044,
  0x2215,
  0x2216,
  0xfe52,
  0xfe54,
  0xfe68,
  0xfe6a,
  0xfeff,
  0xff05,
  0xff0e,
  0xff0f,
  0xff1b,
  0xff3c,
])

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, offset) => first + offset)
}
