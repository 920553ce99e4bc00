import type { Dimension } from './measure.ts'
import { Subject } from './subject.ts'

type Names = Map<string, Subject>

/** The subjects of one API, by dimension and name. */
export class ApiSubjects {
  readonly api: string
  readonly #names: Readonly<Record<Dimension, Names>> = {
    consumer: new Map(),
    key: new Map(),
    address: new Map(),
    country: new Map(),
    operation: new Map(),
    api: new Map(),
  }
  readonly #table: SubjectTable

  constructor(api: string, table: SubjectTable) {
    this.api = api
    this.#table = table
  }

  find(dimension: Dimension, name: string): Subject {
    const names = this.#names[dimension]
    const known = names.get(name)
    if (known === undefined) return this.add(new Subject(dimension, this.api, name))
    if (known.short === undefined) {
      // The order of a Map is the order of its insertions: once a window is often enough for "least recent".
      names.delete(name)
      names.set(name, known)
      this.#table.active.add(known)
    }
    return known
  }

  add(subject: Subject): Subject {
    const names = this.#names[subject.dimension]
    if (!this.#table.hasRoom()) {
      const oldest = names.values().next().value
      // Those of another kind are not pushed out by a flood of names; then the newcomer is counted and forgotten.
      if (oldest === undefined) return subject
      names.delete(oldest.name)
      this.#table.forget(oldest)
    }
    names.set(subject.name, subject)
    this.#table.noted()
    this.#table.active.add(subject)
    return subject
  }

  *all(): Generator<Subject> {
    for (const names of Object.values(this.#names)) yield* names.values()
  }
}

/** All subjects that are told apart; beyond the bound, those of a kind that were seen longest ago are forgotten. */
export class SubjectTable {
  readonly #apis = new Map<string, ApiSubjects>()
  readonly #most: number
  #size = 0
  /** Those that something was counted for in the current window: looked at when it is over. */
  readonly active = new Set<Subject>()

  constructor(most: number) {
    this.#most = most
  }

  /** The subjects of an API; `undefined` where there are more APIs than are looked at. */
  of(api: string): ApiSubjects | undefined {
    let subjects = this.#apis.get(api)
    if (subjects === undefined && this.#apis.size < mostApis)
      this.#apis.set(api, (subjects = new ApiSubjects(api, this)))
    return subjects
  }

  *all(): Generator<Subject> {
    for (const subjects of this.#apis.values()) yield* subjects.all()
  }

  hasRoom(): boolean {
    return this.#size < this.#most
  }

  noted(): void {
    this.#size++
  }

  forget(subject: Subject): void {
    this.#size--
    this.active.delete(subject)
  }
}

const mostApis = 200
