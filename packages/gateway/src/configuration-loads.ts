import type { Clock, Diagnostic } from '@gateward/kernel'
import type { LoadCause, LoadState } from './admin/parts.ts'
import { gatewayActor } from './audit/audit-event.ts'
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

/** The gateway's own doing: a start, a signal, a file that changed. */
export function ownCause(source: string): LoadCause {
  return { actor: gatewayActor, source, reason: '' }
}

/** Keeps every configuration that ran, and writes each load to the audit log, whoever caused it. */
export class ConfigurationLoads {
  readonly #audit: AuditLog
  readonly #store: ConfigurationStore
  readonly #clock: Clock
  #hash: string | undefined
  #text: string | undefined
  #state: LoadState = { loadedAt: 0, warnings: [], refused: undefined }

  constructor(audit: AuditLog, store: ConfigurationStore, clock: Clock) {
    this.#audit = audit
    this.#store = store
    this.#clock = clock
  }

  state(): LoadState {
    return this.#state
  }

  async note(cause: LoadCause, load: Load): Promise<void> {
    if (load.swapped) await this.#took(cause, load)
    else await this.#refused(cause, load)
  }

  async #refused({ actor, source }: LoadCause, { diagnostics }: Load): Promise<void> {
    this.#state = { ...this.#state, refused: { at: this.#clock.now(), diagnostics } }
    const mistakes = diagnostics.slice(0, 20).map(({ message }) => message)
    // What somebody asked for at the admin address is written down there, with what came of it.
    if (actor !== gatewayActor) return
    const event = { actor, action: actionOf(source), target: '' }
    await this.#audit.record({ ...event, after: { source, mistakes }, outcome: 'refused' })
  }

  async #took({ actor, source, reason }: LoadCause, { diagnostics, hash, text }: Load): Promise<void> {
    const at = this.#clock.now()
    this.#state = { loadedAt: at, warnings: diagnostics, refused: undefined }
    const before = this.#hash
    if (before === hash && this.#text === text) return
    this.#hash = hash
    this.#text = text
    const version = { at, hash, actor: actor.name, source, reason, text }
    const { number } = await this.#store.add(version, keptVersions)
    if (actor !== gatewayActor) return
    await this.#audit.record({
      actor,
      action: actionOf(source),
      target: '',
      before: before === undefined ? undefined : { configuration: before },
      after: { configuration: hash, version: number, source },
      outcome: 'done',
    })
  }
}

function actionOf(source: string): string {
  return source === 'start' ? 'gateway.start' : 'configuration.load'
}
