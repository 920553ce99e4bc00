import type { CollectionName, ScalarName } from '../3-compile/variables.ts'
import { slotOf, variables } from '../3-compile/variables.ts'
import type { ByteString } from '../language/bytes.ts'
import { bytesOf } from '../language/bytes.ts'
import { Entry } from './entry.ts'
import { Examined } from './examined.ts'

const none: readonly Entry[] = []

/**
 * The values of all variables of one transaction, by slot. What follows from other variables (`ARGS`, every `…_NAMES`, sizes) is
 * made when it is first asked for, with the same examined values, so that a form made for one is there for the other.
 */
export class VariableStore {
  readonly #entries: (Entry[] | undefined)[] = initial.slice()
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
    const own = this.#entries[slot]
    if (own !== undefined) return own
    const derivation = derivations[slot]
    if (derivation === undefined) return none
    const derived = (this.#derived ??= [])
    return (derived[slot] ??= derivation(this))
  }

  add(collection: CollectionName, key: ByteString, value: ByteString): Entry {
    const slot = slotOf(collection)
    const entry = Entry.of(collection, key, value)
    const entries = this.#entries[slot]
    if (entries === undefined) this.#entries[slot] = [entry]
    else entries.push(entry)
    this.#derived = undefined
    return entry
  }

  set(variable: ScalarName, value: ByteString): void {
    this.#entries[slotOf(variable)] = [Entry.of(variable, undefined, value)]
  }

  /** Replaces a whole collection. */
  replace(collection: CollectionName, entries: Entry[]): void {
    this.#entries[slotOf(collection)] = entries
  }
}

type Derivation = (store: VariableStore) => readonly Entry[]

const derivations: (Derivation | undefined)[] = []

derive('ARGS', renamed('ARGS', 'ARGS_GET', 'ARGS_POST'))
derive('ARGS_NAMES', namesOf('ARGS_NAMES', 'ARGS_GET', 'ARGS_POST'))
derive('ARGS_GET_NAMES', namesOf('ARGS_GET_NAMES', 'ARGS_GET'))
derive('ARGS_POST_NAMES', namesOf('ARGS_POST_NAMES', 'ARGS_POST'))
derive('REQUEST_HEADERS_NAMES', namesOf('REQUEST_HEADERS_NAMES', 'REQUEST_HEADERS'))
derive('REQUEST_COOKIES_NAMES', namesOf('REQUEST_COOKIES_NAMES', 'REQUEST_COOKIES'))
derive('RESPONSE_HEADERS_NAMES', namesOf('RESPONSE_HEADERS_NAMES', 'RESPONSE_HEADERS'))
derive('ARGS_COMBINED_SIZE', combinedSize)
derive('USERAGENT_IP', sameAs('USERAGENT_IP', 'REMOTE_ADDR'))
derive('MULTIPART_SEMICOLON_MISSING', sameAs('MULTIPART_SEMICOLON_MISSING', 'MULTIPART_MISSING_SEMICOLON'))
derive('FULL_REQUEST', fullRequest)
derive('FULL_REQUEST_LENGTH', (store) => {
  const [entry] = store.entries(slotOf('FULL_REQUEST'))
  const length = String(entry?.examined.value.length ?? 0) as ByteString
  return [Entry.of('FULL_REQUEST_LENGTH', undefined, length)]
})

function derive(name: CollectionName | ScalarName, derivation: Derivation): void {
  derivations[slotOf(name)] = derivation
}

function renamed(name: CollectionName, ...sources: readonly CollectionName[]): Derivation {
  const slots = sources.map(slotOf)
  return (store) => {
    const entries: Entry[] = []
    for (const slot of slots) {
      for (const { key, examined, variable } of store.entries(slot)) {
        entries.push(new Entry(name, key, examined, variable))
      }
    }
    return entries
  }
}

function namesOf(name: CollectionName, ...sources: readonly CollectionName[]): Derivation {
  const slots = sources.map(slotOf)
  return (store) => {
    // Array elements of JSON and repeated fields share one name, which then is examined once.
    const examined = new Map<string, Examined>()
    const names: Entry[] = []
    for (const slot of slots) {
      for (const { key = '' as ByteString } of store.entries(slot)) {
        let known = examined.get(key)
        if (known === undefined) examined.set(key, (known = new Examined(key)))
        names.push(new Entry(name, key, known))
      }
    }
    return names
  }
}

/** A second name of a variable, as other engines have it. */
function sameAs(name: ScalarName, source: ScalarName): Derivation {
  const slot = slotOf(source)
  return (store) => store.entries(slot).map(({ examined }) => new Entry(name, undefined, examined))
}

function combinedSize(store: VariableStore): readonly Entry[] {
  const size = store
    .entries(slotOf('ARGS'))
    .reduce((sum, { key = '', examined }) => sum + key.length + examined.value.length, 0)
  return [Entry.of('ARGS_COMBINED_SIZE', undefined, String(size) as ByteString)]
}

/** The request as it came, as far as it has been read: its line, its header and its body. */
function fullRequest(store: VariableStore): readonly Entry[] {
  const [line] = store.entries(slotOf('REQUEST_LINE'))
  const lines = [
    line?.examined.value ?? '',
    ...store.entries(slotOf('REQUEST_HEADERS')).map(({ key = '', examined }) => `${key}: ${examined.value}`),
  ]
  const body = store.body === undefined ? '' : bytesOf(store.body)
  const request = `${lines.join('\r\n')}\r\n\r\n${body}` as ByteString
  return [Entry.of('FULL_REQUEST', undefined, request)]
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
const initial: (Entry[] | undefined)[] = Array.from({ length: variables.size })
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
