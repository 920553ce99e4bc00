import type { Clock, Diagnostic } from '@gateward/kernel'
import type { LoadState } from './admin/parts.ts'
import { gatewayActor, type AuditActor } from './audit/audit-event.ts'
import type { AuditLog } from './audit/audit-log.ts'
import type { ConfigurationStore } from './store/configuration-store.ts'

/** What came of one load. */
interface Load {
  readonly swapped: boolean
  readonly diagnostics: readonly Diagnostic[]
  /** Of what runs now. */
  readonly hash: string
  /** The file that runs now, as it was read. */
  readonly text: string | undefined
}

/** Versions that are kept to be compared and brought back. */
const keptVersions = 200

/** Keeps every configuration that ran, and writes each load to the audit log, whoever caused it. */
export class ConfigurationLoads {
  readonly #audit: AuditLog
  readonly #store: ConfigurationStore
  readonly #clock: Clock
  #hash: string | undefined
  #state: LoadState = { loadedAt: 0, warnings: [], refused: undefined }

  constructor(audit: AuditLog, store: ConfigurationStore, clock: Clock) {
    this.#audit = audit
    this.#store = store
    this.#clock = clock
  }

  state(): LoadState {
    return this.#state
  }

  /** @param source what caused the load: `start`, `file-changed`, `SIGHUP` */
  async note(source: string, load: Load, by: AuditActor = gatewayActor, reason = ''): Promise<void> {
    const at = this.#clock.now()
    const { swapped, diagnostics, hash, text } = load
    const event = {
      actor: by,
      action: source === 'start' ? 'gateway.start' : 'configuration.load',
      target: '',
    }
    if (!swapped) {
      this.#state = { ...this.#state, refused: { at, diagnostics } }
      const after = { source, mistakes: diagnostics.slice(0, 20).map(({ message }) => message) }
      await this.#audit.record({ ...event, after, reason, outcome: 'refused' })
      return
    }
    this.#state = { loadedAt: at, warnings: diagnostics, refused: undefined }
    const before = this.#hash
    this.#hash = hash
    if (before === hash) return
    const { number } = await this.#store.add({ at, hash, actor: by.name, source, reason, text }, keptVersions)
    await this.#audit.record({
      ...event,
      before: before === undefined ? undefined : { configuration: before },
      after: { configuration: hash, version: number, source },
      reason: reason === '' ? undefined : reason,
      outcome: 'done',
    })
  }
}
