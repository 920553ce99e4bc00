/** Who did something, and from where. */
export interface AuditActor {
  /** Who: `ada` at the admin address, `token ci`, `cli root`, or `gateway` itself. */
  readonly name: string
  readonly kind: 'account' | 'token' | 'cli' | 'gateway'
  /** The account's or token's id. */
  readonly id?: string | undefined
  /** What they were allowed to do at that moment. */
  readonly role?: string | undefined
  /** The network address they came from. */
  readonly address?: string | undefined
}

/** What somebody did to the gateway, for whoever asks later. It holds no secret. */
export interface AuditEvent {
  readonly actor: AuditActor
  /** What was done, `noun.verb`: `key.revoke`. */
  readonly action: string
  /** What it was done to, such as the id of a key; empty where it is the gateway as a whole. */
  readonly target: string
  /** How the target was before and after; `undefined` where there was or is nothing. */
  readonly before?: unknown
  readonly after?: unknown
  /** Why, in the words of who did it. */
  readonly reason?: string | undefined
  /** Whether it came about; what was tried in vain is told too. */
  readonly outcome: 'done' | 'refused' | 'failed'
  /** The request at the admin address that did it. */
  readonly requestId?: string | undefined
}

/** The gateway's own doing. */
export const gatewayActor: AuditActor = { name: 'gateway', kind: 'gateway' }
