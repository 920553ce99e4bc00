import type { ByteString } from '../language/bytes.ts'
import type { CompiledMacro, MacroScope } from '../macros/macro.ts'
import type { TargetExclusion } from './compiled-target.ts'
import type { PersistentCollection } from './variables.ts'

/** What a match changes besides the verdict: `setvar`, `ctl`, `initcol`, … compiled to a call. */
export interface Effect {
  apply(scope: EffectScope): void
  /** For `setvar` on TX: the key it sets and what it reads, so that what is known of TX can be worked out at load. */
  readonly setsTx?: { readonly key: CompiledMacro; readonly value: CompiledMacro }
  /** For `ctl:ruleRemove…`: the rules that it can take away, or targets of theirs. */
  readonly removes?: ReadonlySet<number>
}

/** A key of TX as it is written, and its new value; undefined where it is deleted. */
export interface TxChange {
  readonly key: string
  readonly value: ByteString | undefined
}

/** A collection that rules may write to. */
export type TxOrPersistent = 'TX' | PersistentCollection

/** A key as it is written, and as it is looked for. */
export interface VariableKey {
  readonly written: string
  readonly lower: string
}

/** Whether rules are asked, and whether their answers are followed. */
export type EngineMode = 'on' | 'detection-only' | 'off'

/** Which transactions are worth an audit record. */
export type AuditMode = 'on' | 'relevant-only' | 'off'

/** What effects may do to a transaction. */
export interface EffectScope extends MacroScope {
  /** Sets a key of TX or of a persistent collection; `undefined` deletes it. */
  assign(collection: TxOrPersistent, key: VariableKey, value: ByteString | undefined): void
  /** Makes changes to TX that are known at load, by key in lower case. */
  assignAll(changes: ReadonlyMap<string, TxChange>): void
  /** Adds to a number; a missing key counts as 0. */
  add(collection: TxOrPersistent, key: VariableKey, amount: number): void
  expire(collection: PersistentCollection, key: string, seconds: number): void
  openCollection(collection: PersistentCollection, key: ByteString): void
  /** Sets what `ENV` shows of a name; `undefined` takes it away. */
  setEnvironment(name: string, value: ByteString | undefined): void
  setIdentity(variable: 'SESSIONID' | 'USERID', value: ByteString): void
  setEngineMode(mode: EngineMode): void
  setAuditMode(mode: AuditMode): void
  /** Adds parts to the audit record (`+`), takes some out (`-`), or says all of them (no sign). */
  changeAuditParts(sign: '+' | '-' | '', parts: string): void
  setRequestBodyAccess(isOn: boolean): void
  setResponseBodyAccess(isOn: boolean): void
  setRequestBodyLimit(bytes: number): void
  setResponseBodyLimit(bytes: number): void
  /** Says how the body is read: the name of a reader, or NONE. */
  setBodyProcessor(processor: ByteString): void
  forceRequestBody(): void
  removeRules(ordinals: ReadonlySet<number>): void
  removeTarget(ordinals: ReadonlySet<number>, exclusion: TargetExclusion): void
}
