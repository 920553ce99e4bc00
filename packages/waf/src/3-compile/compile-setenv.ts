import { compileMacro } from '../macros/compile-macro.ts'
import type { Effect } from './effect.ts'
import type { Reporter } from './reporter.ts'

/** The name that a `setenv` sets or takes away, and what to; undefined where it is neither. */
export function readSetenv(
  argument: string,
): { readonly name: string; readonly value: string | undefined } | undefined {
  const [, negation, name = '', value] = /^\s*(!)?([A-Za-z_]\w*)(?:=([^]*))?$/.exec(argument) ?? []
  if (name === '' || (negation !== undefined && value !== undefined)) return undefined
  return { name, value: negation === undefined ? (value ?? '1') : undefined }
}

/**
 * Compiles `setenv:name=value`, `setenv:name` (to 1) and `setenv:!name`: what `ENV` then shows to later rules of the transaction.
 * The environment of the process is neither changed nor shown, since secrets are kept there.
 */
export function compileSetenv(argument: string, reporter: Reporter): Effect | undefined {
  const read = readSetenv(argument)
  if (read === undefined) {
    return reporter.refuse('bad-setenv', `"${argument}" sets no variable`, 'write setenv:name=value')
  }
  const { name, value } = read
  if (value === undefined) return { apply: (scope) => scope.setEnvironment(name, undefined) }
  const compiled = compileMacro(value)
  return { apply: (scope) => scope.setEnvironment(name, scope.expand(compiled)) }
}
