import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

interface Attribute {
  readonly type?: string
  readonly is_array?: boolean
  readonly requirement?: string
  readonly enum?: Readonly<Record<string, unknown>>
  /** The profile that it belongs to: without it in `metadata.profiles`, it is not there. */
  readonly profile?: string | null
  readonly '@deprecated'?: unknown
}

interface Definition {
  readonly name: string
  readonly extends?: string
  readonly uid?: number
  readonly category?: string
  readonly meta?: string
  readonly attributes: Readonly<Record<string, Attribute>>
  readonly constraints?: Readonly<Record<string, readonly string[]>>
}

interface DataType {
  readonly type?: string
  readonly regex?: string
  readonly max_len?: number
  readonly range?: readonly [number, number]
}

/** Their values are those of the class itself: whoever publishes a class fills them in, and `mistakes` compares them. */
const ownUids: ReadonlySet<string> = new Set(['category_uid', 'class_uid', 'type_uid'])

type Json = Readonly<Record<string, unknown>>

/**
 * The schema of OCSF as it is published (a checkout of ocsf/ocsf-schema), and what is wrong with an event by it: unknown
 * attributes, those of profiles that the event does not name, missing ones, types, enumerations, constraints.
 */
export class OcsfSchema {
  readonly #folder: string
  readonly #classes = new Map<number, Definition>()
  readonly #definitions: Readonly<Record<'event' | 'object', ReadonlyMap<string, Definition>>>
  readonly #dictionary: Readonly<Record<string, Attribute>>
  readonly #types: Readonly<Record<string, DataType>>
  readonly #categories: Readonly<Record<string, { readonly uid: number }>>

  constructor(folder: string) {
    this.#folder = folder
    const dictionary = this.#read('dictionary.json') as unknown as {
      readonly attributes: Readonly<Record<string, Attribute>>
      readonly types: { readonly attributes: Readonly<Record<string, DataType>> }
    }
    this.#dictionary = dictionary.attributes
    this.#types = dictionary.types.attributes
    this.#categories = this.#read('categories.json')['attributes'] as never
    this.#definitions = { event: this.#readAll('events'), object: this.#readAll('objects') }
    for (const { name } of this.#definitions.event.values()) {
      const whole = this.#resolve('event', name)
      const category = this.#categories[whole.category ?? '']?.uid ?? 0
      if (whole.uid !== undefined) this.#classes.set(category * 1_000 + whole.uid, whole)
    }
  }

  get version(): string {
    return String(this.#read('version.json')['version'])
  }

  /** What is not as the schema says; an empty list: the event is valid. */
  mistakes(event: Json): readonly string[] {
    const uid = Number(event['class_uid'])
    const definition = this.#classes.get(uid)
    if (definition === undefined) return [`class_uid: ${uid}`]
    const metadata = event['metadata'] as { profiles?: readonly string[] } | undefined
    const profiles = new Set(metadata?.profiles)
    return [
      ...(event['category_uid'] === Math.floor(uid / 1_000) ? [] : ['category_uid']),
      ...(event['type_uid'] === uid * 100 + Number(event['activity_id']) ? [] : ['type_uid']),
      ...this.#mistakesIn(event, definition, profiles, ''),
    ]
  }

  #mistakesIn(value: Json, definition: Definition, profiles: ReadonlySet<string>, at: string): string[] {
    const mistakes: string[] = []
    const { attributes, constraints = {} } = definition
    const isThere = ({ profile }: Attribute): boolean =>
      profile === undefined || profile === null || profiles.has(profile)
    for (const [name, each] of Object.entries(value)) {
      const attribute = attributes[name]
      const place = `${at}${name}`
      if (attribute === undefined) mistakes.push(`${place}: ${definition.name} has no such attribute`)
      else if (!isThere(attribute)) mistakes.push(`${place}: of the profile ${String(attribute.profile)}`)
      else mistakes.push(...this.#mistakesOf(each, attribute, profiles, place))
    }
    for (const [name, attribute] of Object.entries(attributes))
      if (attribute.requirement === 'required' && isThere(attribute) && value[name] === undefined)
        mistakes.push(`${at}${name}: required`)
    for (const [kind, names] of Object.entries(constraints)) {
      const count = names.filter((name) => value[name] !== undefined).length
      if (kind === 'at_least_one' ? count === 0 : count !== 1)
        mistakes.push(`${at}: ${kind} of ${names.join(', ')}`)
    }
    return mistakes
  }

  #mistakesOf(value: unknown, attribute: Attribute, profiles: ReadonlySet<string>, at: string): string[] {
    if (attribute['@deprecated'] !== undefined) return [`${at}: deprecated`]
    if (attribute.is_array === true) {
      if (!Array.isArray(value)) return [`${at}: no array`]
      return value.flatMap((each, index) =>
        this.#mistakesOf(each, { ...attribute, is_array: false }, profiles, `${at}[${index}]`),
      )
    }
    const { type = '' } = attribute
    if (this.#types[type] !== undefined) {
      if (!this.#isOfType(value, type)) return [`${at}: ${JSON.stringify(value)} is no ${type}`]
      const isKnown =
        attribute.enum === undefined || ownUids.has(at) || Object.hasOwn(attribute.enum, String(value))
      return isKnown ? [] : [`${at}: ${JSON.stringify(value)} is none of its values`]
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${at}: no object`]
    if (type === 'object') return []
    return this.#mistakesIn(value as Json, this.#resolve('object', type), profiles, `${at}.`)
  }

  #isOfType(value: unknown, name: string): boolean {
    const type = this.#types[name]
    if (type === undefined) return this.#isPrimitive(value, name)
    if (type.type !== undefined && !this.#isOfType(value, type.type)) return false
    if (type.type === undefined && !this.#isPrimitive(value, name)) return false
    const { regex, max_len: longest, range } = type
    return (
      (regex === undefined || new RegExp(regex, 'u').test(String(value))) &&
      (longest === undefined || String(value).length <= longest) &&
      (range === undefined || (Number(value) >= range[0] && Number(value) <= range[1]))
    )
  }

  #isPrimitive(value: unknown, name: string): boolean {
    if (name === 'boolean_t') return typeof value === 'boolean'
    if (name === 'float_t') return typeof value === 'number'
    if (name === 'integer_t' || name === 'long_t') return Number.isSafeInteger(value)
    return name === 'json_t' || typeof value === 'string'
  }

  /** With what it extends, what it includes, and what the dictionary says of each attribute. */
  #resolve(kind: 'event' | 'object', name: string): Definition {
    const own = this.#definitions[kind].get(name)
    if (own === undefined) throw new Error(`OCSF has no ${kind} ${name}`)
    const parent = own.extends === undefined ? undefined : this.#resolve(kind, own.extends)
    const { $include: included = [], ...rest } = own.attributes as Json & {
      $include?: string | readonly string[]
    }
    const attributes: Record<string, Attribute> = { ...parent?.attributes }
    for (const file of [included].flat()) this.#add(attributes, this.#readIncluded(file))
    this.#add(attributes, rest as Readonly<Record<string, Attribute>>)
    const constraints = own.constraints ?? parent?.constraints
    return { ...parent, ...own, attributes, ...(constraints === undefined ? {} : { constraints }) }
  }

  #add(to: Record<string, Attribute>, attributes: Readonly<Record<string, Attribute>>): void {
    for (const [name, own] of Object.entries(attributes)) {
      const known = to[name] ?? this.#dictionary[name] ?? {}
      const values = { ...known.enum, ...own.enum }
      to[name] = { ...known, ...own, ...(Object.keys(values).length === 0 ? {} : { enum: values }) }
    }
  }

  #readIncluded(file: string): Readonly<Record<string, Attribute>> {
    const { attributes, meta, name } = this.#read(file) as unknown as Definition
    if (meta !== 'profile') return attributes
    return Object.fromEntries(
      Object.entries(attributes).map(([key, attribute]) => [
        key,
        Object.assign({ profile: name }, attribute),
      ]),
    )
  }

  #readAll(folder: string): ReadonlyMap<string, Definition> {
    const files = readdirSync(join(this.#folder, folder), { recursive: true, encoding: 'utf8' })
    const all = files
      .filter((file) => file.endsWith('.json'))
      .map((file) => this.#read(join(folder, file)) as unknown as Definition)
    return new Map(all.map((each) => [each.name, each]))
  }

  #read(file: string): Json {
    return JSON.parse(readFileSync(join(this.#folder, file), 'utf8')) as Json
  }
}
