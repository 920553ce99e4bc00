import { defineProblem } from '@gateward/kernel'
import type { Operation, SecurityRequirement, SecurityScheme } from '@gateward/openapi'
import type { Exchange } from '../../exchange/exchange.ts'
import type { Known, UsedCredential } from '../../exchange/principal.ts'
import { pass, type Verdict } from '../guard.ts'

/** What an operation asks of its callers. */
export interface RightsDeclaration {
  readonly operation: Operation
  readonly securitySchemes: ReadonlyMap<string, SecurityScheme>
  /** All of these besides those of `security`. */
  readonly scopes: readonly string[]
  /** One of these; empty: no role is needed. */
  readonly roles: readonly string[]
}

/**
 * Compiles the check of scopes and roles. An alternative of `security` counts where the caller's credentials are of
 * its schemes; one whose scopes are all there is enough. `undefined`: whoever was let in may use the operation.
 */
export function compileRights(declaration: RightsDeclaration): ((exchange: Exchange) => Verdict) | undefined {
  const { operation, scopes, roles } = declaration
  const alternatives = (operation.security ?? []).map((alternative) =>
    compileAlternative(alternative, declaration),
  )
  const hasScopes = alternatives.some((alternative) => alternative.scopes.length > 0)
  if (!hasScopes && scopes.length === 0 && roles.length === 0) return undefined
  const own: OwnRights = { scopes, roles }
  const unscoped: Alternative = { requirements: [], scopes, verdict: passWith(scopes) }
  return ({ principal }) => {
    if (principal.kind === 'anonymous') return decideAnonymous(alternatives, own)
    const alternative = hasScopes ? findMet(alternatives, principal) : unscoped
    if (alternative === undefined) return refuse(principal, nearest(alternatives, principal))
    return isHeld(own, principal) ? alternative.verdict : refuse(principal, own.scopes)
  }
}

interface Alternative {
  readonly requirements: readonly Requirement[]
  readonly scopes: readonly string[]
  /** The pass that names the scopes, so that a record tells by which right the caller came in. */
  readonly verdict: Verdict
}

interface Requirement {
  readonly matches: (credential: UsedCredential) => boolean
  readonly scopes: readonly string[]
  /** Whether the names are roles of keys or certificates instead of scopes of a token (OpenAPI 3.1 section 4.8.30). */
  readonly orRoles: boolean
}

interface OwnRights {
  readonly scopes: readonly string[]
  readonly roles: readonly string[]
}

function compileAlternative(
  requirements: readonly SecurityRequirement[],
  { securitySchemes, scopes }: RightsDeclaration,
): Alternative {
  const named = [...new Set([...requirements.flatMap((requirement) => requirement.scopes), ...scopes])]
  return {
    requirements: requirements.map((requirement) => compileRequirement(requirement, securitySchemes)),
    scopes: named,
    verdict: passWith(named),
  }
}

function passWith(scopes: readonly string[]): Verdict {
  return scopes.length === 0 ? pass : { kind: 'pass', note: scopes.join(' ') }
}

function compileRequirement(
  { scheme, scopes }: SecurityRequirement,
  schemes: ReadonlyMap<string, SecurityScheme>,
): Requirement {
  const declared = schemes.get(scheme)
  const isToken = isTokenScheme(declared)
  // Two token schemes read the same credential, which carries the name of the first; so do two keys at one place.
  const sameNames = new Set(
    [...schemes].filter(([, other]) => isSameSource(declared, other)).map(([name]) => name),
  )
  return {
    scopes,
    orRoles: !isToken,
    matches: (credential) =>
      credential.scheme === scheme ||
      (isToken ? credential.kind === 'jwt' : sameNames.has(credential.scheme)),
  }
}

function isTokenScheme(scheme: SecurityScheme | undefined): boolean {
  if (scheme?.kind === 'http') return scheme.scheme.toLowerCase() === 'bearer'
  return scheme?.kind === 'oauth2' || scheme?.kind === 'openIdConnect'
}

function isSameSource(one: SecurityScheme | undefined, other: SecurityScheme): boolean {
  return one?.kind === 'apiKey' && other.kind === 'apiKey' && one.in === other.in && one.name === other.name
}

// Loops, since this runs on every request: `every` and `some` would make functions that hold the principal.
function isMet({ requirements }: Alternative, principal: Known): boolean {
  for (const requirement of requirements) {
    if (!principal.credentials.some(requirement.matches)) return false
    for (const scope of requirement.scopes) {
      if (!holds(principal, scope, requirement.orRoles)) return false
    }
  }
  return true
}

function findMet(alternatives: readonly Alternative[], principal: Known): Alternative | undefined {
  for (const alternative of alternatives) if (isMet(alternative, principal)) return alternative
  return undefined
}

function holds(principal: Known, name: string, orRoles: boolean): boolean {
  return principal.scopes.has(name) || (orRoles && principal.roles.has(name))
}

function isHeld({ scopes, roles }: OwnRights, principal: Known): boolean {
  if (!scopes.every((scope) => principal.scopes.has(scope))) return false
  return roles.length === 0 || roles.some((role) => principal.roles.has(role))
}

// Who is nobody has no rights; an alternative without requirements asks for none.
function decideAnonymous(alternatives: readonly Alternative[], own: OwnRights): Verdict {
  const isOpen = alternatives.some(({ requirements }) => requirements.length === 0)
  if (isOpen && own.scopes.length === 0 && own.roles.length === 0) return pass
  return {
    kind: 'refuse',
    problem: defineProblem('UNAUTHENTICATED', 'the operation needs rights, and nobody is known', {
      headers: [['www-authenticate', 'Bearer']],
    }),
  }
}

/** The scopes of the first alternative whose credentials were shown: the ones that the caller could ask for. */
function nearest(alternatives: readonly Alternative[], principal: Known): readonly string[] {
  const shown = alternatives.find(({ requirements }) =>
    requirements.every((requirement) => principal.credentials.some(requirement.matches)),
  )
  return (shown ?? alternatives[0])?.scopes ?? []
}

function refuse(principal: Known, needed: readonly string[]): Verdict {
  const missing = needed.filter((scope) => !principal.scopes.has(scope))
  const reason =
    missing.length > 0 ? `${missing.join(' ')} is missing` : 'no role that the operation asks for'
  const isToken = principal.credentials.some((credential) => credential.kind === 'jwt')
  return {
    kind: 'refuse',
    problem: defineProblem('FORBIDDEN', reason, isToken ? { headers: [challenge(needed)] } : {}),
  }
}

// RFC 6750 section 3.1: which scopes would do. Names that are no scope-token (RFC 6749 section 3.3) cannot be sent.
function challenge(needed: readonly string[]): readonly [string, string] {
  const scopes = needed.filter((scope) => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope))
  const attribute = scopes.length === 0 ? '' : `, scope="${scopes.join(' ')}"`
  return ['www-authenticate', `Bearer error="insufficient_scope"${attribute}`]
}
