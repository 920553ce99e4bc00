import type { Severity } from '@gateward/kernel'

/** What is to be said of a dialect's name. */
export interface DialectMistake {
  readonly severity: Severity
  readonly code: 'older-dialect' | 'unsupported-dialect'
  readonly message: string
  readonly fix: string
}

const known: ReadonlySet<string> = new Set([
  'https://json-schema.org/draft/2020-12/schema',
  'https://spec.openapis.org/oas/3.1/dialect/base',
  'https://spec.openapis.org/oas/3.1/dialect/2024-11-10',
  'https://spec.openapis.org/oas/3.2/dialect/2025-09-17',
])

const olderDrafts = /^https?:\/\/json-schema\.org\/(?:draft-0[3-7]|draft\/2019-09)\/(?:hyper-)?schema$/

/**
 * Judges the dialect that a schema (`$schema`) or a whole document (`jsonSchemaDialect`, OpenAPI 3.1.1 section
 * 4.8.24.7) names; `undefined` where it is read as it is. An older draft is read as 2020-12, which reports each
 * keyword that it would read otherwise; another dialect could mean anything.
 */
export function judgeDialect(keyword: string, name: string): DialectMistake | undefined {
  const uri = name.replace(/#$/, '')
  if (known.has(uri)) return undefined
  const fix = 'write the schema in JSON Schema 2020-12'
  const subject = `${keyword} "${name.slice(0, 80)}"`
  if (olderDrafts.test(uri)) {
    const message = `${subject} is an older draft; it is read as 2020-12`
    return { severity: 'warning', code: 'older-dialect', message, fix }
  }
  const message = `${subject} is a dialect that Gateward does not read`
  return { severity: 'error', code: 'unsupported-dialect', message, fix }
}
