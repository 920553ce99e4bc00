import { closest } from '@gateward/kernel'
import type { Diagnostic, Severity } from '@gateward/kernel'
import { judgeDialect } from '../../grammar/schema-dialect.ts'
import { compilePattern } from '../../patterns/compile-pattern.ts'
import { dataClassFault, keyword as dataClassKeyword } from './classify/data-class.ts'
import type { CompositionReader } from './composition.ts'
import type { Dialect } from './dialect.ts'
import { knownFormats } from './formats.ts'
import { isObject } from './is-object.ts'
import { describeShape, hasShape, isSchema } from './keyword-shapes.ts'
import { toToken, valueAt } from './pointer.ts'
import type { Place, SchemaSource } from './schema-source.ts'
import { subschemas, toReference } from './subschemas.ts'
import { sanitizeSteps } from './sanitize/sanitize-steps.ts'

/**
 * Finds every mistake in the schemas reachable from a place, each schema once over the checker's life. After a
 * check without errors, compiling those schemas cannot fail.
 */
export interface SchemaChecker {
  check(place: Place): void
  readonly diagnostics: readonly Diagnostic[]
}

/** Makes the checker of one document. */
export function createSchemaChecker(
  source: SchemaSource,
  dialect: Dialect,
  compositions: CompositionReader,
): SchemaChecker {
  const diagnostics: Diagnostic[] = []
  const seen = new Set<string>()

  function check(start: Place): void {
    const open = [start]
    for (let place = open.pop(); place !== undefined; place = open.pop()) {
      const key = `${place.pointer} ${place.scope.length}`
      if (seen.has(key)) continue
      seen.add(key)
      if (isSchema(place.schema)) checkKeywords(place)
      else report(place.pointer, 'error', 'invalid-schema', 'a schema must be an object or a boolean', '')
      open.push(...subschemas(source, dialect, place))
    }
  }

  function checkKeywords(place: Place): void {
    if (!isObject(place.schema)) return
    if (dialect.isDraft4) checkReferenceSiblings(place)
    for (const [keyword, value] of Object.entries(place.schema)) {
      const shape = dialect.keywords.get(keyword)
      if (shape === undefined) checkUnknown(place, keyword, value)
      else if (!hasShape(shape, value)) {
        const message = `${keyword} must be ${describeShape(shape)} in ${dialect.title}`
        report(at(place, keyword), 'error', 'invalid-keyword', message, fixShape(keyword, value))
      } else checkMeaning(place, keyword, value)
    }
  }

  function checkUnknown(place: Place, keyword: string, value: unknown): void {
    if (keyword.startsWith('x-')) {
      if (keyword === 'x-gateward') checkExtension(place, value)
      else if (keyword === dataClassKeyword) checkDataClass(place, value)
      return
    }
    const instead = dialect.foreign.get(keyword)
    if (instead !== undefined) {
      const severity = keyword === 'nullable' && value === false ? 'warning' : foreignSeverity(keyword)
      const message = `${dialect.title} does not know ${keyword}, so that it would have no effect`
      report(at(place, keyword), severity, 'unsupported-keyword', message, instead)
      return
    }
    const meant = closest(keyword, dialect.keywords.keys())
    report(
      at(place, keyword),
      'warning',
      'unknown-keyword',
      `${keyword} is no keyword of ${dialect.title} and has no effect`,
      meant === undefined ? 'remove it, or rename it x-…' : `did you mean "${meant}"?`,
    )
  }

  function checkMeaning(place: Place, keyword: string, value: unknown): void {
    const { schema } = place
    if (!isObject(schema)) return
    if (keyword === '$schema' && !dialect.isDraft4) checkDialect(place, String(value))
    else if (isExclusiveBound(keyword)) checkBound(schema, at(place, keyword), keyword, value)
    else if (keyword === '$ref' || keyword === '$dynamicRef') checkReference(place, keyword, value)
    else if (keyword === 'pattern') checkPattern(at(place, keyword), String(value))
    else if (keyword === 'patternProperties' && isObject(value))
      for (const pattern of Object.keys(value)) checkPattern(at(place, keyword, pattern), pattern)
    else if (keyword === 'format' && !knownFormats.has(String(value))) checkFormat(place, String(value))
    else if (keyword === 'discriminator' && isObject(value)) checkMapping(place, value['mapping'])
    else if (keyword === 'enum' && schema['nullable'] === true && dialect.isDraft4)
      checkNullInEnum(place, value)
  }

  function checkDialect(place: Place, name: string): void {
    const mistake = judgeDialect('$schema', name)
    if (mistake === undefined) return
    report(at(place, '$schema'), mistake.severity, mistake.code, mistake.message, mistake.fix)
  }

  function checkBound(
    schema: Readonly<Record<string, unknown>>,
    pointer: string,
    keyword: string,
    value: unknown,
  ): void {
    const bound = nameOfBound(keyword)
    if (value === true && !Object.hasOwn(schema, bound)) {
      const message = `${keyword}: true has no effect without ${bound}`
      report(pointer, 'warning', 'ignored-keyword', message, `add ${bound}`)
    } else if (typeof value !== (dialect.isDraft4 ? 'boolean' : 'number')) {
      const message = `${keyword}: ${String(value)} is the form of another version, and is read as what it means there`
      report(pointer, 'warning', 'foreign-bound', message, fixBound(keyword, value, schema[bound]))
    }
  }

  function checkReference(place: Place, keyword: '$ref' | '$dynamicRef', value: unknown): void {
    const target = source.follow(place, keyword)
    if (target !== undefined) {
      if (leadsBack(target, place)) reportEndless(place, keyword)
      return
    }
    const message = `${keyword} ${quote(value)} names no schema`
    report(
      at(place, keyword),
      'error',
      'dangling-reference',
      message,
      'correct the reference or add the schema',
    )
  }

  // A schema that is needed to judge the very value it is judging would be asked for ever.
  function leadsBack(start: Place, goal: Place): boolean {
    const reached = new Set([start])
    for (const place of reached) {
      if (place === goal) return true
      const { always, sometimes } = compositions.inPlace(place)
      for (const next of [...always, ...sometimes]) reached.add(next)
      if (isObject(place.schema) && isSchema(place.schema['not'])) reached.add(source.child(place, 'not'))
    }
    return false
  }

  function reportEndless(place: Place, keyword: string): void {
    const message = `${keyword} leads back to the schema it stands in without going into a part of the value`
    report(at(place, keyword), 'error', 'endless-reference', message, 'remove the reference')
  }

  function checkReferenceSiblings(place: Place): void {
    if (!isObject(place.schema) || typeof place.schema['$ref'] !== 'string') return
    for (const keyword of Object.keys(valueAt(source.document.root, place.pointer) ?? {})) {
      if (keyword === '$ref' || keyword.startsWith('x-')) continue
      if (dialect.keywords.get(keyword) === 'annotation') continue
      const message = `${keyword} beside $ref has no effect in ${dialect.title}`
      report(at(place, keyword), 'warning', 'ignored-keyword', message, 'put both into allOf')
    }
  }

  function checkPattern(pointer: string, pattern: string): void {
    const { advice } = compilePattern(pattern)
    if (advice !== undefined) report(pointer, advice.severity, advice.code, advice.message, advice.fix)
  }

  function checkFormat(place: Place, format: string): void {
    const meant = closest(format, knownFormats.keys())
    report(
      at(place, 'format'),
      'warning',
      'unknown-format',
      `format ${quote(format)} is not known and checks nothing`,
      meant === undefined ? 'add a pattern if values must be checked' : `did you mean "${meant}"?`,
    )
  }

  function checkMapping(place: Place, mapping: unknown): void {
    if (!isObject(mapping)) return
    for (const [name, reference] of Object.entries(mapping)) {
      if (source.resolve(place, toReference(String(reference))) !== undefined) continue
      const message = `the discriminator maps ${quote(name)} to ${quote(reference)}, which names no schema`
      report(at(place, 'discriminator'), 'error', 'dangling-reference', message, 'correct the mapping')
    }
  }

  function checkNullInEnum(place: Place, values: unknown): void {
    if (!Array.isArray(values) || values.includes(null)) return
    const message = 'nullable has no effect beside an enum without null (OpenAPI 3.0.3, section 4.7.24)'
    report(at(place, 'enum'), 'warning', 'ignored-keyword', message, 'add null to the enum')
  }

  function checkExtension(place: Place, value: unknown): void {
    const pointer = at(place, 'x-gateward')
    if (!isObject(value)) {
      report(pointer, 'error', 'invalid-extension', 'x-gateward must be an object', '')
      return
    }
    for (const [name, setting] of Object.entries(value)) {
      const fault = extensionFault(name, setting)
      if (fault !== undefined)
        report(`${pointer}/${toToken(name)}`, 'error', 'invalid-extension', fault.message, fault.fix)
    }
  }

  function checkDataClass(place: Place, value: unknown): void {
    const fault = dataClassFault(value)
    if (fault !== undefined)
      report(at(place, dataClassKeyword), 'error', 'invalid-data-class', fault.message, fault.fix)
  }

  function report(pointer: string, severity: Severity, code: string, message: string, fix: string): void {
    const position = source.document.positionOf(pointer)
    diagnostics.push({ code, severity, message, position, ...(fix === '' ? {} : { fix }) })
  }

  return { check, diagnostics }
}

/** What is wrong with one setting of a schema's `x-gateward`; settings of other guards are theirs to check. */
function extensionFault(name: string, setting: unknown): { message: string; fix: string } | undefined {
  if (name === 'sanitize') {
    const known: readonly unknown[] = sanitizeSteps
    if (Array.isArray(setting) && setting.every((step) => known.includes(step))) return undefined
    return { message: `sanitize must be a list of ${sanitizeSteps.join(', ')}`, fix: 'sanitize: [trim, nfc]' }
  }
  if (name === 'scope' && (typeof setting !== 'string' || setting === ''))
    return { message: 'scope must name the scope that may see this property', fix: 'scope: orders:internal' }
  return undefined
}

// What only names or annotates cannot let a bad value through.
function foreignSeverity(keyword: string): Severity {
  return ['id', '$id', '$anchor', '$defs', 'nullable'].includes(keyword) ? 'warning' : 'error'
}

function fixShape(keyword: string, value: unknown): string {
  if (keyword === 'type' && Array.isArray(value)) return 'write one type, and nullable: true for null'
  return ''
}

function fixBound(keyword: string, value: unknown, inclusive: unknown): string {
  if (value === false) return 'remove it'
  const bound = nameOfBound(keyword)
  if (value === true)
    return `write ${keyword}: ${String(inclusive)} instead of ${bound}: ${String(inclusive)}`
  return `write ${bound}: ${String(value)} with ${keyword}: true`
}

function isExclusiveBound(keyword: string): boolean {
  return keyword === 'exclusiveMinimum' || keyword === 'exclusiveMaximum'
}

function nameOfBound(keyword: string): string {
  return keyword === 'exclusiveMinimum' ? 'minimum' : 'maximum'
}

function at(place: Place, ...names: readonly string[]): string {
  return names.reduce((pointer, name) => `${pointer}/${toToken(name)}`, place.pointer)
}

function quote(value: unknown): string {
  return `"${String(value).slice(0, 80)}"`
}
