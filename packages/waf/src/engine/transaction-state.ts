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
import type { BodyCollection, BodySink } from '../bodies/body-sink.ts'
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

const captureKeys = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']

/** Most proofs that are told of one transaction. */
const mostProvenTold = 50

const noText = '' as ByteString

/** Severity above every real one: nothing has matched yet. */
const noSeverity = 255

/** All that one transaction knows: variables, what rules have set, and what `ctl` has changed. */
export class TransactionState implements EffectScope {
  readonly variables = new VariableStore()
  /** What readers of bodies, queries and cookies fill. */
  readonly sink: BodySink = {
    add: (collection, name, value) => {
      const entry = this.variables.add(collection, name, value)
      if (this.#policy !== undefined) this.#prove(this.#policy, collection, entry)
    },
    set: (variable, value) => this.variables.set(variable, String(value) as ByteString),
  }
  /** `TX.0` to `TX.9`. */
  readonly captures: Captures = {
    set: (index, value) => this.#tx.assign(captureKeys[index] ?? '', captureKeys[index] ?? '', value),
  }
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
  matched: readonly Entry[] = []
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
  readonly #valueOf = (variable: MacroVariable): ByteString => this.#macroValue(variable)
  readonly #valueOutsideRule = (variable: MacroVariable): ByteString =>
    variable.variable === 'RULE' ? noText : this.#macroValue(variable)

  readonly #policy: FieldPolicy | undefined
  readonly #proven: string[] = []

  constructor(settings: EngineSettings, store: CollectionStore, clock: Clock, policy?: FieldPolicy) {
    this.#policy = policy
    this.#removals = new Removals(policy)
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

  /** Every value of a variable at this moment. */
  entries(slot: number, name: string): readonly Entry[] {
    if (slot === txSlot) return this.#tx.entries()
    const moving = isMoving[slot] === 1 ? this.#moving(slot, name) : undefined
    return moving ?? this.variables.entries(slot)
  }

  /** The values of one key, in lower case, of a variable at this moment. */
  entriesOfKey(slot: number, name: string, lowerKey: string): readonly Entry[] {
    if (slot === txSlot) {
      const entry = this.#tx.get(lowerKey)
      return entry === undefined ? [] : [entry]
    }
    return this.entries(slot, name).filter((entry) => entry.lowerKey === lowerKey)
  }

  /** The values of a variable at this moment whose keys match an expression. */
  entriesMatching(slot: number, name: string, regexp: RegExp): readonly Entry[] {
    if (slot === txSlot) return this.#tx.entriesMatching(regexp)
    return this.entries(slot, name).filter((entry) => regexp.test(entry.lowerKey))
  }

  /** A value of TX by its key in lower case. */
  tx(lowerKey: string): ByteString | undefined {
    return this.#tx.get(lowerKey)?.examined.value
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

  /** The fields whose values were proven harmless, with what proved them. */
  get proven(): readonly string[] {
    return this.#proven
  }

  expand(template: CompiledMacro): ByteString {
    return template.kind === 'constant' ? template.value : expandMacro(template, this.#valueOf)
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
      collection === 'TX'
        ? this.#tx.get(key.lower)?.examined.value
        : this.#collections.get(collection)?.get(key.written)
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

  #prove({ proofs }: FieldPolicy, collection: BodyCollection, { key = noText, examined }: Entry): void {
    const label = proofs.get(collection)?.prove(key, examined.value)
    if (label === undefined) return
    examined.isProven = true
    // Elements of one array have one label.
    if (this.#proven.length < mostProvenTold && !this.#proven.includes(label)) this.#proven.push(label)
  }

  #macroValue({ variable, lowerKey, keyPattern }: MacroVariable): ByteString {
    if (variable === 'TX' && keyPattern === undefined) {
      return this.#tx.get(lowerKey ?? '')?.examined.value ?? noText
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
        return ruleEntries(this.rule, (text) => expandMacro(text, this.#valueOutsideRule))
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
