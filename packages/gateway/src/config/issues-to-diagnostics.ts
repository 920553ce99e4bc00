import { closest, type Diagnostic, type SourcePosition } from '@gateward/kernel'
import type { z } from 'zod'
import { describeExpected, joinWords, namesIn, schemasAt, type SettingSchema } from './setting-schema.ts'
import { settingMistake } from './setting-mistake.ts'
import { valueAt, type SettingPath } from './settings-tree.ts'

/** A zod issue; the members that its `code` implies are there. */
export type SettingIssue = z.core.$ZodIssue

/** What is needed to tell a mistake where it was made. */
export interface IssueContext {
  /** The data that was parsed. */
  readonly root: unknown
  /** The schema of that data. */
  readonly schema: SettingSchema
  /** What `root` itself is called: empty for the whole configuration. */
  readonly prefix: SettingPath
  positionOf(path: SettingPath): SourcePosition | undefined
  keyPositionOf(path: SettingPath): SourcePosition | undefined
  isSubstituted(path: SettingPath): boolean
}

/**
 * Passed to zod's `safeParse`, so that only messages written beside a setting remain: they say what to write,
 * while zod's own only repeat what is said here with the place and the value.
 */
export const ownMessagesOnly = { error: (): string => '' } as const

/** Every issue of a parse as a diagnostic: what was read, why it cannot work, and what to write instead. */
export function issuesToDiagnostics(issues: readonly SettingIssue[], context: IssueContext): Diagnostic[] {
  return issues.flatMap((issue) => issueToDiagnostics(issue, issue.path, context))
}

/** The name of a setting as people write it: `apis.shop.hosts[0]`. */
export function formatPath(path: SettingPath): string {
  let text = ''
  for (const key of path) {
    if (typeof key === 'number') text += `[${key}]`
    else text += text === '' ? String(key) : `.${String(key)}`
  }
  return text
}

function issueToDiagnostics(issue: SettingIssue, path: SettingPath, context: IssueContext): Diagnostic[] {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownSetting(key, path, context))
    case 'invalid_union':
      return unionToDiagnostics(issue.errors, path, context)
    case 'invalid_key':
      return [invalidName(issue, path, context)]
    default:
      return [invalidSetting(issue, path, context)]
  }
}

function unknownSetting(key: string, path: SettingPath, context: IssueContext): Diagnostic {
  const names = namesIn(schemasAt(context.schema, path))
  const near = closest(key, names)
  const known = names.length === 0 ? 'remove it' : `remove it; known here: ${joinWords(names, 'and')}`
  return settingMistake(
    'unknown-setting',
    `unknown setting ${formatPath([...context.prefix, ...path, key])}`,
    near === undefined ? known : `did you mean "${near}"?`,
    context.keyPositionOf([...path, key]),
  )
}

/** Of the forms that a setting may have, tells the mistakes of the one that was meant: the one that fits deepest. */
function unionToDiagnostics(
  branches: readonly (readonly SettingIssue[])[],
  path: SettingPath,
  context: IssueContext,
): Diagnostic[] {
  const meant = branches.filter((issues) => !issues.some(isWrongForm))
  const [issues] = meant
  if (issues !== undefined && (meant.length === 1 || isObject(valueAt(context.root, path))))
    return issues.flatMap((issue) => issueToDiagnostics(issue, [...path, ...issue.path], context))
  return [invalidSetting(undefined, path, context)]
}

function isWrongForm(issue: SettingIssue): boolean {
  return issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'invalid_value')
}

function invalidName(issue: SettingIssue, path: SettingPath, context: IssueContext): Diagnostic {
  const inner = 'issues' in issue ? issue.issues.find(({ message }) => message !== '') : undefined
  return settingMistake(
    'invalid-name',
    `${formatPath([...context.prefix, ...path])} is not a name that can stand here`,
    inner?.message ?? expectedFix(path, context),
    context.keyPositionOf(path),
  )
}

function invalidSetting(
  issue: SettingIssue | undefined,
  path: SettingPath,
  context: IssueContext,
): Diagnostic {
  const value = valueAt(context.root, path)
  const name = formatPath([...context.prefix, ...path]) || 'the configuration'
  if (value === undefined) {
    const fix = `add ${String(path.at(-1) ?? 'it')}: ${expected(path, context) ?? '…'}`
    return settingMistake('missing-setting', `${name} is missing`, fix, context.positionOf(path.slice(0, -1)))
  }
  const own = ownMessage(issue, value, context.isSubstituted(path))
  const ownFix = issue?.code === 'custom' ? issue.params?.['fix'] : undefined
  if (own !== undefined && (typeof ownFix === 'string' || isObject(value))) {
    const fix = typeof ownFix === 'string' ? ownFix : undefined
    return settingMistake('invalid-setting', `${name}: ${own}`, fix, context.positionOf(path))
  }
  const read = `${name} is ${describeValue(value, path, context)}`
  return settingMistake('invalid-setting', read, own ?? expectedFix(path, context), context.positionOf(path))
}

/** The message written beside the setting, unless it would quote what the environment holds. */
function ownMessage(
  issue: SettingIssue | undefined,
  value: unknown,
  substituted: boolean,
): string | undefined {
  if (issue === undefined || issue.message === '') return undefined
  return substituted && issue.message.includes(String(value)) ? undefined : issue.message
}

function expectedFix(path: SettingPath, context: IssueContext): string | undefined {
  const value = valueAt(context.root, path)
  const near = typeof value === 'string' ? closest(value, choicesAt(path, context)) : undefined
  if (near !== undefined) return `did you mean "${near}"?`
  const phrase = expected(path, context)
  if (phrase === undefined) return undefined
  const looksOtherwise =
    /\ba text\b/.test(phrase) && (typeof value === 'number' || typeof value === 'boolean')
  return `write ${phrase}${looksOtherwise ? ', in quotes where it looks like something else' : ''}`
}

function expected(path: SettingPath, context: IssueContext): string | undefined {
  return describeExpected(schemasAt(context.schema, path))
}

function choicesAt(path: SettingPath, context: IssueContext): readonly string[] {
  return schemasAt(context.schema, path)
    .flatMap((schema) => schema.enum ?? [schema.const])
    .filter((choice) => typeof choice === 'string')
}

/** The value as a message may show it: never one that is, or could hold, a secret. */
function describeValue(value: unknown, path: SettingPath, context: IssueContext): string {
  if (schemasAt(context.schema, path).some((schema) => schema['x-form'] === 'secret'))
    return 'not a reference'
  if (Array.isArray(value)) return 'a list'
  if (isObject(value)) return 'a section'
  if (value === null) return 'empty'
  if (context.isSubstituted(path))
    return `a ${typeof value === 'string' ? 'text' : typeof value} from the environment that cannot stand here`
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}…` : value)
  return JSON.stringify(value)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
