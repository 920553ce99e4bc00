/** What a field is called: the words of its own name, and of the object that it stands in. */
export interface FieldName {
  /** Lower case: `firstName`, `first_name` and `FIRST-NAME` are `first` and `name`. */
  readonly words: ReadonlySet<string>
  /** The words in one, as in `firstname`. */
  readonly joined: string
  /** Those of the object around it; empty where there is none. */
  readonly owner: ReadonlySet<string>
}

/** Finds one kind of personal or secret data by what a value looks like and what its field is called. */
export interface Detector {
  /** Stable, kebab-case: counts are kept under it. */
  readonly id: string
  /** The class in the catalogue. */
  readonly class: string
  /** How likely a value that is something else looks like it all the same: above 0, below 1. */
  readonly chance: number
  /** Which share of the values of such a field it finds at least. */
  readonly share: number
  /** @param text at most 256 characters, without white space around it */
  finds(text: string, name: FieldName): boolean
}

/** The words of a property's name. */
export function readFieldName(name: string, owner = ''): FieldName {
  const words = wordsOf(name)
  return { words: new Set(words), joined: words.join(''), owner: new Set(wordsOf(owner)) }
}

/** Whether a name says one of some words, alone or grown together with others at its end. */
export function says({ words, joined }: FieldName, hints: ReadonlySet<string>): boolean {
  if (hints.has(joined)) return true
  for (const word of words) if (hints.has(word)) return true
  return false
}

function wordsOf(name: string): readonly string[] {
  return name
    .slice(0, 100)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
}
