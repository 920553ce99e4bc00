/** What a piece of SQL is, as far as the shape of a statement depends on it. */
export type SqlTokenKind =
  | 'number'
  | 'string'
  | 'word'
  | 'name'
  | 'variable'
  | 'operator'
  | 'open'
  | 'close'
  | 'comma'
  | 'dot'
  | 'semicolon'
  | 'comment'
  | 'other'
  | 'end'

/** One token of a value read as SQL. */
export interface SqlToken {
  readonly kind: SqlTokenKind
  /** Upper case for a word; the symbol for an operator; the quote for a string that the value does not close, else empty. */
  readonly text: string
  readonly start: number
  readonly end: number
}

/** How the reader of a value decides what the databases disagree about. */
export interface SqlDialect {
  /** `--` opens a comment whatever follows; MySQL wants white space after it. */
  readonly bareDashes: boolean
  /** `#` opens a comment. */
  readonly hash: boolean
  /** A backslash in a literal takes the next character with it. */
  readonly backslash: boolean
}

/** MySQL and MariaDB. */
export const mysql: SqlDialect = { bareDashes: false, hash: true, backslash: true }

/** The standard, and with it PostgreSQL, SQL Server, Oracle and SQLite. */
export const standard: SqlDialect = { bareDashes: true, hash: false, backslash: false }

/** The quote that the surrounding statement opened before the value, or none: the value stands as a number does. */
export type SqlContext = '' | "'" | '"' | '`'
