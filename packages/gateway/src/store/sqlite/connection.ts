import { Fault } from '@gateward/kernel'
import type { CompiledQuery } from 'kysely'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'

/**
 * One open SQLite file. Everything runs synchronously: a read costs a few microseconds, less than a promise is worth,
 * and no two transactions of one process can ever be open at once. Queries are built by kysely and prepared once.
 */
export class SqliteConnection implements Disposable {
  readonly #database: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()
  #isMigrating = false

  constructor(file: string) {
    this.#database = new DatabaseSync(file, { timeout: startPatience, enableForeignKeyConstraints: true })
    this.#database.exec('pragma journal_mode = wal')
    this.#database.exec('pragma trusted_schema = off')
    // What was deleted or sealed is overwritten, and not only forgotten.
    this.#database.exec('pragma secure_delete = on')
    this.#setDurability('normal')
  }

  /** The statement of a text, prepared at most once. */
  prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql)
    if (known !== undefined) return known
    // The store has a few dozen statements; only batches of odd sizes could make more.
    if (this.#statements.size >= maximumStatements) this.#statements.clear()
    const statement = this.#database.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }

  all<Row>(query: CompiledQuery<Row>): Row[] {
    return this.prepare(query.sql).all(...inputs(query)) as Row[]
  }

  get<Row>(query: CompiledQuery<Row>): Row | undefined {
    return this.prepare(query.sql).get(...inputs(query)) as Row | undefined
  }

  /** Runs a change and says how many rows it touched. */
  run(query: CompiledQuery): number {
    return Number(this.prepare(query.sql).run(...inputs(query)).changes)
  }

  /** Runs `work` wholly or not at all. It must not wait, or others would write into its transaction. */
  transaction<Result>(work: () => Result): Result {
    if (this.#isMigrating && this.#database.isTransaction) return work()
    this.#database.exec('begin immediate')
    try {
      const result = work()
      this.#database.exec('commit')
      return result
    } catch (thrown) {
      if (this.#database.isTransaction) this.#database.exec('rollback')
      throw thrown
    }
  }

  /** As `transaction`, and what it wrote is on the disk when it returns: a revoked key survives a power cut. */
  durableTransaction<Result>(work: () => Result): Result {
    if (this.#isMigrating && this.#database.isTransaction) return work()
    this.#setDurability('full')
    try {
      return this.transaction(work)
    } finally {
      this.#setDurability('normal')
    }
  }

  /**
   * Lets every transaction be a part of the one that a migration has open. Only there: what is counted in a part would be
   * forgotten when the whole is undone, and after a migration that failed the program ends.
   */
  async migrating<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#isMigrating = true
    try {
      return await work()
    } finally {
      this.#isMigrating = false
    }
  }

  /** Ends the start, in which others may hold the file for long: from now on requests wait for what this waits for. */
  becomeImpatient(): void {
    this.#database.exec(`pragma busy_timeout = ${servingPatience}`)
  }

  /** Writes the file anew without free pages, and empties the journal. */
  compact(): void {
    this.#database.exec('vacuum')
    this.#database.exec('pragma wal_checkpoint(truncate)')
  }

  [Symbol.dispose](): void {
    this.#statements.clear()
    if (this.#database.isOpen) this.#database.close()
  }

  // In WAL mode `normal` never corrupts and may lose the last moments at a power cut, which a counter can afford.
  #setDurability(level: 'normal' | 'full'): void {
    this.#database.exec(`pragma synchronous = ${level}`)
  }
}

/** Milliseconds that a write waits for another process to finish its own: at the start, while tables may change. */
const startPatience = 10_000

/** The same afterwards. Reads never wait. */
const servingPatience = 500

const maximumStatements = 200

function inputs(query: CompiledQuery): SQLInputValue[] {
  return query.parameters.map(toInput)
}

function toInput(value: unknown): SQLInputValue {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint')
    return value
  throw new Fault('STORE_UNAVAILABLE', `a ${typeof value} cannot be a parameter of a query`, {
    source: 'gateway',
  })
}
