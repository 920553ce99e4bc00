import { Breather } from '@gateward/kernel'
import type { AuditRow, AuditSeal, AuditStore } from '../store/audit-store.ts'
import type { Signer } from '../keyring/data-keys/data-keys.ts'
import { genesisHash, hashOf, sealedBytes } from './audit-log.ts'

/** One thing that is not as it was written. */
interface AuditFinding {
  /** The row it is about; 0: the log as a whole. */
  readonly number: number
  readonly kind:
    | 'changed'
    | 'removed'
    | 'reordered'
    | 'truncated'
    | 'unsigned'
    | 'forged-seal'
    | 'forged-anchor'
    | 'rewritten'
  readonly message: string
}

/** What a check of the whole log found. */
export interface AuditVerification {
  readonly rows: number
  readonly seals: number
  /** The number of the last row that a good signature covers; 0: none. */
  readonly sealedUpTo: number
  /** The hash of the last row. */
  readonly head: string
  /** At most 100; an empty list: nothing was found. */
  readonly findings: readonly AuditFinding[]
}

/** A state of the log that was kept elsewhere: the row it ended with then. */
export interface KnownHead {
  readonly number: number
  readonly hash: string
  /** Where it comes from, for messages. */
  readonly source: string
}

/** What a log is checked against. */
export interface VerifyOptions {
  /** Knows the public keys of all keys that ever signed. */
  readonly signer: Pick<Signer, 'verify'>
  /** Heads that were kept outside of the store. */
  readonly knownHeads: readonly KnownHead[]
  /** Why some of what was kept there says nothing. */
  readonly brokenAnchors: readonly string[]
}

/**
 * Walks the whole log: every row's hash, its place in the chain, its columns, every seal, and every head that was kept
 * elsewhere. A changed, removed, inserted or reordered row is found by the chain; a chain that was written anew, by the
 * signatures; an end that was cut off, by heads that were kept elsewhere.
 */
export async function verifyAudit(store: AuditStore, options: VerifyOptions): Promise<AuditVerification> {
  const breather = new Breather()
  const walk = new ChainWalk(await readSeals(store, breather), options)
  for (let from = 0; ;) {
    const rows = await store.read(from, pageSize)
    for (const row of rows) {
      walk.visit(row)
      await breather.pause()
    }
    const last = rows.at(-1)
    if (last === undefined || rows.length < pageSize) break
    from = last.number + 1
  }
  return walk.finish(options.signer, breather)
}

/** Whatever their numbers say: who tampers may write any. */
async function readSeals(store: AuditStore, breather: Breather): Promise<readonly AuditSeal[]> {
  const seals: AuditSeal[] = []
  for (let from = Number.MIN_SAFE_INTEGER; ;) {
    const page = await store.seals(from, pageSize)
    seals.push(...page)
    const last = page.at(-1)
    if (last === undefined || page.length < pageSize) return seals
    from = last.number + 1
    await breather.pause()
  }
}

/** Small, since a page is read from the store at once. */
const pageSize = 200
const mostFindings = 100

class ChainWalk {
  readonly #seals: readonly AuditSeal[]
  readonly #sealed: ReadonlyMap<number, AuditSeal>
  readonly #known: ReadonlyMap<number, readonly KnownHead[]>
  readonly #heads: readonly KnownHead[]
  readonly #findings: AuditFinding[] = []
  readonly #confirmed: AuditSeal[] = []
  #rows = 0
  #number = 0
  #hash = genesisHash
  #at = 0

  constructor(seals: readonly AuditSeal[], { knownHeads: heads, brokenAnchors }: VerifyOptions) {
    this.#seals = seals
    this.#sealed = new Map(seals.map((seal) => [seal.number, seal]))
    this.#heads = heads
    this.#known = Map.groupBy(heads, ({ number }) => number)
    for (const message of brokenAnchors) this.#find(0, 'forged-anchor', message)
  }

  visit(row: AuditRow): void {
    this.#rows++
    const expected = this.#number + 1
    if (row.number !== expected) this.#find(expected, 'removed', gap(expected, row.number))
    const event = readBody(row.body)
    if (event === undefined || row.hash !== hashOf(row.body) || !matchesColumns(row, event))
      this.#find(row.number, 'changed', `row ${row.number} is not what was written`)
    // After a gap the hash of the row before is not there to compare with.
    else if (row.number === expected && event['previous'] !== this.#hash)
      this.#find(row.number, 'reordered', `row ${row.number} does not follow the row before it`)
    if (row.at < this.#at)
      this.#find(row.number, 'reordered', `row ${row.number} is older than the row before`)
    this.#compare(row)
    this.#number = row.number
    this.#hash = row.hash
    this.#at = row.at
  }

  async finish(signer: VerifyOptions['signer'], breather: Breather): Promise<AuditVerification> {
    for (const { number, source } of this.#heads)
      if (number > this.#number)
        this.#find(
          number,
          'truncated',
          `${source} knows row ${number}, and the log ends with row ${this.#number}`,
        )
    for (const { number } of this.#seals)
      if (number > this.#number)
        this.#find(
          number,
          'truncated',
          `a signature covers row ${number}, and the log ends with row ${this.#number}`,
        )
    let sealedUpTo = 0
    for (const seal of this.#confirmed) {
      const signature = Buffer.from(seal.signature, 'base64url')
      if (signer.verify(seal.keyId, sealedBytes(seal), signature)) sealedUpTo = seal.number
      else this.#find(seal.number, 'forged-seal', forgery(seal))
      await breather.pause()
    }
    const { length: seals } = this.#seals
    return { rows: this.#rows, seals, sealedUpTo, head: this.#hash, findings: this.#findings }
  }

  #compare(row: AuditRow): void {
    const seal = this.#sealed.get(row.number)
    if (seal === undefined) this.#find(row.number, 'unsigned', unsigned(row))
    else if (seal.hash === row.hash && seal.at === row.at) this.#confirmed.push(seal)
    else this.#find(row.number, 'rewritten', `row ${row.number} is another one than was signed`)
    for (const head of this.#known.get(row.number) ?? [])
      if (head.hash !== row.hash)
        this.#find(row.number, 'rewritten', `row ${row.number} is another one than ${head.source} knows`)
  }

  #find(number: number, kind: AuditFinding['kind'], message: string): void {
    if (this.#findings.length < mostFindings) this.#findings.push({ number, kind, message })
  }
}

function gap(expected: number, found: number): string {
  if (found < expected) return `row ${found} is there twice`
  return found === expected + 1 ? `row ${expected} is gone` : `rows ${expected} to ${found - 1} are gone`
}

function forgery({ number, keyId }: AuditSeal): string {
  return `the signature of row ${number} is not one of the key ${keyId}, or the keyring never had that key`
}

function unsigned({ number }: AuditRow): string {
  return `row ${number} is not signed: it was written without the keyring, or by somebody else`
}

function readBody(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** The columns that people search by say what the text says. */
function matchesColumns(row: AuditRow, event: Readonly<Record<string, unknown>>): boolean {
  const actor = event['actor'] as { readonly name?: unknown } | undefined
  return (
    event['number'] === row.number &&
    event['at'] === row.at &&
    event['action'] === row.action &&
    event['target'] === row.target &&
    actor?.name === row.actor
  )
}
