import { Fault, Secret, type Clock } from '@gateward/kernel'
import { hash, randomBytes } from 'node:crypto'
import type { ApiKeyRecord, ApiKeyStore } from '../store/api-key-store.ts'
import { isTooLongForApiKey, readApiKeyForm } from './api-key-format.ts'
import type { ApiKeyRefusal, ApiKeys, ApiKeyStanding, ApiKeyVerdict } from './api-keys.ts'
import { GenerationCache } from './generation-cache.ts'
import { hashApiKey, type Pepper } from './pepper.ts'

/** What API keys are recognised with. */
export interface ApiKeysInput {
  readonly store: ApiKeyStore
  readonly pepper: Pepper
  /** Only keys made for this environment are accepted. */
  readonly environment: string
  readonly clock: Clock
}

/**
 * Recognises API keys: form, checksum, environment, then the record under the keyed hash. A key that was seen before is
 * found under a cheaper hash, keyed by a secret of this process alone: that costs a microsecond and no promise.
 *
 * Nothing is compared in constant time because no secret is compared: hashes are looked up, and who knows neither the
 * pepper nor the process's secret cannot choose what a guess hashes to, so how long a lookup takes tells nothing about
 * any stored key.
 */
export function createApiKeys(input: ApiKeysInput): ApiKeys {
  return new StoredApiKeys(input)
}

class StoredApiKeys implements ApiKeys {
  readonly #store: ApiKeyStore
  readonly #pepper: Pepper
  readonly #environment: string
  readonly #clock: Clock
  readonly #markKey = new Secret(randomBytes(32).toString('base64url'))
  // By mark. Only keys that exist are kept, so that made-up ones cannot push them out.
  readonly #known = new GenerationCache<KnownKey>(cacheSize)
  #revision: number | undefined
  #checkedAt = Number.NEGATIVE_INFINITY
  #check: Promise<void> | undefined

  constructor({ store, pepper, environment, clock }: ApiKeysInput) {
    this.#store = store
    this.#pepper = pepper
    this.#environment = environment
    this.#clock = clock
  }

  verify(presented: string): ApiKeyVerdict | Promise<ApiKeyVerdict> {
    // One that is known had the right form and environment when it was learnt.
    const known = this.#isFresh() ? this.#recall(presented) : undefined
    return known === undefined ? this.#verifyAnew(presented) : this.#judge(known)
  }

  #verifyAnew(presented: string): ApiKeyVerdict | Promise<ApiKeyVerdict> {
    const form = readApiKeyForm(presented)
    if (form.kind !== 'well-formed') return refusals[form.kind]
    if (form.environment !== this.#environment) return refusals.environment
    try {
      const verdict = this.#lookUpFresh(presented)
      return verdict instanceof Promise ? verdict.catch(fail) : verdict
    } catch (thrown) {
      return fail(thrown)
    }
  }

  #lookUpFresh(presented: string): ApiKeyVerdict | Promise<ApiKeyVerdict> {
    const pending = this.#forgetIfChanged()
    return pending === undefined ? this.#lookUp(presented) : pending.then(() => this.#lookUp(presented))
  }

  #lookUp(presented: string): ApiKeyVerdict | Promise<ApiKeyVerdict> {
    const known = this.#recall(presented)
    if (known !== undefined) return this.#judge(known)
    const revision = this.#revision
    const found = this.#store.findByHash(hashApiKey(this.#pepper, presented))
    return found instanceof Promise
      ? found.then((record) => this.#learn(presented, record, revision))
      : this.#learn(presented, found, revision)
  }

  #recall(presented: string): KnownKey | undefined {
    return isTooLongForApiKey(presented) ? undefined : this.#known.get(this.#markOf(presented))
  }

  // Keys have far more random bits than anyone can guess, and the mark leaves this object for nowhere; so one hash over
  // both is as good as an HMAC here.
  #markOf(presented: string): string {
    return hash('sha256', this.#markKey.reveal() + presented, 'base64url')
  }

  #learn(presented: string, record: ApiKeyRecord | undefined, revision: number | undefined): ApiKeyVerdict {
    if (record === undefined) return refusals.unknown
    const known = toKnownKey(record)
    // A record read before a change must not be kept after it.
    if (revision === this.#revision) this.#known.set(this.#markOf(presented), known)
    return this.#judge(known)
  }

  #judge(known: KnownKey): ApiKeyVerdict {
    if (known.refusal !== undefined) return refusals[known.refusal]
    return this.#clock.now() < known.verdict.key.expiresAt ? known.verdict : refusals.expired
  }

  #isFresh(): boolean {
    return this.#check === undefined && this.#clock.tick() - this.#checkedAt < checkInterval
  }

  #forgetIfChanged(): Promise<void> | undefined {
    if (this.#check !== undefined) return this.#check
    const tick = this.#clock.tick()
    if (tick - this.#checkedAt < checkInterval) return undefined
    const revision = this.#store.revision()
    if (!(revision instanceof Promise)) {
      this.#noteRevision(revision, tick)
      return undefined
    }
    this.#check = revision
      .then((value) => this.#noteRevision(value, tick))
      .finally(() => (this.#check = undefined))
    return this.#check
  }

  #noteRevision(revision: number, tick: number): void {
    if (revision !== this.#revision) this.#known.clear()
    this.#revision = revision
    this.#checkedAt = tick
  }
}

interface KnownKey {
  readonly refusal: 'revoked' | 'disabled' | undefined
  readonly verdict: { readonly kind: 'known'; readonly key: ApiKeyStanding }
}

const cacheSize = 10_000

/** Milliseconds for which a revoked key may still be taken for a good one. */
const checkInterval = 20

const refusals = Object.fromEntries(
  (
    [
      'malformed',
      'checksum',
      'environment',
      'unknown',
      'expired',
      'revoked',
      'disabled',
    ] satisfies ApiKeyRefusal[]
  ).map((refusal) => [refusal, Object.freeze({ kind: 'refused', refusal })]),
) as Record<ApiKeyRefusal, ApiKeyVerdict>

// Without knowing whether a key was revoked meanwhile, no key is accepted.
function fail(cause: unknown): never {
  throw new Fault('AUTHENTICATION_UNAVAILABLE', 'API keys cannot be looked up', {
    source: 'gateway',
    retryable: true,
    cause,
  })
}

function toKnownKey(record: ApiKeyRecord): KnownKey {
  return {
    refusal: record.state === 'active' ? undefined : record.state,
    verdict: { kind: 'known', key: toStanding(record) },
  }
}

function toStanding(record: ApiKeyRecord): ApiKeyStanding {
  return {
    id: record.id,
    display: record.display,
    consumer: record.consumer,
    label: record.label,
    tier: record.tier,
    scopes: new Set(record.scopes),
    roles: new Set(record.roles),
    attributes: record.attributes,
    expiresAt: record.expiresAt,
  }
}
