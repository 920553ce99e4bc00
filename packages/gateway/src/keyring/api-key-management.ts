import { DiagnosticError, formatDuration, type Clock, type Secret } from '@gateward/kernel'
import type { ApiKeyPage, ApiKeyRecord, ApiKeyState, ApiKeyStore } from '../store/api-key-store.ts'
import { displayApiKey, generateApiKey } from './api-key-format.ts'
import { randomBase62 } from './base62.ts'
import { hashApiKey, type Pepper } from './pepper.ts'

/** What the owner of a new key is given. */
interface ApiKeyOrder {
  /** Who calls with the key; limits and logs count by it. */
  readonly consumer: string
  readonly label: string
  readonly tier?: string | undefined
  readonly scopes?: readonly string[] | undefined
  readonly roles?: readonly string[] | undefined
  readonly attributes?: Readonly<Record<string, unknown>> | undefined
  /** Milliseconds that the key lives; at most the maximum. */
  readonly life: number
}

/** A key that was just made. This is the only time it can be shown. */
export interface NewApiKey {
  readonly key: Secret
  readonly record: ApiKeyRecord
}

/** Makes and ends API keys, for the command line and the admin API. */
export interface ApiKeyManagement {
  create(order: ApiKeyOrder): Promise<NewApiKey>
  list(page: ApiKeyPage): Promise<readonly ApiKeyRecord[]>
  /** The record of an id. */
  show(id: string): Promise<ApiKeyRecord>
  /** Makes a key like `id`, which goes on working for `overlap` milliseconds, until its owner has changed it. */
  rotate(id: string, terms: { readonly overlap: number; readonly life: number }): Promise<NewApiKey>
  /** Ends a key for ever. */
  revoke(id: string): Promise<ApiKeyRecord>
  /** Stops a key until it is enabled again. */
  disable(id: string): Promise<ApiKeyRecord>
  enable(id: string): Promise<ApiKeyRecord>
}

export interface ApiKeyManagementInput {
  readonly store: ApiKeyStore
  readonly pepper: Pepper
  /** The environment that new keys are made for. */
  readonly environment: string
  readonly clock: Clock
  /** Milliseconds that a key may live at most. */
  readonly maximumLife: number
}

/** Every method throws a {@link DiagnosticError} that says what to do instead, where it cannot do what was asked. */
export function createApiKeyManagement(input: ApiKeyManagementInput): ApiKeyManagement {
  const { store, clock } = input
  const set = async (id: string, state: ApiKeyState) => {
    const record = await find(store, id)
    if (record.state === state) return record
    if (!(await store.setState(id, state, clock.now()))) throw revoked(record)
    return find(store, id)
  }
  return {
    async create(order) {
      const made = make(input, order)
      await store.insert(made.record)
      return made
    },
    list: async (page) => store.list(page),
    show: (id) => find(store, id),
    async rotate(id, { overlap, life }) {
      const old = await find(store, id)
      const made = make(input, { ...old, life })
      if (!(await store.succeed(id, clock.now() + overlap, made.record)))
        throw notActive(await find(store, id))
      return made
    },
    revoke: (id) => set(id, 'revoked'),
    disable: (id) => set(id, 'disabled'),
    enable: (id) => set(id, 'active'),
  }
}

function make(input: ApiKeyManagementInput, order: ApiKeyOrder): NewApiKey {
  checkOrder(order, input.maximumLife)
  const key = generateApiKey(input.environment)
  const now = input.clock.now()
  const record: ApiKeyRecord = {
    id: `key_${randomBase62(16)}`,
    hash: hashApiKey(input.pepper, key.reveal()),
    display: displayApiKey(key.reveal()),
    environment: input.environment,
    consumer: order.consumer,
    label: order.label,
    tier: order.tier,
    scopes: order.scopes ?? [],
    roles: order.roles ?? [],
    attributes: order.attributes ?? {},
    state: 'active',
    createdAt: now,
    expiresAt: now + order.life,
    changedAt: now,
    successor: undefined,
  }
  return { key, record }
}

function checkOrder(order: ApiKeyOrder, maximumLife: number): void {
  if (!(order.life > 0 && order.life <= maximumLife))
    throw mistake(
      'api-key-life',
      `a key cannot live for ${formatDuration(order.life)}`,
      `give it more than 0s and at most ${formatDuration(maximumLife)}, and rotate it before it ends`,
    )
  // The consumer goes to the upstream in a header field and into logs as it stands.
  if (!/^[\x21-\x7e]{1,128}$/.test(order.consumer))
    throw mistake(
      'api-key-consumer',
      `"${order.consumer}" cannot name a consumer`,
      'use 1 to 128 visible ASCII characters, without spaces',
    )
  const word = [...(order.scopes ?? []), ...(order.roles ?? [])].find((text) => !scopeToken.test(text))
  if (word !== undefined)
    throw mistake(
      'api-key-scope',
      `"${word}" cannot be a scope or role`,
      'use visible ASCII without spaces, " and \\',
    )
}

// RFC 6749 section 3.3.
const scopeToken = /^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/

async function find(store: ApiKeyStore, id: string): Promise<ApiKeyRecord> {
  const record = await store.findById(id)
  if (record === undefined)
    throw mistake('unknown-api-key', `there is no API key ${id}`, 'see all of them with: gateward keys list')
  return record
}

function revoked(record: ApiKeyRecord): DiagnosticError {
  return mistake('revoked-api-key', `the API key ${record.id} is revoked, for ever`, 'create another one')
}

function notActive(record: ApiKeyRecord): DiagnosticError {
  return record.state === 'revoked'
    ? revoked(record)
    : mistake('disabled-api-key', `the API key ${record.id} is disabled`, 'enable it before you rotate it')
}

function mistake(code: string, message: string, fix: string): DiagnosticError {
  return new DiagnosticError([{ code, severity: 'error', message, fix }])
}
