import type { Diagnostic } from '@gateward/kernel'
import { parseTargets } from '../1-parse/parse-targets.ts'
import type { KeySelector, TargetExclusion } from '../3-compile/compiled-target.ts'
import { compileExclusion } from '../3-compile/compiled-target.ts'
import { Reporter } from '../3-compile/reporter.ts'
import { variables } from '../3-compile/variables.ts'
import { compileRegex } from '../regex/compile-regex.ts'

/** What stands in the place of an exclusion's line: the caller knows it better. */
const nowhere = { file: '', line: 0, column: 0 }

/** Reads one field of a `RuleExclusion`; a mistake is reported, and nothing is left out then. */
export function readFieldReference(text: string, diagnostics: Diagnostic[]): readonly TargetExclusion[] {
  const [, place, name] = /^(query|cookie|header|body) +(\S.*)$/s.exec(text.trim()) ?? []
  if (place === undefined || name === undefined) return readTarget(text, diagnostics)
  const keys = readKeys(place as Place, name, text, diagnostics)
  if (keys === undefined) return []
  const inside =
    keys.kind === 'name' && place !== 'header' && !name.startsWith('/') ? [insideOf(keys.name)] : []
  return collectionsOf[place as Place].flatMap((names) =>
    [keys, ...inside].flatMap((meant) => toExclusion(names, meant)),
  )
}

/** What is inside of an argument or a cookie that holds JSON belongs to it: `q.name` to `q`. */
function insideOf(name: string): KeySelector {
  return { kind: 'regex', regexp: new RegExp(`^${escapeRegex(name)}\\.`) }
}

type Place = 'query' | 'cookie' | 'header' | 'body'

/** The collections in which a place's values are found, and which of their entries come from it. */
const collectionsOf: Readonly<Record<Place, readonly (readonly [collection: string, origin: string])[]>> = {
  query: [
    ['ARGS', 'ARGS_GET'],
    ['ARGS_GET', 'ARGS_GET'],
  ],
  body: [
    ['ARGS', 'ARGS_POST'],
    ['ARGS_POST', 'ARGS_POST'],
  ],
  cookie: [['REQUEST_COOKIES', 'REQUEST_COOKIES']],
  header: [['REQUEST_HEADERS', 'REQUEST_HEADERS']],
}

function toExclusion(
  [collection, origin]: readonly [string, string],
  keys: KeySelector,
): readonly TargetExclusion[] {
  const slot = variables.get(collection)?.slot
  return slot === undefined ? [] : [{ slot, keys, origin }]
}

function readKeys(
  place: Place,
  name: string,
  text: string,
  diagnostics: Diagnostic[],
): KeySelector | undefined {
  if (name.startsWith('~')) return toRegex(name.slice(1), text, diagnostics)
  if (place === 'body' && name.startsWith('/')) return readPointer(name, text, diagnostics)
  return { kind: 'name', name: name.toLowerCase() }
}

/** A JSON Pointer (RFC 6901) as the engine names the argument, `*` for any one name and `**` for all below. */
function readPointer(pointer: string, text: string, diagnostics: Diagnostic[]): KeySelector | undefined {
  const tokens = pointer.slice(1).split('/')
  const isSubtree = tokens.at(-1) === '**'
  const own = isSubtree ? tokens.slice(0, -1) : tokens
  const names = own.map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~').toLowerCase())
  if (!isSubtree && !names.includes('*')) return { kind: 'name', name: ['json', ...names].join('.') }
  const path = names.map((name) => `\\.${name === '*' ? '[^.]*' : escapeRegex(name)}`).join('')
  return toRegex(`^json${path}${isSubtree ? '(?:\\.|$)' : '$'}`, text, diagnostics)
}

function escapeRegex(text: string): string {
  return text.replace(/[^\w-]/g, (character) =>
    [...Buffer.from(character)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join(''),
  )
}

function toRegex(source: string, text: string, diagnostics: Diagnostic[]): KeySelector | undefined {
  const compiled = compileRegex(`(?i)${source}`)
  if (compiled.kind === 'regex') return { kind: 'regex', regexp: compiled.regexp }
  refuse(text, compiled.message, compiled.fix, diagnostics)
  return undefined
}

function readTarget(text: string, diagnostics: Diagnostic[]): readonly TargetExclusion[] {
  const mistakes: Diagnostic[] = []
  const reporter = new Reporter(nowhere, mistakes)
  const targets = parseTargets(text, ({ code, message, fix }) => reporter.refuse(code, message, fix ?? usage))
  const isPlain = targets.every(({ excluded, counted }) => !excluded && !counted)
  const exclusions = targets.flatMap((target) => compileExclusion(target, reporter) ?? [])
  if (mistakes.length === 0 && isPlain && exclusions.length > 0) return exclusions
  refuse(text, mistakes[0]?.message ?? 'it names nothing to look away from', usage, diagnostics)
  return []
}

const usage =
  'write query NAME, cookie NAME, header NAME, body NAME, body /json/pointer, body /json/pointer/**, query ~REGEX, or a target such as ARGS:name'

function refuse(text: string, message: string, fix: string, diagnostics: Diagnostic[]): void {
  diagnostics.push({
    code: 'bad-field',
    severity: 'error',
    message: `the field "${text}" cannot be read: ${message}`,
    fix,
  })
}
