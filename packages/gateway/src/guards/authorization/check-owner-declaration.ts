import { closest, type Diagnostic } from '@gateward/kernel'
import type { Operation } from '@gateward/openapi'
import { pathParameterNames } from './request-owner.ts'
import type { OwnerDeclaration } from './settings.ts'

/** Reports a declared ownership that could never be decided, or would be decided too late. */
export function checkOwnerDeclaration(
  owner: OwnerDeclaration,
  operation: Operation,
  report: (diagnostic: Diagnostic) => void,
): void {
  const position = operation.extensionPosition ?? operation.position
  for (const mistake of findMistakes(owner, operation)) report({ ...mistake, position })
}

type Mistake = Omit<Diagnostic, 'position'>

function findMistakes(owner: OwnerDeclaration, operation: Operation): readonly Mistake[] {
  return [
    unknownPath(owner, operation),
    unknownQuery(owner, operation),
    unreadableBody(owner, operation),
    nobodyKnown(operation),
    tooLate(owner, operation),
  ].filter((mistake) => mistake !== undefined)
}

function unknownPath({ path }: OwnerDeclaration, operation: Operation): Mistake | undefined {
  const names = pathParameterNames(operation)
  if (path === undefined || names.includes(path)) return undefined
  const near = closest(path, names)
  return {
    code: 'unknown-owner-parameter',
    severity: 'error',
    message: `owner.path of operation ${operation.id} names ${path}, which ${operation.template} does not have`,
    fix: near === undefined ? 'name a variable of the path' : `did you mean ${near}?`,
  }
}

// The reader of parameters lists no names; it does tell which are unknown.
function unknownQuery({ query }: OwnerDeclaration, operation: Operation): Mistake | undefined {
  if (query === undefined) return undefined
  const { violations } = operation.parameters.read(
    { path: [], query: `${encodeURIComponent(query)}=1`, header: () => undefined },
    { allowUnknownQuery: false, ignoredQuery: new Set() },
  )
  if (!violations.some((each) => each.in === 'query' && each.keyword === 'unknown')) return undefined
  return {
    code: 'unknown-owner-parameter',
    severity: 'error',
    message: `owner.query of operation ${operation.id} names ${query}, which is no query parameter of it`,
    fix: 'declare the parameter, or name one that is declared',
  }
}

function unreadableBody({ body }: OwnerDeclaration, operation: Operation): Mistake | undefined {
  if (body === undefined) return undefined
  const { requestBody } = operation
  const others = requestBody?.mediaTypes.filter((type) => requestBody.match(type)?.format !== 'json') ?? []
  if (requestBody !== undefined && others.length === 0) return undefined
  return {
    code: 'owner-body-not-json',
    severity: 'error',
    message:
      requestBody === undefined
        ? `owner.body of operation ${operation.id}: it declares no request body`
        : `owner.body of operation ${operation.id}: an owner cannot be read from ${others.join(', ')}`,
    fix: 'take application/json alone, or name the owner in path or query',
  }
}

function nobodyKnown(operation: Operation): Mistake | undefined {
  const isOpen = operation.security?.length === 0 || operation.extension?.['anonymous'] === 'allow'
  if (!isOpen) return undefined
  return {
    code: 'owner-without-caller',
    severity: 'error',
    message: `operation ${operation.id} declares an owner and lets everybody in`,
    fix: 'declare `security:`, or leave the owner away',
  }
}

function tooLate({ path, query, body, answer }: OwnerDeclaration, operation: Operation): Mistake | undefined {
  const isSafe = operation.method === 'GET' || operation.method === 'HEAD' || operation.method === 'QUERY'
  if (answer === undefined || isSafe || [path, query, body].some((place) => place !== undefined))
    return undefined
  return {
    code: 'owner-known-too-late',
    severity: 'warning',
    message: `operation ${operation.id} learns the owner from the answer, when it has already happened`,
    fix: 'name the owner in path, query or body as well',
  }
}
