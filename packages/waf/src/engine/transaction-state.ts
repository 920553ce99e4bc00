import type { Clock } from '@gateward/kernel'
import type { CompiledRule } from '../3-compile/compiled-rule.ts'
import type { TargetExclusion } from '../3-compile/compiled-target.ts'
import type {
  AuditMode,
  EffectScope,
  EngineMode,
  TxChange,
  TxOrPersistent,
  VariableKey,
} from '../3-compile/effect.ts'
import type { EngineSettings } from '../3-compile/engine-settings.ts'
import type { PersistentCollection } from '../3-compile/variables.ts'
import { isPersistent, slotOf } from '../3-compile/variables.ts'
import type { FieldPolicy } from '../fields/field-policy.ts'
import type { ByteString } from '../language/bytes.ts'
import { expandMacro } from '../macros/expand-macro.ts'
import type { CompiledMacro, MacroVariable } from '../macros/macro.ts'
import { leadingNumber } from '../operators/numbers.ts'
import type { Captures } from '../operators/operator.ts'
import { clockVariable } from './clock-variable.ts'
import type { CollectionStore } from './collection-store.ts'
import { Entry } from './entry.ts'
import { OpenCollections } from './open-collections.ts'
import { Removals } from './removals.ts'
import { ruleEntries } from './rule-variable.ts'
import { TxStore } from './tx-store.ts'
import { VariableSink } from './variable-sink.ts'
import { VariableStore, isMoving, slotOfName } from './variable-store.ts'

const txSlot = slotOf('TX')
const matchedVarSlot = slotOf('MATCHED_VAR')
const matchedVarNameSlot = slotOf('MATCHED_VAR_NAME')
const matchedVarsSlot = slotOf('MATCHED_VARS')
const matchedVarsNamesSlot = slotOf('MATCHED_VARS_NAMES')
const severitySlot = slotOf('HIGHEST_SEVERITY')
const ruleSlot = slotOf('RULE')
const environmentSlot = slotOf('ENV')
const fileBytesSlot = slotOf('FILES_COMBINED_SIZE')
const webAppIdSlot = slotOf('WEBAPPID')

const noText = '' as ByteString
const noEntries: readonly Entry[] = []

/** Severity above every real one: nothing has matched yet. */
const noSeverity = 255

/** All that one transaction knows: variables, what rules have set, and what `ctl` has changed. */
export class TransactionState implements EffectScope {
  readonly variables = new VariableStore()
  /** What readers of bodies, queries and cookies fill. */
  readonly sink: VariableSink
  mode: EngineMode
  auditMode: AuditMode
  auditParts: string
  requestBodyAccess: boolean
  responseBodyAccess: boolean
  requestBodyLimit: number
  responseBodyLimit: number
  bodyProcessor: ByteString | undefined
  isRequestBodyForced = false
  highestSeverity = noSeverity
  /** What matched last, and all that matched in the chain so far. */
  lastMatch: Entry | undefined
  matched: readonly Entry[] = noEntries
  /** The rule that is being asked. */
  rule: CompiledRule | undefined
  readonly #tx = new TxStore()
  /** By name in lower case; most transactions have none. */
  #environment: Map<string, Entry> | undefined
  readonly #collections: OpenCollections
  readonly #removals: Removals
  readonly #clock: Clock
  readonly #started: number
  readonly #webAppId: ByteString
  #valueOf: ((variable: MacroVariable) => ByteString) | undefined

  constructor(settings: EngineSettings, store: CollectionStore, clock: Clock, policy?: FieldPolicy) {
    this.#removals = new Removals(policy)
    this.sink = new VariableSink(this.variables, policy?.proofs)
    this.mode = settings.mode
    this.auditMode = settings.auditMode
    this.auditParts = settings.auditParts
    this.requestBodyAccess = settings.requestBodyAccess
    this.responseBodyAccess = settings.responseBodyAccess
    this.requestBodyLimit = settings.requestBodyLimit
    this.responseBodyLimit = settings.responseBodyLimit
    this.#webAppId = settings.webAppId as ByteString
    this.#collections = new OpenCollections(store)
    this.#clock = clock
    this.#started = clock.tick()
  }

  /** `TX.0` to `TX.9`. */
  get captures(): Captures {
    return this.#tx
  }

  /** Every value of a variable at this moment. */
  entries(slot: number, name: string): readonly Entry[] {
    if (slot === txSlot) return this.#tx.entries()
    const moving = isMoving[slot] === 1 ? this.#moving(slot, name) : undefined
    return moving ?? this.variables.entries(slot)
  }

  /** The values of one key, in lower case, of a variable at this moment. */
  entriesOfKey(slot: number, name: string, lowerKey: string): readonly Entry[] {
    if (slot === txSlot) {
      const entry = this.#tx.entry(lowerKey)
      return entry === undefined ? noEntries : [entry]
    }
    let found: Entry[] | undefined
    for (const entry of this.entries(slot, name)) {
      if (entry.lowerKey !== lowerKey) continue
      if (found === undefined) found = [entry]
      else found.push(entry)
    }
    return found ?? noEntries
  }

  /** The values of a variable at this moment whose keys match an expression. */
  entriesMatching(slot: number, name: string, regexp: RegExp): readonly Entry[] {
    if (slot === txSlot) return this.#tx.entriesMatching(regexp)
    return this.entries(slot, name).filter((entry) => regexp.test(entry.lowerKey))
  }

  /** A value of TX by its key in lower case. */
  tx(lowerKey: string): ByteString | undefined {
    return this.#tx.value(lowerKey)
  }

  isRemoved(ordinal: number): boolean {
    return this.#removals.isRemoved(ordinal)
  }

  /** What `ctl` and the host's policy took out of a rule's targets. */
  exclusionsOf(ordinal: number): readonly TargetExclusion[] | undefined {
    return this.#removals.exclusionsOf(ordinal)
  }

  /** Bytes of all files in the request's body. */
  get fileBytes(): number {
    const [entry] = this.variables.entries(fileBytesSlot)
    return entry === undefined ? 0 : Number(entry.examined.value)
  }

  expand(template: CompiledMacro): ByteString {
    if (template.kind === 'constant') return template.value
    return expandMacro(template, (this.#valueOf ??= (variable) => this.#macroValue(variable)))
  }

  assign(collection: TxOrPersistent, key: VariableKey, value: ByteString | undefined): void {
    if (collection === 'TX') this.#tx.assign(key.written, key.lower, value)
    else this.#collections.get(collection)?.set(key.written, value)
  }

  assignAll(changes: ReadonlyMap<string, TxChange>): void {
    this.#tx.assignAll(changes)
  }

  add(collection: TxOrPersistent, key: VariableKey, amount: number): void {
    const before =
      collection === 'TX' ? this.#tx.value(key.lower) : this.#collections.get(collection)?.get(key.written)
    const sum = (before === undefined ? 0 : leadingNumber(before)) + amount
    this.assign(collection, key, String(sum) as ByteString)
  }

  expire(collection: PersistentCollection, key: string, seconds: number): void {
    this.#collections.get(collection)?.expire(key, seconds)
  }

  openCollection(collection: PersistentCollection, key: ByteString): void {
    this.#collections.open(collection, key)
  }

  setIdentity(variable: 'SESSIONID' | 'USERID', value: ByteString): void {
    this.variables.set(variable, value)
  }

  setEnvironment(name: string, value: ByteString | undefined): void {
    const environment = (this.#environment ??= new Map())
    if (value === undefined) environment.delete(name.toLowerCase())
    else environment.set(name.toLowerCase(), Entry.of('ENV', name as ByteString, value))
  }

  setEngineMode(mode: EngineMode): void {
    this.mode = mode
  }

  setAuditMode(mode: AuditMode): void {
    this.auditMode = mode
  }

  changeAuditParts(sign: '+' | '-' | '', parts: string): void {
    const kept =
      sign === ''
        ? ''
        : this.auditParts
            .split('')
            .filter((part) => !parts.includes(part))
            .join('')
    this.auditParts = sign === '-' ? kept : kept + parts
  }

  setRequestBodyAccess(isOn: boolean): void {
    this.requestBodyAccess = isOn
  }

  setResponseBodyAccess(isOn: boolean): void {
    this.responseBodyAccess = isOn
  }

  setRequestBodyLimit(bytes: number): void {
    this.requestBodyLimit = bytes
  }

  setResponseBodyLimit(bytes: number): void {
    this.responseBodyLimit = bytes
  }

  setBodyProcessor(processor: ByteString): void {
    this.bodyProcessor = processor
    this.variables.set('REQBODY_PROCESSOR', processor)
  }

  forceRequestBody(): void {
    this.isRequestBodyForced = true
  }

  removeRules(ordinals: ReadonlySet<number>): void {
    this.#removals.removeRules(ordinals)
  }

  removeTarget(ordinals: ReadonlySet<number>, exclusion: TargetExclusion): void {
    this.#removals.removeTarget(ordinals, exclusion)
  }

  #macroValue({ variable, lowerKey, keyPattern }: MacroVariable): ByteString {
    if (variable === 'TX' && keyPattern === undefined) {
      return this.#tx.value(lowerKey ?? '') ?? noText
    }
    const slot = slotOfName(variable)
    if (slot === undefined) return noText
    if (keyPattern !== undefined) {
      return this.entriesMatching(slot, variable, keyPattern)[0]?.examined.value ?? noText
    }
    const entries = this.entries(slot, variable)
    const entry = lowerKey === undefined ? entries[0] : entries.find((one) => one.lowerKey === lowerKey)
    return entry?.examined.value ?? noText
  }

  /** The variables that change while rules run. */
  #moving(slot: number, name: string): readonly Entry[] | undefined {
    switch (slot) {
      case matchedVarSlot:
        return this.lastMatch && [new Entry(name, undefined, this.lastMatch.examined)]
      case matchedVarNameSlot:
        return this.lastMatch && [Entry.of(name, undefined, this.lastMatch.name)]
      case matchedVarsSlot:
        return this.matched
      case matchedVarsNamesSlot:
        return this.matched.map((entry) => Entry.of(name, entry.name, entry.name))
      case ruleSlot:
        return ruleEntries(this.rule, (text) =>
          expandMacro(text, (inner) => (inner.variable === 'RULE' ? noText : this.#macroValue(inner))),
        )
      case webAppIdSlot:
        return [Entry.of(name, undefined, this.#webAppId)]
      case environmentSlot:
        return [...(this.#environment?.values() ?? [])]
      case severitySlot:
        return [Entry.of(name, undefined, String(this.highestSeverity) as ByteString)]
    }
    if (isPersistent(name)) return this.#collections.entries(name)
    const time = clockVariable(name, this.#clock, this.#started)
    return time === undefined ? undefined : [Entry.of(name, undefined, time)]
  }
}
