import type { Diagnostic, SourcePosition } from '@gateward/kernel'
import { isAlias, isCollection, isMap, isScalar, type Document, type Node, type Pair } from 'yaml'
import { parseYaml } from './parse-yaml.ts'
import { substituteVariables } from './substitute-variables.ts'

/** Where a setting stands: the keys and indices from the root. */
export type SettingPath = readonly PropertyKey[]

/** A configuration file read as plain data, before any schema has seen it, with every place kept. */
export interface SettingsTree {
  readonly root: unknown
  /** The place of a setting's value, else of the nearest one around it; `undefined` where there is no text. */
  positionOf(path: SettingPath): SourcePosition | undefined
  /** The place of a setting's name. */
  keyPositionOf(path: SettingPath): SourcePosition | undefined
  /** Whether the value came from the environment, so that no message may quote it. */
  isSubstituted(path: SettingPath): boolean
}

interface TreeReading {
  readonly tree: SettingsTree | undefined
  readonly diagnostics: readonly Diagnostic[]
}

const maximumCharacters = 4 * 1024 * 1024
const maximumAliases = 100

/**
 * Reads YAML 1.2 (of which JSON is a part) and puts the environment's variables in. One document, unique string
 * keys, no tags; every mistake is told.
 */
export function readSettingsTree(
  text: string,
  file: string,
  env: Readonly<Record<string, string | undefined>>,
): TreeReading {
  if (text.length > maximumCharacters)
    return oneMistake(file, 'too-large', 'the file is larger than 4MB', 'split it')
  try {
    return readYaml(text, file, env)
  } catch {
    // The parser recurses: nesting of thousands of levels ends its stack, aliases of aliases its counter.
    return oneMistake(
      file,
      'invalid-yaml',
      'the file is nested too deeply or uses too many aliases',
      'write the settings out plainly',
    )
  }
}

/** A tree from plain data, for settings that come from the command line; it has no places. */
export function toSettingsTree(root: unknown): SettingsTree {
  return {
    root,
    positionOf: () => undefined,
    keyPositionOf: () => undefined,
    isSubstituted: () => false,
  }
}

/** The value at a path of plain data; `undefined` where there is none. Inherited members are not there. */
export function valueAt(root: unknown, path: SettingPath): unknown {
  let value = root
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Record<PropertyKey, unknown>)[key]
  }
  return value
}

function readYaml(
  text: string,
  file: string,
  env: Readonly<Record<string, string | undefined>>,
): TreeReading {
  const { document, diagnostics, positionAt } = parseYaml(text, file)
  if (diagnostics.length > 0) return { tree: undefined, diagnostics }
  const substitution = substituteVariables(document, text, env, positionAt)
  if (substitution.diagnostics.length > 0) return { tree: undefined, diagnostics: substitution.diagnostics }
  const root: unknown = document.toJS({ maxAliasCount: maximumAliases })
  return { tree: new DocumentTree(document, root, substitution.substituted, positionAt), diagnostics: [] }
}

class DocumentTree implements SettingsTree {
  readonly root: unknown
  readonly #document: Document
  readonly #substituted: ReadonlySet<unknown>
  readonly #positionAt: (offset: number) => SourcePosition

  constructor(
    document: Document,
    root: unknown,
    substituted: ReadonlySet<unknown>,
    positionAt: (offset: number) => SourcePosition,
  ) {
    this.root = root
    this.#document = document
    this.#substituted = substituted
    this.#positionAt = positionAt
  }

  positionOf(path: SettingPath): SourcePosition | undefined {
    const { node, found } = this.#descend(path)
    return found ? this.#startOf(node) : this.keyPositionOf(path)
  }

  keyPositionOf(path: SettingPath): SourcePosition | undefined {
    for (let length = path.length; length > 0; length--) {
      const parent = this.#descend(path.slice(0, length - 1))
      const key = parent.found ? findPair(parent.node, path[length - 1])?.key : undefined
      if (key !== undefined) return this.#startOf(key)
    }
    return this.#startOf(this.#document.contents)
  }

  isSubstituted(path: SettingPath): boolean {
    const { node, found } = this.#descend(path)
    return found && this.#substituted.has(node)
  }

  #descend(path: SettingPath): { readonly node: unknown; readonly found: boolean } {
    let node = this.#resolve(this.#document.contents)
    for (const key of path) {
      const next: unknown = isMap(node)
        ? findPair(node, key)?.value
        : isCollection(node) && typeof key === 'number'
          ? node.items[key]
          : undefined
      if (next === undefined) return { node, found: false }
      node = this.#resolve(next)
    }
    return { node, found: true }
  }

  #resolve(node: unknown): unknown {
    return isAlias(node) ? node.resolve(this.#document) : node
  }

  #startOf(node: unknown): SourcePosition {
    const range = (node as Partial<Node> | null)?.range
    return this.#positionAt(range?.[0] ?? 0)
  }
}

function findPair(node: unknown, key: PropertyKey | undefined): Pair | undefined {
  if (!isMap(node)) return undefined
  return node.items.find((pair) => isScalar(pair.key) && pair.key.value === key)
}

function oneMistake(file: string, code: string, message: string, fix: string): TreeReading {
  const position = { file, line: 1, column: 1 }
  return { tree: undefined, diagnostics: [{ code, severity: 'error', message, fix, position }] }
}
