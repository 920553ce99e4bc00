import { isDeepStrictEqual } from 'node:util'
import { DiagnosticError } from '@gateward/kernel'
import { isAlias, isMap, isScalar, isSeq, type Document, type Pair, type ParsedNode } from 'yaml'
import type { ProposedExclusion } from '../tuning/tuner.ts'
import { parseYaml } from './parse-yaml.ts'

/** A configuration with more exclusions than before. */
export interface AddedExclusions {
  readonly text: string
  /** Those that were not there yet, in the order they were given. */
  readonly added: readonly ProposedExclusion[]
}

/**
 * The text of a configuration with entries added to `guards.waf.exclusions`: every other character, comments among them, stays what
 * it is. Entries that stand there already are left out.
 *
 * @throws DiagnosticError where the text is no YAML, or the place is one that only its author can fill: behind an alias, say
 */
export function addExclusions(
  text: string,
  file: string,
  exclusions: readonly ProposedExclusion[],
): AddedExclusions {
  const { document, diagnostics } = parseYaml(text, file)
  if (diagnostics.length > 0) throw new DiagnosticError(diagnostics)
  const before: unknown = document.toJS()
  const known = valueAt(before, path)
  const present: readonly unknown[] = Array.isArray(known) ? known : []
  const added = exclusions.filter((wanted) => !present.some((entry) => isDeepStrictEqual(entry, wanted)))
  if (added.length === 0) return { text, added }
  const edited = insert(text, document, added)
  // The insertion knows some ways to write YAML. Where it were wrong about one, the text would not mean what it is to mean.
  if (edited === undefined || !isDeepStrictEqual(meaningOf(edited, file), withEntries(before, path, added)))
    throw new DiagnosticError([unknownPlace(file)])
  return { text: edited, added }
}

const path = ['guards', 'waf', 'exclusions'] as const

function valueAt(value: unknown, names: readonly string[]): unknown {
  return names.reduce<unknown>((outer, name) => (isRecord(outer) ? outer[name] : undefined), value)
}

function withEntries(value: unknown, names: readonly string[], entries: readonly unknown[]): unknown {
  const [name, ...rest] = names
  if (name === undefined) return [...(Array.isArray(value) ? value : []), ...entries]
  const outer = isRecord(value) ? value : {}
  return { ...outer, [name]: withEntries(outer[name], rest, entries) }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function meaningOf(text: string, file: string): unknown {
  const { document, diagnostics } = parseYaml(text, file)
  return diagnostics.length > 0 ? undefined : document.toJS()
}

/** The text with the entries in it, or nothing where the place is not one that can be filled. */
function insert(text: string, document: Document, added: readonly ProposedExclusion[]): string | undefined {
  const write = isJson(text) ? JSON.stringify : (name: string): string => name
  const entries = added.map((entry) => flowEntry(entry, write))
  let node = document.contents as ParsedNode | null
  let rest: readonly string[] = path
  let name: ParsedNode | undefined
  while (isMap(node) && rest.length > 0) {
    const pair = (node.items as readonly Pair<ParsedNode, ParsedNode | null>[]).find(
      ({ key }) => isScalar(key) && key.value === rest[0],
    )
    if (pair === undefined) break
    name = pair.key
    node = pair.value
    rest = rest.slice(1)
  }
  if (isAlias(node) || node?.anchor !== undefined) return undefined
  if (isMap(node) || isSeq(node)) {
    const written = node.flow ? inFlow(text, node, rest, entries, write) : inBlock(text, node, rest, entries)
    return splice(text, written.at, written.text)
  }
  // Nothing stands behind the name, or nothing in the whole file.
  if (isScalar(node) && node.value !== null) return undefined
  const nested = flow(rest, entries, write)
  if (name === undefined) return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${nested}\n`
  const colon = text.indexOf(':', name.range[1])
  return splice(text, colon + 1, ` ${nested}`)
}

interface Insertion {
  readonly at: number
  readonly text: string
}

type Collection = Extract<ParsedNode, { items: unknown[] }>

/** Between braces or brackets. */
function inFlow(
  text: string,
  node: Collection,
  rest: readonly string[],
  entries: readonly string[],
  write: WriteName,
): Insertion {
  const inside = rest.length === 0 ? entries.join(', ') : flow(rest, entries, write).slice(2, -2)
  // Behind the last, so that a comma which ends the list ends it still.
  if (node.items.length > 0) return { at: endOf(node), text: `, ${inside}` }
  const close = node.range[1] - 1
  return { at: close, text: ` ${inside}${/\s/.test(text[close - 1] ?? '') ? '' : ' '}` }
}

/** In lines of its own, below the last that belongs to it. */
function inBlock(
  text: string,
  node: Collection,
  rest: readonly string[],
  entries: readonly string[],
): Insertion {
  const end = endOf(node)
  const lineEnd = text[end - 1] === '\n' ? end : text.indexOf('\n', end) + 1 || text.length
  const first = node.items[0] as { readonly key?: ParsedNode } | undefined
  const start = first?.key === undefined ? node.range[0] : first.key.range[0]
  const indent = ' '.repeat(start - (text.lastIndexOf('\n', start - 1) + 1))
  const lines = [
    ...rest.map((name, depth) => `${indent}${'  '.repeat(depth)}${name}:`),
    ...entries.map((entry) => `${indent}${'  '.repeat(rest.length)}- ${entry}`),
  ]
  const lead = lineEnd > 0 && text[lineEnd - 1] !== '\n' ? '\n' : ''
  return { at: lineEnd, text: `${lead}${lines.join('\n')}\n` }
}

/** Where the last thing in a node ends, comments behind it not counted. */
function endOf(node: ParsedNode): number {
  if (!(isMap(node) || isSeq(node))) return node.range[1]
  const last = node.items.at(-1)
  if (last === undefined) return node.range[1]
  if (!('key' in last)) return isClosed(last) ? last.range[1] : endOf(last)
  const { key, value } = last
  // The place of an empty value may be behind comments and lines that follow it.
  if (value === null || (isScalar(value) && value.range[0] === value.range[1])) return key.range[1]
  return isClosed(value) ? value.range[1] : endOf(value)
}

function isClosed(node: ParsedNode): boolean {
  return (isMap(node) || isSeq(node)) && node.flow === true
}

function flow(names: readonly string[], entries: readonly string[], write: WriteName): string {
  const [name, ...rest] = names
  if (name === undefined) return `[ ${entries.join(', ')} ]`
  return `{ ${write(name)}: ${flow(rest, entries, write)} }`
}

function flowEntry(entry: ProposedExclusion, write: WriteName): string {
  const parts = (Object.entries(entry) as [string, readonly (string | number)[]][]).map(
    ([name, values]) => `${write(name)}: [${values.map((value) => JSON.stringify(value)).join(', ')}]`,
  )
  return `{ ${parts.join(', ')} }`
}

/** As a name is written: JSON has quotes around it. */
type WriteName = (name: string) => string

function isJson(text: string): boolean {
  if (!text.trimStart().startsWith('{')) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function splice(text: string, at: number, inserted: string): string {
  return text.slice(0, at) + inserted + text.slice(at)
}

function unknownPlace(file: string) {
  return {
    code: 'exclusions-place',
    severity: 'error',
    message:
      'guards.waf.exclusions is written in a way that cannot be added to without changing more than it',
    fix: 'add the lines by hand',
    position: { file, line: 1, column: 1 },
  } as const
}
