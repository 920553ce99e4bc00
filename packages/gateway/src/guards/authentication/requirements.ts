import type { Diagnostic } from '@gateward/kernel'
import type { Operation, SecurityAlternative, SecurityScheme } from '@gateward/openapi'
import type { GuardInput } from '../guard.ts'
import { apiKeyPlace, isSameSource, type CredentialSource } from './credential.ts'
import type { AuthenticationSettings } from './settings.ts'

/** What callers of one operation must show. */
export interface Requirements {
  /** Every place that is looked at, each once. */
  readonly sources: readonly CredentialSource[]
  /** One of these must be met (OR); each is a list of credentials that are needed together (AND). */
  readonly alternatives: readonly Alternative[]
  /** Whether who shows nothing is welcome too. */
  readonly anonymous: boolean
}

export type Alternative = readonly NeededCredential[]

interface NeededCredential {
  /** Index into `sources`. */
  readonly source: number
  /** The name of the security scheme. */
  readonly scheme: string
}

type Input = GuardInput<AuthenticationSettings>

/**
 * Compiles an operation's `security` (OpenAPI: a list of alternatives, each of schemes that must all hold); `undefined`
 * where it asks for nothing. What is not declared is closed: it needs an API key.
 */
export function compileRequirements(input: Input): Requirements | undefined {
  const { operation } = input
  if (operation === undefined) return withoutContract(input)
  if (operation.security === undefined) return undeclared(input, operation)
  if (isOpened(operation)) input.report(contradiction(operation))
  return declared(input, operation, operation.security)
}

function declared(
  input: Input,
  operation: Operation,
  security: readonly SecurityAlternative[],
): Requirements | undefined {
  if (security.length === 0) return undefined
  const builder = new RequirementsBuilder()
  for (const alternative of security) {
    const readings = alternative.map(({ scheme }) => ({ scheme, ...readScheme(input, operation, scheme) }))
    for (const { mistake } of readings) if (mistake !== undefined) input.report(mistake)
    const needed = readings.flatMap(({ scheme, source }) =>
      source === undefined ? [] : [{ scheme, source }],
    )
    // One part that cannot be checked makes the whole alternative one that cannot be met: it lets nobody in.
    if (needed.length === alternative.length) builder.add(needed)
  }
  return builder.build()
}

function undeclared(input: Input, operation: Operation): Requirements {
  const open = input.services.anonymousByDefault || isOpened(operation)
  if (!open)
    input.report({
      code: 'undeclared-security',
      severity: 'warning',
      message: `operation ${operation.id} declares no security, so it needs an API key`,
      fix: 'add `security:` or `x-gateward: { anonymous: allow }`',
      position: operation.position,
    })
  const builder = new RequirementsBuilder()
  addApiKeys(builder, input.settings)
  if (open) addBearer(builder, input.settings)
  if (open) builder.add([])
  return builder.build()
}

function withoutContract(input: Input): Requirements {
  const builder = new RequirementsBuilder()
  addApiKeys(builder, input.settings)
  addBearer(builder, input.settings)
  if (input.services.anonymousByDefault) builder.add([])
  return builder.build()
}

function addApiKeys(builder: RequirementsBuilder, settings: AuthenticationSettings): void {
  for (const name of settings.apiKeys.headers)
    builder.add([{ scheme: 'api-key', source: { kind: 'api-key', in: 'header', name } }])
}

function addBearer(builder: RequirementsBuilder, settings: AuthenticationSettings): void {
  if (settings.issuers.length > 0) builder.add([{ scheme: 'bearer', source: { kind: 'bearer' } }])
}

interface SchemeReading {
  readonly source?: CredentialSource
  readonly mistake?: Diagnostic
}

function readScheme(input: Input, operation: Operation, name: string): SchemeReading {
  const scheme = input.securitySchemes.get(name)
  if (scheme === undefined)
    return mistake(
      operation,
      'unknown-security-scheme',
      `security scheme ${name} is not declared, so it lets nobody in`,
      'declare it in components.securitySchemes',
    )
  const source = toSource(scheme)
  if (source === undefined)
    return mistake(
      operation,
      'unsupported-security-scheme',
      `security scheme ${name} (${describe(scheme)}) cannot be verified, so it lets nobody in`,
      'use apiKey, http bearer, oauth2 or openIdConnect',
    )
  if (source.kind === 'bearer' && input.settings.issuers.length === 0)
    return mistake(
      operation,
      'no-token-issuer',
      `security scheme ${name} needs tokens, and no issuer is configured, so it lets nobody in`,
      'add authentication.issuers',
    )
  return { source }
}

function toSource(scheme: SecurityScheme): CredentialSource | undefined {
  if (scheme.kind === 'apiKey') return apiKeyPlace(scheme.in, scheme.name)
  if (scheme.kind === 'oauth2' || scheme.kind === 'openIdConnect') return { kind: 'bearer' }
  return scheme.kind === 'http' && scheme.scheme.toLowerCase() === 'bearer' ? { kind: 'bearer' } : undefined
}

function describe(scheme: SecurityScheme): string {
  return scheme.kind === 'http' ? `http ${scheme.scheme}` : scheme.kind
}

function mistake(operation: Operation, code: string, message: string, fix: string): SchemeReading {
  return {
    mistake: {
      code,
      severity: 'warning',
      message: `operation ${operation.id}: ${message}`,
      fix,
      position: operation.position,
    },
  }
}

function contradiction(operation: Operation): Diagnostic {
  return {
    code: 'contradicting-security',
    severity: 'error',
    message: `operation ${operation.id} declares security and x-gateward: { anonymous: allow }`,
    fix: 'leave one away; to make credentials optional add the alternative {} to security',
    position: operation.extensionPosition ?? operation.position,
  }
}

function isOpened(operation: Operation): boolean {
  return operation.extension?.['anonymous'] === 'allow'
}

/** Collects alternatives, and numbers the places they look at. */
class RequirementsBuilder {
  readonly #sources: CredentialSource[] = []
  readonly #alternatives: Alternative[] = []
  #anonymous = false

  add(needed: readonly { readonly scheme: string; readonly source: CredentialSource }[]): void {
    if (needed.length === 0) this.#anonymous = true
    else
      this.#alternatives.push(needed.map(({ scheme, source }) => ({ scheme, source: this.#number(source) })))
  }

  build(): Requirements {
    return { sources: this.#sources, alternatives: this.#alternatives, anonymous: this.#anonymous }
  }

  #number(source: CredentialSource): number {
    const known = this.#sources.findIndex((other) => isSameSource(source, other))
    return known === -1 ? this.#sources.push(source) - 1 : known
  }
}
