import type { SqlContext, SqlToken } from './token.ts'

/** What the longest beginning of a value that reads as an SQL expression contains, and how it ends. */
export interface ExpressionReading {
  /** AND, OR, XOR, `&&`, `||`. */
  logical: number
  /** Comparisons of any operands. */
  comparisons: number
  /** Comparisons after or before a logical operator in which neither side is a bare name: `1=1`, `'a'<'b'`, `f(x)>2`. */
  solidComparisons: number
  /** Operators of arithmetic, of bits and of strings. */
  arithmetic: number
  /** Calls of functions that only SQL has. */
  sqlCalls: number
  /** `(SELECT`. */
  subqueries: number
  /** CASE or WHEN. */
  cases: number
  /** Constants directly after an operator: `OR true`, `- NULL`. */
  constants: number
  /** Clauses that follow a condition, with their first operand: `ORDER BY 3`, `HAVING 1=1`, `LIMIT 5`. */
  clauses: number
  /** FROM and WHERE. */
  sources: number
  commas: number
  /** Parentheses closed that the value did not open. */
  closers: number
  operands: number
  /** Whether the first operand is a bare name. */
  startsWithName: boolean
  /** Whether the last operand is a bare name. */
  endsWithName: boolean
  /**
   * `finished`: the value is over; `reopened`: it is over inside a literal that the surrounding quote closes;
   * `comment`: the rest of the statement is cut off; `stacked`: at a semicolon; `broken`: no expression goes on this way.
   */
  end: 'finished' | 'reopened' | 'comment' | 'stacked' | 'broken'
  /** The token at which the reading ended. */
  at: number
}

/** What comes next. */
export type Step = 'operand' | 'operator' | 'broken'

/** Whether an operand is a bare name, or has a value of its own. */
export type Side = 'none' | 'name' | 'solid'

/** A reading that goes on. */
export interface ExpressionReader extends ExpressionReading {
  readonly tokens: readonly SqlToken[]
  readonly context: SqlContext
  depth: number
  /** The left side of the operator just read. */
  left: Side
  /** The kind of the operator that waits for its right side. */
  pending: '' | 'logical' | 'comparison' | 'arithmetic' | 'clause'
}

/** A reading that has seen nothing. */
export function emptyReading(): ExpressionReading {
  return {
    logical: 0,
    comparisons: 0,
    solidComparisons: 0,
    arithmetic: 0,
    sqlCalls: 0,
    subqueries: 0,
    cases: 0,
    constants: 0,
    clauses: 0,
    sources: 0,
    commas: 0,
    closers: 0,
    operands: 0,
    startsWithName: false,
    endsWithName: false,
    end: 'broken',
    at: 0,
  }
}

/** An operand is whole: the operator that waited for it is counted. */
export function takeOperand(reader: ExpressionReader, side: Side): Step {
  if (reader.pending === 'comparison') {
    reader.comparisons++
    if (side === 'solid' && reader.left === 'solid') reader.solidComparisons++
  }
  if (reader.pending === 'clause') reader.clauses++
  reader.operands++
  if (reader.left === 'none') reader.startsWithName = side === 'name'
  reader.left = side
  reader.pending = ''
  return 'operator'
}

/** Counts an operator, whose right side must come next. */
export function expect(reader: ExpressionReader, kind: 'logical' | 'comparison' | 'arithmetic'): Step {
  if (kind === 'logical') reader.logical++
  if (kind === 'arithmetic') reader.arithmetic++
  reader.pending = kind
  return 'operand'
}

/** Moves past some tokens. */
export function advance(reader: ExpressionReader, tokens: number, next: Step): Step {
  reader.at += tokens
  return next
}
