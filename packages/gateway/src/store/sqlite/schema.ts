import type { Generated } from 'kysely'
import type { DataKeyAlgorithm, DataKeyPurpose } from '../../keyring/data-keys/purposes.ts'
import type { DataKeyEvent, DataKeyState } from '../data-key-store.ts'
import type { DiscoveryCount } from '../discovery-store.ts'
import type { AlertSeverity } from '../alert-store.ts'
import type { AnomalyRecord } from '../anomaly-store.ts'
import type { ExpectationTable, LearnedTable } from './anomaly-store.ts'
import type { Stage } from '../../versions/timeline.ts'
import type { RollupDimension, RollupStep } from '../history-store.ts'

/** The tables as the last migration leaves them, for the types of queries. */
export interface Schema {
  readonly account: AccountTable
  readonly admin_session: SessionTable
  readonly admin_token: TokenTable
  readonly alert: AlertTable
  readonly anomaly: AnomalyRecord
  readonly expectation: ExpectationTable
  readonly learned: LearnedTable
  readonly silence: SilenceTable
  readonly api_key: ApiKeyTable
  readonly data_key: DataKeyTable
  readonly data_key_event: DataKeyEventTable
  readonly audit: AuditTable
  readonly audit_seal: AuditSealTable
  readonly configuration_version: ConfigurationVersionTable
  readonly invitation: InvitationTable
  readonly passkey: PasskeyTable
  readonly quota: QuotaTable
  readonly revision: RevisionTable
  readonly acme_account: AcmeAccountTable
  readonly acme_certificate: AcmeCertificateTable
  readonly acme_challenge: AcmeChallengeTable
  readonly lease: LeaseTable
  readonly content_key: ContentKeyTable
  readonly discovery: DiscoveryCount
  readonly rollup: RollupTable
  readonly version_calls: VersionCallsTable
  readonly plan_stage: PlanStageTable
}

export interface ApiKeyTable {
  id: string
  hash: string
  display: string
  environment: string
  /** Sealed. */
  consumer: string
  /** The blind index of the consumer, to find its keys by. */
  consumer_index: string
  /** Sealed. */
  label: string
  tier: string | null
  /** JSON text. */
  scopes: string
  /** JSON text. */
  roles: string
  /** JSON text, sealed. */
  attributes: string
  state: 'active' | 'disabled' | 'revoked'
  created_at: number
  expires_at: number
  changed_at: number
  successor: string | null
}

export interface DataKeyTable {
  id: string
  purpose: DataKeyPurpose
  algorithm: DataKeyAlgorithm
  state: DataKeyState
  created_at: number
  changed_at: number
  used_at: number | null
  messages: number
  /** Null exactly where the key is destroyed. */
  wrapped: string | null
  kek: string
  public_key: string | null
}

/** Only ever added to. */
export interface DataKeyEventTable {
  number: Generated<number>
  key_id: string
  at: number
  kind: DataKeyEvent['kind']
}

/** A table has no key of its own here: the row is its key, policy and period. */
interface QuotaTable {
  /** A blind index: what is counted, an address or a consumer, is named nowhere. */
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

interface AcmeAccountTable {
  directory: string
  key: string
}

interface AcmeCertificateTable {
  name: string
  chain: string
  key: string
}

interface AcmeChallengeTable {
  key: string
  authorization: string
  until: number
}

interface LeaseTable {
  name: string
  holder: string
  until: number
}

interface ContentKeyTable {
  name: string
  /** Base64, sealed. */
  key: string
}

/** What one name of one dimension did in one step of time. */
export interface RollupTable {
  step: RollupStep
  dimension: RollupDimension
  start: number
  /** Of a person sealed, so that equal names of a dimension are alike. */
  name: string
  requests: number
  refused: number
  status_2xx: number
  status_3xx: number
  status_4xx: number
  status_5xx: number
  bytes_in: number
  bytes_out: number
  latency: Uint8Array | null
}

/** What one consumer asked of one version. */
export interface VersionCallsTable {
  /** A blind index of version and consumer. */
  id: string
  api: string
  /** Sealed. */
  consumer: string
  requests: number
  refused: number
  first_seen: number
  last_seen: number
}

/** A stage of a plan that was told. */
interface PlanStageTable {
  api: string
  stage: Stage
  at: number
}

export interface AccountTable {
  id: string
  name: string
  /** The name as it is compared. */
  name_key: string
  role: 'viewer' | 'operator' | 'security' | 'admin'
  enabled: number
  password_hash: string | null
  /** Sealed. */
  subject: string | null
  /** The blind index of the subject, to find its account by. */
  subject_key: string | null
  created_at: number
  changed_at: number
  revision: number
}

export interface PasskeyTable {
  id: string
  account: string
  label: string
  public_key: string
  counter: number
  /** JSON text. */
  transports: string
  created_at: number
  used_at: number | null
}

export interface InvitationTable {
  hash: string
  kind: 'welcome' | 'invited'
  role: AccountTable['role']
  created_at: number
  expires_at: number
  used_at: number | null
}

export interface SessionTable {
  hash: string
  account: string
  method: 'password' | 'passkey' | 'oidc' | 'invitation'
  created_at: number
  used_at: number
  expires_at: number
}

export interface TokenTable {
  id: string
  hash: string
  display: string
  label: string
  account: string
  role: AccountTable['role']
  created_at: number
  expires_at: number
}

export interface AuditTable {
  number: number
  at: number
  /** Sealed. */
  actor: string
  /** The blind index of the actor, to find rows by. */
  actor_key: string
  action: string
  /** Sealed. */
  target: string
  /** The blind index of the target. */
  target_key: string
  /** Sealed. */
  body: string
  /** Of the body as it was before it was sealed. */
  hash: string
}

export interface AuditSealTable {
  number: number
  hash: string
  at: number
  key_id: string
  signature: string
}

export interface ConfigurationVersionTable {
  number: number
  at: number
  hash: string
  actor: string
  source: string
  reason: string
  /** As it was written; `null` where the configuration came from the command line. */
  text: string | null
}

export interface AlertTable {
  id: string
  rule: string
  subject: string
  severity: AlertSeverity
  state: 'firing' | 'resolved'
  opened_at: number
  last_at: number
  resolved_at: number | null
  escalated_at: number | null
  count: number
  summary: string
  /** JSON text. */
  details: string
  silenced: number
  acknowledged_by: string | null
  acknowledged_at: number | null
  acknowledged_note: string | null
}

export interface SilenceTable {
  id: string
  rule: string
  subject: string
  created_at: number
  until: number
  reason: string
}
