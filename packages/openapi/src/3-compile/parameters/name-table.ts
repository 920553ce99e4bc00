import type { DeepEntry } from './deep-object.ts'
import { bracketPath } from './deep-object.ts'
import type { NamedValue } from './named-value.ts'
import { nothing, readSingle, settle } from './named-value.ts'
import { isDangerousName, Refusal, repeated } from './refusal.ts'
import type { Violations } from './violations.ts'

/** What a name on the wire belongs to: a value as a whole, or one property of an exploded object. */
interface Slot {
  readonly value: number
  readonly property: string | undefined
}

/** The raw texts of one request by the number of their value. */
interface Collected {
  readonly texts: (string | string[] | undefined)[]
  readonly entries: (DeepEntry[] | undefined)[]
}

/** What became of a name: it was taken, nobody declares it, or it is dangerous. */
type Taken = 'taken' | 'unknown' | 'dangerous'

/**
 * Sorts `name=value` pairs to the declared values, where one value may spread over several names: a query, the
 * cookies, or a form's fields. Names are looked up, never searched.
 */
export class NameTable {
  readonly #values: readonly NamedValue[]
  readonly #slots = new Map<string, Slot>()
  readonly #deep = new Map<string, number>()
  readonly #open: number | undefined
  readonly #empty: undefined[]

  constructor(values: readonly NamedValue[]) {
    this.#values = values
    this.#empty = values.map(() => undefined)
    let open: number | undefined
    for (const [number, { name, wire }] of values.entries()) {
      if (wire.single.length > 0 || wire.repeated !== undefined)
        this.#slots.set(name, { value: number, property: undefined })
      if (wire.deep !== undefined) this.#deep.set(name, number)
      for (const property of wire.properties?.keys() ?? []) {
        if (!this.#slots.has(property)) this.#slots.set(property, { value: number, property })
      }
      if (wire.rest !== undefined) open ??= number
    }
    this.#open = open
  }

  /** A fresh collection for one request. */
  start(): Collected {
    return { texts: this.#empty.slice(), entries: this.#empty.slice() }
  }

  /** Whether a name stands for a value in itself, without any decoding. */
  knows(name: string): boolean {
    return this.#slots.has(name)
  }

  /** Takes one pair; `name` is decoded, `raw` is not. */
  take(collected: Collected, name: string, raw: string): Taken {
    const slot = this.#slots.get(name)
    if (slot === undefined) return this.#takeOther(collected, name, raw)
    if (slot.property === undefined) addText(collected, slot.value, raw)
    else addEntry(collected, slot.value, { path: [slot.property], raw })
    return 'taken'
  }

  /** Reads all that was collected into `target`. */
  read(collected: Collected, target: Record<string, unknown>, violations: Violations): void {
    for (let number = 0; number < this.#values.length; number++) {
      const named = this.#values[number]
      if (named === undefined) continue
      const value = this.#readOne(named, collected.texts[number], collected.entries[number], violations)
      if (value !== nothing) target[named.name] = value
    }
  }

  #takeOther(collected: Collected, name: string, raw: string): Taken {
    const bracket = name.indexOf('[')
    const base = bracket === -1 ? name : name.slice(0, bracket)
    if (isDangerousName(base) || (bracket !== -1 && bracketNames(name, bracket).some(isDangerousName))) {
      return 'dangerous'
    }
    const deep = bracket > 0 ? this.#deep.get(base) : undefined
    const path = deep === undefined ? undefined : bracketPath(name.slice(bracket))
    if (deep !== undefined && path !== undefined) {
      addEntry(collected, deep, { path, raw })
      return 'taken'
    }
    if (this.#open === undefined) return 'unknown'
    addEntry(collected, this.#open, { path: [name], raw })
    return 'taken'
  }

  #readOne(
    named: NamedValue,
    text: string | string[] | undefined,
    entries: readonly DeepEntry[] | undefined,
    violations: Violations,
  ): unknown {
    if (entries !== undefined) return readEntries(named, entries, violations)
    if (text === undefined) {
      if (named.required) violations.add(named.address, 'missing', `"${named.name}" is required`)
      return nothing
    }
    if (typeof text === 'string') return readSingle(named, text, violations)
    const list = named.wire.repeated
    const [first = ''] = text
    return settle(named, list === undefined ? repeated : list(text), first, violations)
  }
}

function bracketNames(name: string, bracket: number): readonly string[] {
  return name.slice(bracket).split(/[[\]]/)
}

function readEntries(named: NamedValue, entries: readonly DeepEntry[], violations: Violations): unknown {
  const raw = entries[0]?.raw ?? ''
  if (named.wire.deep !== undefined) return settle(named, named.wire.deep(entries), raw, violations)
  const object: Record<string, unknown> = {}
  for (const { path, raw: text } of entries) {
    const [name = ''] = path
    const reading = named.wire.properties?.get(name) ?? named.wire.rest
    const value = Object.hasOwn(object, name) ? repeated : reading?.(text)
    if (value instanceof Refusal) return settle(named, value, text, violations)
    object[name] = value
  }
  return settle(named, object, raw, violations)
}

function addText({ texts }: Collected, value: number, raw: string): void {
  const present = texts[value]
  if (present === undefined) texts[value] = raw
  else if (typeof present === 'string') texts[value] = [present, raw]
  else present.push(raw)
}

function addEntry({ entries }: Collected, value: number, entry: DeepEntry): void {
  const present = entries[value]
  if (present === undefined) entries[value] = [entry]
  else present.push(entry)
}
