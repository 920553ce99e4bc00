/**
 * A request's head as it was received: nothing joined, decoded or put in order. Texts are bytes as latin1, as node:http gives
 * them in `rawHeaders` and `url`.
 */
export interface WafRequestHead {
  readonly method: string
  /** The request target, byte for byte. */
  readonly target: string
  /** The path and query as the host reads them, where that is not the target as it stands: what `REQUEST_URI` is. */
  readonly uri?: string | undefined
  /** `HTTP/1.1`. */
  readonly protocol: string
  /** Every header line in order, repeated ones repeated. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** The request line, where the server still has it. */
  readonly line?: string | undefined
  readonly clientAddress: string
  readonly clientPort?: number
  readonly serverAddress?: string
  readonly serverPort?: number
  /** Whether the host hands over the body with its `Content-Encoding` already undone. */
  readonly isBodyDecoded?: boolean
  /** For `UNIQUE_ID` and log lines. */
  readonly id: string
}

/** A response's head. */
export interface WafResponseHead {
  readonly status: number
  /** `HTTP/1.1`. */
  readonly protocol: string
  readonly headers: readonly (readonly [name: string, value: string])[]
}

/** The part of a request target that rules call REQUEST_URI: without the scheme and authority of the absolute form. */
export function uriOf(target: string): string {
  // Only a scheme makes an authority: `//admin` in origin form is a path, whatever URL parsers say.
  const absolute = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/?#]*/.exec(target)
  if (absolute === null) return target
  const rest = target.slice(absolute[0].length)
  return rest.startsWith('/') ? rest : `/${rest}`
}

/** The last part of a path, behind either kind of slash. */
export function basenameOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
}

/** A path with its escapes undone once, as REQUEST_FILENAME has it; the query was cut off before, lest `%3f` begin one. */
export function decodePath(path: string): string {
  if (!path.includes('%')) return path
  return path.replace(/%([0-9A-Fa-f]{2})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  )
}
