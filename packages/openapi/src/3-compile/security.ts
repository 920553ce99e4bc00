import type { LoadedDocument } from '../1-load/loaded-document.ts'
import type { SecurityAlternative, SecurityScheme } from '../contract.ts'
import { isRecord } from '../pointer/is-record.ts'
import { childPointer } from '../pointer/json-pointer.ts'
import { resolve } from '../pointer/resolve.ts'

/** The security schemes of a document that a gateway can act on. */
export function compileSecuritySchemes(document: LoadedDocument): ReadonlyMap<string, SecurityScheme> {
  const place = '/components/securitySchemes'
  const schemes = new Map<string, SecurityScheme>()
  for (const name of Object.keys(resolve(document.root, place)?.value ?? {})) {
    const value = resolve(document.root, childPointer(place, name))?.value
    const scheme = value === undefined ? undefined : toScheme(value)
    if (scheme !== undefined) schemes.set(name, scheme)
  }
  return schemes
}

/** The alternatives of a `security` member; `undefined` where it is absent. */
export function compileSecurity(security: unknown): readonly SecurityAlternative[] | undefined {
  if (!Array.isArray(security)) return undefined
  return security.map((alternative: unknown) =>
    Object.entries(isRecord(alternative) ? alternative : {}).map(([scheme, scopes]) => ({
      scheme,
      scopes: Array.isArray(scopes) ? scopes.map(String) : [],
    })),
  )
}

function toScheme(value: Readonly<Record<string, unknown>>): SecurityScheme | undefined {
  switch (value['type']) {
    case 'apiKey':
      return {
        kind: 'apiKey',
        in: value['in'] as 'header' | 'query' | 'cookie',
        name: String(value['name']),
      }
    case 'http': {
      const format = value['bearerFormat']
      return {
        kind: 'http',
        scheme: String(value['scheme']).toLowerCase(),
        bearerFormat: typeof format === 'string' ? format : undefined,
      }
    }
    case 'oauth2':
      return { kind: 'oauth2' }
    case 'openIdConnect':
      return { kind: 'openIdConnect', url: String(value['openIdConnectUrl']) }
    case 'mutualTLS':
      return { kind: 'mutualTLS' }
    default:
      return undefined
  }
}
