import type { Diagnostic } from '@gateward/kernel'
import type { ByteString } from '../language/bytes.ts'
import type { MacroScope } from '../macros/macro.ts'
import type { ByteCondition } from '../regex/byte-condition.ts'
import type { CompiledRegex } from '../regex/compile-regex.ts'

/** `@name argument` of a rule, compiled. */
export interface CompiledOperator extends Matcher {
  /** Lower case without its `@`, as `pmfromfile`. */
  readonly name: string
}

/** What an operator is without its name. */
export interface Matcher {
  /**
   * Whether the operator holds for a value, before the rule's `!`. Captures, where the rule wants them, are set only if it does;
   * they are at most ten, and their values are parts of the value.
   */
  test(value: ByteString, scope: MacroScope, captures: Captures | undefined): boolean
  /** Whether the last `test` ended at a limit, so that its "no" is not known to be true: the rule then holds, negated or not. */
  gaveUp?(): boolean
  /** The regular expression that decides, where one does: its prefilter may answer before `test` is asked. */
  readonly regex?: CompiledRegex
  /** Texts of which the value holds one, in any letter case, wherever the operator holds. */
  readonly phrases?: readonly string[]
  /** What bytes a value must have so that `test` could hold; where it is not there, any could. */
  readonly condition?: ByteCondition
  /** Whether the argument has macros, so that the answer depends on more than the value. */
  readonly macro: boolean
}

/** Where an operator puts what it found: `TX.0` to `TX.9`. */
export interface Captures {
  set(index: number, value: ByteString): void
}

/** What an operator may use while it is compiled. */
export interface OperatorContext {
  /** The folder of the rule file; relative names of data files start there. */
  readonly directory: string
  /** Takes a mistake; the caller adds the rule's position. */
  report(diagnostic: Diagnostic): void
  /** The bytes of a data file by its absolute path; throws where it cannot be read. */
  readData(file: string): ByteString
}

/** Compiles an operator's argument; undefined, with a mistake reported, where nothing can be made of it. */
export type OperatorFactory = (argument: ByteString, context: OperatorContext) => Matcher | undefined
