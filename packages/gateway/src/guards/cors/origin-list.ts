/** Which origins (RFC 6454) are allowed, compiled: exact ones, and all hosts below a domain. */
export class OriginList {
  /** Whether every origin is allowed. */
  readonly any: boolean
  readonly #exact: ReadonlySet<string>
  readonly #domains: readonly { readonly scheme: string; readonly suffix: string }[]

  /** @param origins as settings allow them, in lower case */
  constructor(origins: readonly string[]) {
    this.any = origins.includes('*')
    this.#exact = new Set(origins.filter((origin) => !origin.includes('*')))
    this.#domains = origins
      .filter((origin) => origin.includes('://*.'))
      .map((origin) => {
        const star = origin.indexOf('*')
        return { scheme: origin.slice(0, star), suffix: origin.slice(star + 1) }
      })
  }

  /** Whether pages of the origin are allowed; `null` (sandboxed frames, local files, redirects) is nobody and never is. */
  allows(origin: string): boolean {
    if (origin === 'null') return false
    if (this.any || this.#exact.has(origin)) return true
    return this.#domains.some(({ scheme, suffix }) => isBelow(origin, scheme, suffix))
  }
}

/** Says what to write where an origin in the settings cannot work; `undefined` where it can. */
export function explainOrigin(text: string): string | undefined {
  if (text === '*') return undefined
  if (text.toLowerCase() === 'null')
    return 'null is the origin of every sandboxed frame and local file; list real origins'
  const match = /^(https?):\/\/(\*\.)?([a-z0-9.-]{1,253}|\[[0-9a-f:]{2,45}\])(?::(\d{1,5}))?$/i.exec(text)
  if (match === null) return 'write an origin: https://app.example.com, without a path or slash at the end'
  const [, scheme, star, host = '', port] = match
  if (star !== undefined && !/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i.test(host))
    return 'a star needs a domain of at least two labels below it: https://*.example.com'
  if (port !== undefined && port === (scheme?.toLowerCase() === 'https' ? '443' : '80'))
    return `browsers leave the port ${port} away; write ${scheme}://${star ?? ''}${host}`
  return undefined
}

/** Whether an origin names this very host; a page of the gateway's own host is no other origin. */
export function isOwnOrigin(origin: string, host: string): boolean {
  const start = origin.indexOf('://')
  if (start === -1) return false
  const authority = origin.slice(start + 3)
  return authority.replace(/:\d+$/, '') === host
}

function isBelow(origin: string, scheme: string, suffix: string): boolean {
  if (!origin.startsWith(scheme) || !origin.endsWith(suffix)) return false
  const end = origin.length - suffix.length
  if (end <= scheme.length) return false
  // Only letters, digits, dashes and inner dots: what stands there can end no host and begin no other.
  for (let index = scheme.length; index < end; index++) {
    const code = origin.charCodeAt(index)
    const isLabel = (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39) || code === 0x2d
    const isInnerDot = code === 0x2e && index > scheme.length && origin.charCodeAt(index - 1) !== 0x2e
    if (!isLabel && !isInnerDot) return false
  }
  return origin.charCodeAt(end - 1) !== 0x2e
}
