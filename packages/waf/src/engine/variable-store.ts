import type { CollectionName, ScalarName } from '../3-compile/variables.ts'
import { slotOf, variables } from '../3-compile/variables.ts'
import type { ByteString } from '../language/bytes.ts'
import { bytesOf } from '../language/bytes.ts'
import { Entry } from './entry.ts'
import { Examined } from './examined.ts'

const none: readonly Entry[] = []

/**
 * The values of all variables of one transaction, by slot. What is set once is made an entry when it is first asked for, since no
 * rule set reads all of it. So is what follows from other variables (`ARGS`, every `…_NAMES`, sizes), with the same examined values,
 * so that a form made for one is there for the other.
 */
export class VariableStore {
  /** Entries, or the value of a variable that nobody has asked for. */
  readonly #values: (Entry[] | ByteString | undefined)[] = initial.slice()
  /** By the place of its derivation. */
  #derived: (readonly Entry[] | undefined)[] | undefined
  #body: Uint8Array | undefined

  /** The request's body, for the one variable that shows the request as a whole. */
  get body(): Uint8Array | undefined {
    return this.#body
  }

  set body(body: Uint8Array) {
    this.#body = body
    this.#derived = undefined
  }

  /** Every value of a variable, in order. */
  entries(slot: number): readonly Entry[] {
    const own = this.#values[slot]
    if (typeof own === 'object') return own
    if (own !== undefined) return (this.#values[slot] = [Entry.of(names[slot] ?? '', undefined, own)])
    const derivation = derivations[slot]
    if (derivation === undefined) return none
    const derived = (this.#derived ??= nothingDerived.slice())
    return (derived[derivation.place] ??= derivation.derive(this))
  }

  add(collection: CollectionName, key: ByteString, value: ByteString): Entry {
    const slot = slotOf(collection)
    const entry = Entry.of(collection, key, value)
    const entries = this.#values[slot]
    if (typeof entries === 'object') entries.push(entry)
    else this.#values[slot] = [entry]
    if (this.#derived !== undefined) this.#forgetDerivedFrom(slot, this.#derived)
    return entry
  }

  set(variable: ScalarName, value: ByteString): void {
    const slot = slotOf(variable)
    this.#values[slot] = value
    if (this.#derived !== undefined) this.#forgetDerivedFrom(slot, this.#derived)
  }

  #forgetDerivedFrom(slot: number, derived: (readonly Entry[] | undefined)[]): void {
    for (const place of dependents[slot] ?? []) derived[place] = undefined
  }
}

interface Derivation {
  readonly place: number
  readonly derive: (store: VariableStore) => readonly Entry[]
}

const names: readonly string[] = [...variables.keys()]
/** By slot. */
const derivations: (Derivation | undefined)[] = []
/** By the slot of what they follow from, the places of derivations. */
const dependents: number[][] = []
const nothingDerived: (readonly Entry[] | undefined)[] = []

derive('ARGS', renamed, 'ARGS_GET', 'ARGS_POST')
derive('ARGS_NAMES', namesOf, 'ARGS_GET', 'ARGS_POST')
derive('ARGS_GET_NAMES', namesOf, 'ARGS_GET')
derive('ARGS_POST_NAMES', namesOf, 'ARGS_POST')
derive('REQUEST_HEADERS_NAMES', namesOf, 'REQUEST_HEADERS')
derive('REQUEST_COOKIES_NAMES', namesOf, 'REQUEST_COOKIES')
derive('RESPONSE_HEADERS_NAMES', namesOf, 'RESPONSE_HEADERS')
derive('ARGS_COMBINED_SIZE', combinedSize, 'ARGS_GET', 'ARGS_POST')
derive('SERVER_NAME', serverName, 'REQUEST_HEADERS')
derive('USERAGENT_IP', sameAs, 'REMOTE_ADDR')
derive('MULTIPART_SEMICOLON_MISSING', sameAs, 'MULTIPART_MISSING_SEMICOLON')
derive('FULL_REQUEST', fullRequest, 'REQUEST_LINE', 'REQUEST_HEADERS')
derive('FULL_REQUEST_LENGTH', fullRequestLength, 'REQUEST_LINE', 'REQUEST_HEADERS')

function derive(
  name: CollectionName | ScalarName,
  make: (name: string, store: VariableStore, sources: readonly number[]) => readonly Entry[],
  ...sources: readonly (CollectionName | ScalarName)[]
): void {
  const slots = sources.map(slotOf)
  const place = nothingDerived.push(undefined) - 1
  derivations[slotOf(name)] = { place, derive: (store) => make(name, store, slots) }
  for (const slot of slots) (dependents[slot] ??= []).push(place)
}

function renamed(name: string, store: VariableStore, sources: readonly number[]): readonly Entry[] {
  const entries: Entry[] = []
  for (const slot of sources) {
    for (const { key, examined, variable } of store.entries(slot)) {
      entries.push(new Entry(name, key, examined, variable))
    }
  }
  return entries
}

function namesOf(name: string, store: VariableStore, sources: readonly number[]): readonly Entry[] {
  const entries: Entry[] = []
  // Fields that are repeated come one behind the other, and share a name that then is examined once.
  let examined: Examined | undefined
  for (const slot of sources) {
    for (const { key = '' as ByteString } of store.entries(slot)) {
      if (examined?.value !== key) examined = new Examined(key)
      entries.push(new Entry(name, key, examined))
    }
  }
  return entries
}

/** A second name of a variable, as other engines have it. */
function sameAs(name: string, store: VariableStore, sources: readonly number[]): readonly Entry[] {
  return sources
    .flatMap((slot) => store.entries(slot))
    .map(({ examined }) => new Entry(name, undefined, examined))
}

function combinedSize(name: string, store: VariableStore, sources: readonly number[]): readonly Entry[] {
  let size = 0
  for (const slot of sources) {
    for (const { key = '', examined } of store.entries(slot)) size += key.length + examined.value.length
  }
  return [Entry.of(name, undefined, String(size) as ByteString)]
}

/** The host that the last `Host` field names, without its port. */
function serverName(name: string, store: VariableStore, sources: readonly number[]): readonly Entry[] {
  const host = sources.flatMap((slot) => store.entries(slot)).findLast(({ lowerKey }) => lowerKey === 'host')
    ?.examined.value
  return host === undefined ? none : [Entry.of(name, undefined, host.replace(/:\d*$/, '') as ByteString)]
}

/** The request as it came, as far as it has been read: its line, its header and its body. */
function fullRequest(name: string, store: VariableStore): readonly Entry[] {
  const [line] = store.entries(slotOf('REQUEST_LINE'))
  const lines = [
    line?.examined.value ?? '',
    ...store.entries(slotOf('REQUEST_HEADERS')).map(({ key = '', examined }) => `${key}: ${examined.value}`),
  ]
  const body = store.body === undefined ? '' : bytesOf(store.body)
  const request = `${lines.join('\r\n')}\r\n\r\n${body}` as ByteString
  return [Entry.of(name, undefined, request)]
}

function fullRequestLength(name: string, store: VariableStore): readonly Entry[] {
  const [entry] = store.entries(slotOf('FULL_REQUEST'))
  const length = String(entry?.examined.value.length ?? 0) as ByteString
  return [Entry.of(name, undefined, length)]
}

/** What rules compare even where nothing was read: without a value, a negated comparison would never hold. */
const initialValues: Readonly<Partial<Record<ScalarName, string>>> = {
  FILES_COMBINED_SIZE: '0',
  INBOUND_DATA_ERROR: '0',
  // Two digits each of the version of libmodsecurity whose language this is, and one more.
  MODSEC_BUILD: '030014100',
  // No expression takes more than linear time, so that none ever meets a limit.
  MSC_PCRE_ERROR: '0',
  MSC_PCRE_LIMITS_EXCEEDED: '0',
  MULTIPART_STRICT_ERROR: '0',
  MULTIPART_UNMATCHED_BOUNDARY: '0',
  REQBODY_ERROR: '0',
  REQBODY_PROCESSOR: '',
  REQBODY_PROCESSOR_ERROR: '0',
  REQUEST_BODY_LENGTH: '0',
  URLENCODED_ERROR: '0',
}

/** By slot; shared by all stores, which replace them whole. */
const initial: (Entry[] | ByteString | undefined)[] = Array.from({ length: variables.size })
for (const [name, value] of Object.entries(initialValues)) {
  initial[slotOf(name as ScalarName)] = [Entry.of(name, undefined, value as ByteString)]
}

/** The slot of a variable that a macro names; undefined where there is none of that name. */
export function slotOfName(name: string): number | undefined {
  return variables.get(name)?.slot
}

/** By slot: 1 where the value is not kept with those that were read. */
export const isMoving = Uint8Array.from(variables.values(), ({ isStable, name }) =>
  isStable && name !== 'WEBAPPID' ? 0 : 1,
)
