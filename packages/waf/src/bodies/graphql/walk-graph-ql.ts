import type { ByteString } from '../../language/bytes.ts'
import type { BodyLimits } from '../body-limits.ts'
import { unescapeJson } from '../json/unescape-json.ts'
import type { GraphQlToken } from './next-token.ts'
import { nextToken } from './next-token.ts'

/** What a document asks for, in numbers. Several documents of one request add up; the depth is the deepest. */
export interface GraphQlCounts {
  operations: number
  /** Selections inside one another, as written: a fragment counts where it is defined. */
  depth: number
  fields: number
  aliases: number
  directives: number
  /** Fields `__schema` and `__type`. */
  introspection: number
}

/** Is told each literal value: the path of its argument, and its text without quotes and escapes. */
export type GraphQlVisitor = (name: ByteString, value: ByteString) => string | undefined

/**
 * Walks an executable GraphQL document (specification section 2) and tells the numbers and strings in its arguments, by
 * field and argument: `{user(id:"1"){name}}` has `graphql.user.id`. Defaults of variables are below
 * `graphql.variables`. Lenient where that hides no value: it judges no types and no order of keywords.
 *
 * Takes time linear in the document, and memory in its depth.
 *
 * @returns what is wrong with the document and at which byte, or `undefined`
 */
export function walkGraphQl(
  text: ByteString,
  limits: BodyLimits,
  counts: GraphQlCounts,
  visit: GraphQlVisitor,
): string | undefined {
  return new GraphQlWalk(text, limits, counts, visit).run()
}

/** What the walk is inside of: braces of fields, parentheses of arguments, a list or an object among the values. */
interface Level {
  readonly kind: 'selection' | 'arguments' | 'list' | 'object'
  readonly path: ByteString
}

const root = 'graphql' as ByteString

class GraphQlWalk {
  readonly #text: ByteString
  readonly #limits: BodyLimits
  readonly #counts: GraphQlCounts
  readonly #visit: GraphQlVisitor
  readonly #levels: Level[] = []
  #token: GraphQlToken
  /** The field, directive or argument that what follows belongs to. */
  #current = root
  /** How many of the levels are selections. */
  #selections = 0
  /** Whether the keyword of a definition stands before its braces. */
  #isDefining = false

  constructor(text: ByteString, limits: BodyLimits, counts: GraphQlCounts, visit: GraphQlVisitor) {
    this.#text = text
    this.#limits = limits
    this.#counts = counts
    this.#visit = visit
    this.#token = nextToken(text, 0)
  }

  run(): string | undefined {
    while (this.#token.kind !== 'end') {
      const error = this.#readToken(this.#take())
      if (error !== undefined) return error
    }
    return this.#levels.length > 0 ? 'GraphQL that ends too early' : undefined
  }

  #readToken(token: GraphQlToken): string | undefined {
    if (token.kind === 'broken') return mistake(token)
    if (token.kind === 'name') return this.#readName(token)
    if (token.kind === 'punctuator') return this.#readPunctuator(token)
    // Between definitions a string is a description: no part of a request, and no reason not to look at it.
    return this.#visit(this.#levels.length === 0 ? root : this.#current, contentOf(token))
  }

  #readName(token: GraphQlToken): string | undefined {
    const level = this.#levels.at(-1)
    if (level === undefined) return this.#readDefinition(token)
    if (level.kind === 'selection') return this.#readField(level.path, token)
    // Not in a list, and followed by a colon: a key. Otherwise a boolean, a null, an enumerated value or a type.
    if (level.kind === 'list' || !this.#isNext(':')) return undefined
    return this.#enter(level.path, token.text)
  }

  #readDefinition(token: GraphQlToken): string | undefined {
    if (token.text === 'query' || token.text === 'mutation' || token.text === 'subscription') {
      this.#current = variables
      this.#counts.operations += 1
    } else if (token.text === 'fragment') {
      this.#current = root
    } else {
      return mistake(token)
    }
    this.#isDefining = true
    // The name of the operation or fragment; a fragment's type condition.
    while (this.#token.kind === 'name') this.#take()
    return undefined
  }

  #readField(path: ByteString, token: GraphQlToken): string | undefined {
    let name = token.text
    if (this.#isNext(':')) {
      this.#take()
      if (this.#token.kind !== 'name') return mistake(this.#token)
      name = this.#take().text
      this.#counts.aliases += 1
    }
    this.#counts.fields += 1
    if (name === '__schema' || name === '__type') this.#counts.introspection += 1
    return this.#enter(path, name)
  }

  #readPunctuator(token: GraphQlToken): string | undefined {
    if (token.text === '{') return this.#open(this.#isInValues() ? 'object' : 'selection')
    if (token.text === '(') return this.#open('arguments')
    if (token.text === '[') return this.#open('list')
    const closed = closers.get(token.text)
    if (closed !== undefined) return this.#close(closed, token)
    if (token.text === '@') return this.#readDirective(token)
    if (token.text === '...') return this.#readSpread()
    return this.#isInValues() || this.#levels.length === 0 ? undefined : mistake(token)
  }

  #readDirective(token: GraphQlToken): string | undefined {
    if (this.#token.kind !== 'name') return mistake(token)
    this.#counts.directives += 1
    const level = this.#levels.at(-1)
    const field = this.#current
    const name = this.#take().text
    if (!this.#isNext('(')) return undefined
    // Its arguments are named after it, and what follows belongs to the field again.
    const path = level?.kind === 'arguments' ? level.path : field
    return this.#enter(path, `@${name}`)
  }

  #readSpread(): string | undefined {
    // `... on Type`, `... name`, or `...` before a directive or a selection of the same level.
    this.#current = this.#levels.at(-1)?.path ?? root
    if (this.#token.kind === 'name' && this.#take().text === 'on' && this.#token.kind === 'name') this.#take()
    return undefined
  }

  #open(kind: Level['kind']): string | undefined {
    if (this.#levels.length >= this.#limits.depth) return `more than ${this.#limits.depth} levels`
    if (kind === 'selection') this.#countSelection()
    const path = kind === 'selection' ? this.#selectionPath() : this.#current
    this.#levels.push({ kind, path })
    return undefined
  }

  #countSelection(): void {
    // Braces that follow no keyword are a query in short.
    if (this.#levels.length === 0 && !this.#isDefining) this.#counts.operations += 1
    if (this.#levels.length === 0) this.#isDefining = false
    this.#selections += 1
    this.#counts.depth = Math.max(this.#counts.depth, this.#selections)
  }

  /** The path of the field without its directives: a selection follows `field @include(if: $a)`. */
  #selectionPath(): ByteString {
    if (this.#levels.length === 0) return root
    const directive = this.#current.indexOf('.@')
    return directive === -1 ? this.#current : (this.#current.slice(0, directive) as ByteString)
  }

  #close(kinds: readonly Level['kind'][], token: GraphQlToken): string | undefined {
    const level = this.#levels.pop()
    if (level === undefined || !kinds.includes(level.kind)) return mistake(token)
    if (level.kind === 'selection') this.#selections -= 1
    this.#current = level.path
    return undefined
  }

  #enter(path: ByteString, name: string): string | undefined {
    // As in JSON: every value below repeats the path.
    if (path.length + name.length >= this.#limits.nameBytes) {
      return `a path longer than ${this.#limits.nameBytes} bytes`
    }
    this.#current = `${path}.${name}` as ByteString
    return undefined
  }

  #isInValues(): boolean {
    const level = this.#levels.at(-1)
    return level !== undefined && level.kind !== 'selection'
  }

  #isNext(punctuator: string): boolean {
    return this.#token.kind === 'punctuator' && this.#token.text === punctuator
  }

  #take(): GraphQlToken {
    const token = this.#token
    this.#token = nextToken(this.#text, token.end)
    return token
  }
}

const variables = 'graphql.variables' as ByteString

const closers: ReadonlyMap<string, readonly Level['kind'][]> = new Map<string, readonly Level['kind'][]>([
  ['}', ['selection', 'object']],
  [')', ['arguments']],
  [']', ['list']],
])

function contentOf(token: GraphQlToken): ByteString {
  if (token.kind === 'number') return token.text as ByteString
  if (token.kind === 'block string') return token.text.slice(3, -3).replaceAll('\\"""', '"""') as ByteString
  return unescapeJson(token.text.slice(1, -1) as ByteString)
}

function mistake(token: GraphQlToken): string {
  return token.kind === 'end' ? 'GraphQL that ends too early' : `no GraphQL at byte ${token.start}`
}
