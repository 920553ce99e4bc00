/** The tables as the last migration leaves them, for the types of queries. */
export interface Schema {
  readonly api_key: ApiKeyTable
  readonly quota: QuotaTable
  readonly revision: RevisionTable
}

export interface ApiKeyTable {
  id: string
  hash: string
  display: string
  environment: string
  consumer: string
  label: string
  tier: string | null
  /** JSON text. */
  scopes: string
  /** JSON text. */
  roles: string
  /** JSON text. */
  attributes: string
  state: 'active' | 'disabled' | 'revoked'
  created_at: number
  expires_at: number
  changed_at: number
  successor: string | null
}

/** A table has no key of its own here: the row is its key, policy and period. */
interface QuotaTable {
  key: string
  policy: string
  period_start: number
  used: number
}

/** How often the things of a name have changed, so that caches in any process know when to forget. */
interface RevisionTable {
  name: string
  value: number
}
