import type { ByteString } from '../language/bytes.ts'
import { compileMacro } from '../macros/compile-macro.ts'
import type { CompiledMacro } from '../macros/macro.ts'
import { leadingNumber } from '../operators/numbers.ts'
import type { Effect, EffectScope } from './effect.ts'
import type { Reporter } from './reporter.ts'
import { isPersistent } from './variables.ts'

// The key may hold a macro, inside which any sign may stand.
const assignment = /^(!)?([A-Za-z]\w*)[.:]((?:%\{[^}]*\}|[^=%]|%(?!\{))+)(?:=([+-])?([^]*))?$/

/**
 * Compiles `setvar:tx.score=+%{tx.critical}`: assigns (`=`), adds (`=+`), subtracts (`=-`), deletes (`!tx.score`), or sets to 1
 * where nothing is assigned. Keys and values may hold macros.
 */
export function compileSetvar(argument: string, reporter: Reporter): Effect | undefined {
  const [, negation, name = '', key = '', sign, value] = assignment.exec(argument) ?? []
  const collection = name.toUpperCase()
  if (collection !== 'TX' && !isPersistent(collection)) {
    return reporter.refuse(
      'bad-setvar',
      `"${argument}" sets no variable`,
      'write setvar:tx.name=value, or a key of IP, GLOBAL, SESSION, USER or RESOURCE',
    )
  }
  const keyOf = compileKey(key.trim())
  if (negation !== undefined) return (scope) => scope.assign(collection, keyOf(scope), undefined)
  const compiled = compileMacro(value ?? '1')
  return sign === undefined
    ? assign(collection, keyOf, compiled)
    : add(collection, keyOf, compiled, sign === '-' ? -1 : 1)
}

function compileKey(key: string): (scope: EffectScope) => string {
  const compiled = compileMacro(key)
  if (compiled.kind === 'template') return (scope) => scope.expand(compiled)
  return () => compiled.value
}

function assign(collection: string, keyOf: (scope: EffectScope) => string, value: CompiledMacro): Effect {
  return (scope) => scope.assign(collection, keyOf(scope), scope.expand(value))
}

function add(
  collection: string,
  keyOf: (scope: EffectScope) => string,
  value: CompiledMacro,
  factor: 1 | -1,
): Effect {
  if (value.kind === 'constant') {
    const amount = factor * leadingNumber(value.value)
    return (scope) => scope.add(collection, keyOf(scope), amount)
  }
  return (scope) => scope.add(collection, keyOf(scope), factor * leadingNumber(scope.expand(value)))
}

/** Compiles `expirevar:ip.blocked=3600`: the key is gone that many seconds later. */
export function compileExpirevar(argument: string, reporter: Reporter): Effect | undefined {
  const [, name = '', key = '', seconds = ''] =
    /^([A-Za-z]\w*)[.:]([^=]+)=\s*(\d+|%\{[^}]*\})\s*$/.exec(argument) ?? []
  const collection = name.toUpperCase()
  if (!isPersistent(collection)) {
    return reporter.refuse(
      'bad-expirevar',
      `"${argument}" lets no variable expire`,
      'write expirevar:ip.name=seconds',
    )
  }
  const keyOf = compileKey(key.trim())
  const compiled = compileMacro(seconds)
  return (scope) => scope.expire(collection, keyOf(scope), leadingNumber(scope.expand(compiled)))
}

/** Compiles `initcol:ip=%{REMOTE_ADDR}`: opens a record of a collection that outlives the transaction. */
export function compileInitcol(argument: string, reporter: Reporter): Effect | undefined {
  const [, name = '', key = ''] = /^\s*([A-Za-z]\w*)\s*=([^]+)$/.exec(argument) ?? []
  const collection = name.toUpperCase()
  if (!isPersistent(collection)) {
    return reporter.refuse(
      'bad-initcol',
      `"${argument}" opens no collection`,
      'write initcol:ip=%{REMOTE_ADDR}',
    )
  }
  const compiled = compileMacro(key)
  return (scope) => scope.openCollection(collection, scope.expand(compiled))
}

/** Compiles `setuid`, `setsid` and `setrsc`: names who or what the transaction is about, and opens its collection. */
export function compileIdentity(action: 'setuid' | 'setsid' | 'setrsc', argument: string): Effect {
  const compiled = compileMacro(argument)
  return (scope) => {
    const value: ByteString = scope.expand(compiled)
    if (action === 'setuid') scope.setIdentity('USERID', value)
    if (action === 'setsid') scope.setIdentity('SESSIONID', value)
    scope.openCollection(collectionOf[action], value)
  }
}

const collectionOf = { setuid: 'USER', setsid: 'SESSION', setrsc: 'RESOURCE' } as const
