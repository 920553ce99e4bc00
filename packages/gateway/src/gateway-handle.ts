import type { Diagnostic, Secret } from '@gateward/kernel'
import type { History } from './history/history.ts'
import type { ApiKeyManagement } from './keyring/api-key-management.ts'

/** A running gateway. */
export interface Gateway extends AsyncDisposable {
  readonly addresses: {
    readonly https: string | undefined
    readonly http: string | undefined
    readonly admin: string
  }
  readonly apis: readonly ServedApi[]
  /** What the start had to say that did not stop it. */
  readonly warnings: readonly Diagnostic[]
  readonly apiKeys: ApiKeyManagement
  /** What traffic was like, for people. */
  readonly history: History
  /** The path of the development certificate authority; `undefined` where certificates come from files. */
  readonly certificateAuthority: string | undefined
  /** A one-time link for the first admin, good for 15 minutes; `undefined` where somebody can log in already. */
  readonly welcome: string | undefined
  /** A key for a gateway that has none yet and knows no token issuer; shown this once, good for 90 days. */
  createFirstKey(): Promise<Secret | undefined>
  /** Loads the configuration again and takes it over whole, or keeps the one that runs; the diagnostics say which. */
  reload(reason: string): Promise<readonly Diagnostic[]>
  /** Becomes unready, takes no new connections, and lets what is under way end within the drain deadline. */
  drain(): Promise<void>
}

/** One API as it is served, for people. */
export interface ServedApi {
  readonly name: string
  readonly title: string
  readonly operations: number
  /** Where it is forwarded to. */
  readonly upstream: string
}
