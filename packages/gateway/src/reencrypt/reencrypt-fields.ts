import { setTimeout as wait } from 'node:timers/promises'
import { Fault, type Secret } from '@gateward/kernel'
import type { DataKeys } from '../keyring/data-keys/data-keys.ts'
import { forwardTarget } from '../pipeline/forward-target.ts'
import type { UpstreamDestination } from '../site/site.ts'
import { askService } from './ask-service.ts'
import type { CheckpointFile } from './checkpoint.ts'
import type { Listing, PlannedOperation } from './listing.ts'
import { openOwnExchange } from './own-exchange.ts'
import { pick, replaceAt } from './json-pointer.ts'
import { hasIndexesOf, isOutdated, openListing, sealObject, toWritten } from './rewrite-object.ts'

/** How objects are rewritten. */
export interface ReencryptionOptions {
  readonly listing: Listing
  readonly keys: DataKeys
  readonly checkpoint: CheckpointFile
  /** What the service wants to be asked with, a token say. */
  readonly headers: readonly (readonly [name: string, value: Secret])[]
  /** The claim that names a tenant; `undefined`: there are none. */
  readonly tenantClaim: string | undefined
  /** Objects written a second at the most. */
  readonly pace: number
  /** Only counts. */
  readonly isTrial: boolean
  onProgress(progress: ReencryptionProgress): void
}

/** What was done so far, those of earlier runs left out. */
export interface ReencryptionProgress {
  readonly pages: number
  readonly seen: number
  readonly rewritten: number
}

/**
 * Walks the objects that a service lists, and writes back those whose classified fields are unencrypted or under a key
 * that is no longer the active one, or that are found by an index that is missing or under such a key; each page that is done is noted, so that the walk can be broken off and go on.
 * @throws Fault where the service fails or refuses an object; what was rewritten before stays so
 */
export async function reencryptFields(options: ReencryptionOptions): Promise<ReencryptionProgress> {
  const { checkpoint, isTrial } = options
  const walk = new Walk(options)
  let cursor: string | undefined = isTrial ? '' : (checkpoint.read()?.next ?? '')
  // A service whose pages lead in a circle must not be walked for ever.
  for (let page = 0; cursor !== undefined && page < mostPages; page++) {
    cursor = await walk.page(cursor)
    if (!isTrial && cursor !== undefined)
      checkpoint.write({ next: cursor, rewritten: walk.progress.rewritten })
    options.onProgress(walk.progress)
  }
  if (!isTrial) checkpoint.clear()
  return walk.progress
}

const mostPages = 10_000_000
const mostBytes = 64 * 1_048_576

class Walk {
  progress: ReencryptionProgress = { pages: 0, seen: 0, rewritten: 0 }
  readonly #options: ReencryptionOptions
  readonly #current: ReadonlySet<string>
  // An index does not say which key it was made with: only making it anew does.
  readonly #isIndexed: boolean
  #nextWrite = 0

  constructor(options: ReencryptionOptions) {
    this.#options = options
    const purposes = ['fields', 'fields-deterministic'] as const
    this.#current = new Set(purposes.map((purpose) => options.keys.active(purpose).id))
    const { classified } = options.listing.schema
    this.#isIndexed = classified?.fields.some(({ index }) => index !== undefined) === true
  }

  /** Rewrites one page and says where the next one begins; `undefined`: it was the last. */
  async page(cursor: string): Promise<string | undefined> {
    const { list, declaration } = this.#options.listing
    const query =
      cursor === '' || declaration.next === undefined
        ? ''
        : `?${encodeURIComponent(declaration.next.query)}=${encodeURIComponent(cursor)}`
    const { text, contentType } = await this.#list(query)
    const answer: unknown = JSON.parse(text.toString())
    const raw = pick(answer, declaration.items)
    if (!Array.isArray(raw)) throw broken(`the listing has no array at "${declaration.items}"`)
    const next = declaration.next === undefined ? undefined : pick(answer, declaration.next.pointer)
    // Opened one by one: an object that cannot be opened is told by what it is, and only its own tenant's keys open it.
    for (const [at, object] of (raw as readonly unknown[]).entries())
      await this.#rewrite(object, at, (single) => replaceAt(answer, declaration.items, [single]), contentType)
    const { pages, seen } = this.progress
    this.progress = { ...this.progress, pages: pages + 1, seen: seen + raw.length }
    return toCursor(next, list.operation.id)
  }

  async #list(query: string): Promise<{ text: Buffer; contentType: string }> {
    const { list, api } = this.#options.listing
    const target = `${targetOf(list, `${api.basePath}${list.operation.template}`)}${query}`
    const answer = await this.#ask(list, { method: list.operation.method, target }, undefined)
    return { text: answer.body, contentType: answer.contentType ?? 'application/json' }
  }

  async #rewrite(
    raw: unknown,
    at: number,
    toPage: (object: unknown) => unknown,
    contentType: string,
  ): Promise<void> {
    const { listing, tenantClaim, isTrial } = this.#options
    const { declaration, list, schema } = listing
    const isOld = isOutdated(raw, schema, this.#current)
    if (!isOld && !this.#isIndexed) return
    const claims = claimsOf(raw, tenantClaim, declaration.tenant)
    const text = Buffer.from(JSON.stringify(toPage(raw)))
    const exchange = openOwnExchange(list.plan, 'GET', '/', claims)
    const object = pick(openListing(list, exchange, text, contentType), `${declaration.items}/0`)
    if (typeof object !== 'object' || object === null) throw broken(`item ${at} of the listing is no object`)
    const sealed = this.#seal(object)
    if (!isOld && hasIndexesOf(raw, JSON.parse(sealed.body.toString()), schema)) return
    if (!isTrial) await this.#write(sealed)
    this.progress = { ...this.progress, rewritten: this.progress.rewritten + 1 }
  }

  #seal(object: object): { readonly path: string; readonly body: Buffer } {
    const { listing, tenantClaim } = this.#options
    const { write, declaration, schema, api } = listing
    const { method, template } = write.operation
    const path = `${api.basePath}${fill(template, declaration.parameters, object)}`
    const exchange = openOwnExchange(
      write.plan,
      method,
      path,
      claimsOf(object, tenantClaim, declaration.tenant),
    )
    const body = sealObject(write, exchange, toWritten(object, schema, method), schema.mediaType)
    return { path, body }
  }

  async #write({ path, body }: { readonly path: string; readonly body: Buffer }): Promise<void> {
    const { write } = this.#options.listing
    await this.#keepPace()
    await this.#ask(write, { method: write.operation.method, target: targetOf(write, path) }, body)
  }

  async #ask(to: PlannedOperation, request: { method: string; target: string }, body: Buffer | undefined) {
    const { listing, headers } = this.#options
    const fields = headers.flatMap(([name, value]) => [name, value.reveal()])
    if (body !== undefined) fields.push('content-type', listing.schema.mediaType)
    const { upstream } = to.plan.destination as UpstreamDestination
    const answer = await askService(upstream, { ...request, headers: fields }, body, mostBytes)
    if (answer.status >= 200 && answer.status < 300) return answer
    throw broken(`${request.method} of ${to.operation.id} was answered with ${answer.status}`)
  }

  async #keepPace(): Promise<void> {
    const now = performance.now()
    if (this.#nextWrite > now) await wait(this.#nextWrite - now)
    this.#nextWrite = Math.max(now, this.#nextWrite) + 1_000 / this.#options.pace
  }
}

function targetOf({ plan }: PlannedOperation, path: string): string {
  return forwardTarget(openOwnExchange(plan, 'GET', path, {}), plan.destination as UpstreamDestination)
}

function fill(template: string, parameters: Readonly<Record<string, string>>, object: unknown): string {
  return template.replace(/\{([^}]+)\}/g, (_, name: string) => {
    const value = pick(object, parameters[name] ?? `/${name}`)
    if (typeof value !== 'string' && typeof value !== 'number')
      throw broken(`an object has nothing for the path parameter ${name}`)
    return encodeURIComponent(value)
  })
}

function claimsOf(
  object: unknown,
  claim: string | undefined,
  pointer: string | undefined,
): Record<string, unknown> {
  return claim === undefined || pointer === undefined ? {} : { [claim]: pick(object, pointer) }
}

function toCursor(next: unknown, operation: string): string | undefined {
  if (next === undefined || next === null || next === '') return undefined
  if (typeof next === 'string' || typeof next === 'number') return String(next)
  throw broken(`what leads to the next page of ${operation} is no text`)
}

function broken(message: string): Fault {
  return new Fault('UPSTREAM_ERROR', message, { source: 'upstream' })
}
