import type { Clock, Diagnostic } from '@gateward/kernel'
import type { AlertManagement } from '../alerting/alert-management.ts'
import type { AnomalyManagement } from '../anomaly/anomaly-management.ts'
import type { AuditActor } from '../audit/audit-event.ts'
import type { AuditLog } from '../audit/audit-log.ts'
import type { VerifyOptions } from '../audit/verify-chain.ts'
import type { Discovery } from '../discovery/discovery.ts'
import type { Geography } from '../geography/geography.ts'
import type { History } from '../history/history.ts'
import type { ApiKeyManagement } from '../keyring/api-key-management.ts'
import type { DataKeyPurpose } from '../keyring/data-keys/purposes.ts'
import type { Limiter } from '../limiter/limiter.ts'
import type { RecordArchive } from '../observe/records/record-archive.ts'
import type { Review } from '../review/review.ts'
import type { Running } from '../site/reload.ts'
import type { DataKeyRecord } from '../store/data-key-store.ts'
import type { Store } from '../store/store.ts'
import type { Invitations } from './access/invitations.ts'
import type { LoginLimits } from './access/login-limits.ts'
import type { Live } from './http/live.ts'
import type { OidcLogin } from './access/oidc/oidc-login.ts'
import type { Passkeys } from './access/passkeys.ts'
import type { Passwords } from './access/password.ts'
import type { Sessions } from './access/sessions.ts'

/** What the routes of the admin API see of the gateway. */
export interface AdminParts {
  readonly clock: Clock
  readonly version: string
  /** Milliseconds since the Unix epoch. */
  readonly startedAt: number
  readonly store: Pick<Store, 'accounts' | 'anomalies' | 'audit' | 'configurations' | 'dataKeys' | 'versions'>
  readonly audit: AuditLog
  /** What was counted in samples of traffic. */
  readonly discovery: Pick<Discovery, 'list'>
  readonly auditChecks: () => Promise<VerifyOptions>
  /** What somebody who answers for the gateway reads; `period` in milliseconds. */
  readonly review: (period: number) => Promise<Review>
  readonly apiKeys: ApiKeyManagement
  readonly alerts: AlertManagement
  readonly anomalies: AnomalyManagement
  /** Puts another data key in the place of the active one; `undefined` where somebody else was faster. */
  readonly rotateDataKey: (purpose: DataKeyPurpose, active: string) => Promise<DataKeyRecord | undefined>
  readonly limiter: Limiter
  /** What traffic was like. */
  readonly history: History
  /** Where addresses are. */
  readonly geography: Geography
  readonly live: Live
  readonly sessions: Sessions
  readonly invitations: Invitations
  readonly passkeys: Passkeys
  /** `undefined`: no OpenID provider is set up. */
  readonly oidc: OidcLogin | undefined
  readonly passwords: Passwords
  readonly loginLimits: LoginLimits
  /** What runs now. */
  readonly running: () => Running
  /** How the last loads of the configuration went. */
  readonly loads: () => LoadState
  /** What a configuration would do, without doing it. */
  readonly checkConfiguration: (text: string) => Promise<ConfigurationOutlook>
  /** Writes the configuration file and loads it; with an error among the diagnostics both are as before. */
  readonly applyConfiguration: (text: string, cause: LoadCause) => Promise<readonly Diagnostic[]>
  readonly unready: () => readonly string[]
  /** The exchange records, with everything that was written so far on the disk. */
  readonly records: () => Promise<RecordArchive>
}

/** What a configuration would do. */
interface ConfigurationOutlook {
  readonly diagnostics: readonly Diagnostic[]
  readonly operations: number
}

/** Who had a configuration loaded, and why. */
export interface LoadCause {
  readonly actor: AuditActor
  /** What made it run: `start`, `file-changed`, `SIGHUP`, `admin`, `rollback`. */
  readonly source: string
  readonly reason: string
}

/** How the loads of the configuration went. Times are milliseconds since the Unix epoch. */
export interface LoadState {
  readonly loadedAt: number
  /** What the load that is running had to say. */
  readonly warnings: readonly Diagnostic[]
  /** A later load that was not taken over. */
  readonly refused: { readonly at: number; readonly diagnostics: readonly Diagnostic[] } | undefined
}
