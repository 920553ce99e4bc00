import type { ByteString } from '../language/bytes.ts'
import { compileMacro } from '../macros/compile-macro.ts'
import { leadingNumber } from '../operators/numbers.ts'
import type { CompiledMacro } from '../macros/macro.ts'
import type { Effect, EffectScope, TxOrPersistent, VariableKey } from './effect.ts'
import type { Reporter } from './reporter.ts'
import { isPersistent } from './variables.ts'

// The key may hold a macro, inside which any sign may stand.
const setvarForm = /^(!)?([A-Za-z]\w*)[.:]((?:%\{[^}]*\}|[^=%]|%(?!\{))+)(?:=([+-])?([^]*))?$/

/**
 * Compiles `setvar:tx.score=+%{tx.critical}`: assigns (`=`), adds (`=+`), subtracts (`=-`), deletes (`!tx.score`), or sets to 1
 * where nothing is assigned. Keys and values may hold macros.
 */
export function compileSetvar(argument: string, reporter: Reporter): Effect | undefined {
  const [, negation, name = '', key = '', sign, value] = setvarForm.exec(argument) ?? []
  const collection = name.toUpperCase()
  if (collection !== 'TX' && !isPersistent(collection)) {
    return reporter.refuse(
      'bad-setvar',
      `"${argument}" sets no variable`,
      'write setvar:tx.name=value, or a key of IP, GLOBAL, SESSION, USER or RESOURCE',
    )
  }
  const compiledKey = compileMacro(key.trim())
  const compiledValue = compileMacro(value ?? '1')
  const keyOf = keyReader(compiledKey)
  const apply =
    negation !== undefined
      ? deletion(collection, keyOf)
      : sign === undefined
        ? assignment(collection, keyOf, compiledValue)
        : addition(collection, keyOf, compiledValue, sign === '-' ? -1 : 1)
  return collection === 'TX' ? { apply, setsTx: { key: compiledKey, value: compiledValue } } : { apply }
}

type Call = Effect['apply']
type KeyReader = (scope: EffectScope) => VariableKey

function keyReader(key: CompiledMacro): KeyReader {
  if (key.kind === 'template') return (scope) => variableKey(scope.expand(key))
  const constant = variableKey(key.value)
  return () => constant
}

function variableKey(written: string): VariableKey {
  return { written, lower: written.toLowerCase() }
}

function deletion(collection: TxOrPersistent, keyOf: KeyReader): Call {
  return (scope) => scope.assign(collection, keyOf(scope), undefined)
}

function assignment(collection: TxOrPersistent, keyOf: KeyReader, value: CompiledMacro): Call {
  return (scope) => scope.assign(collection, keyOf(scope), scope.expand(value))
}

function addition(collection: TxOrPersistent, keyOf: KeyReader, value: CompiledMacro, factor: 1 | -1): Call {
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
  const keyOf = keyReader(compileMacro(key.trim()))
  const compiled = compileMacro(seconds)
  return {
    apply: (scope) => scope.expire(collection, keyOf(scope).written, leadingNumber(scope.expand(compiled))),
  }
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
  return { apply: (scope) => scope.openCollection(collection, scope.expand(compiled)) }
}

/** Compiles `setuid`, `setsid` and `setrsc`: names who or what the transaction is about, and opens its collection. */
export function compileIdentity(action: 'setuid' | 'setsid' | 'setrsc', argument: string): Effect {
  const compiled = compileMacro(argument)
  return {
    apply: (scope) => {
      const value: ByteString = scope.expand(compiled)
      if (action === 'setuid') scope.setIdentity('USERID', value)
      if (action === 'setsid') scope.setIdentity('SESSIONID', value)
      scope.openCollection(collectionOf[action], value)
    },
  }
}

const collectionOf = { setuid: 'USER', setsid: 'SESSION', setrsc: 'RESOURCE' } as const
