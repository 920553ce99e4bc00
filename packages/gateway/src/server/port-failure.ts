/** Which of the gateway's ports. */
export type ListenerName = 'https' | 'http' | 'admin'

/** A port that the gateway was to listen on and could not. */
export class PortFailure extends Error {
  override readonly name = 'PortFailure'
  readonly listener: ListenerName
  readonly reason: 'taken' | 'forbidden' | 'no-such-address' | 'other'

  constructor(
    listener: ListenerName,
    address: { readonly host: string; readonly port: number },
    cause: unknown,
  ) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
    const reason = reasons.get(code) ?? 'other'
    super(toMessage(address, reason, cause), { cause })
    this.listener = listener
    this.reason = reason
  }
}

const reasons: ReadonlyMap<string, PortFailure['reason']> = new Map([
  ['EADDRINUSE', 'taken'],
  ['EACCES', 'forbidden'],
  ['EADDRNOTAVAIL', 'no-such-address'],
  ['ENOTFOUND', 'no-such-address'],
])

function toMessage(
  { host, port }: { readonly host: string; readonly port: number },
  reason: PortFailure['reason'],
  cause: unknown,
): string {
  if (reason === 'taken') return `port ${port} of ${host} is taken`
  if (reason === 'forbidden') return `this user may not listen on port ${port}`
  if (reason === 'no-such-address') return `nothing can listen on ${host}`
  return `port ${port} of ${host} cannot be opened (${cause instanceof Error ? cause.message : String(cause)})`
}
