import type { Exchange } from '../../exchange/exchange.ts'
import { apiKeyPrefix } from '../../keyring/api-key-format.ts'
import type { GuardInput } from '../guard.ts'
import { consumedNames, placeReaders } from './credential-reader.ts'
import { apiKeyPlace, isSameSource, type ApiKeyPlace, type CredentialSource } from './credential.ts'
import { ambiguous, type Presented } from './presented.ts'
import type { AuthenticationSettings } from './settings.ts'

/**
 * Compiles what keeps API keys from the service where its operation asks for none, or for one in another place: many
 * clients send their key with every request. Looked at are the places that settings and contract name for keys;
 * what does not look like a key of the gateway is the service's own and stays. `undefined`: there is no such place.
 */
export function compileStrayKeys(
  { settings, securitySchemes }: GuardInput<AuthenticationSettings>,
  read: readonly CredentialSource[],
): ((exchange: Exchange) => void) | undefined {
  const named = [...securitySchemes.values()].flatMap((scheme) =>
    scheme.kind === 'apiKey' ? [apiKeyPlace(scheme.in, scheme.name)] : [],
  )
  const usual = settings.apiKeys.headers.map((name) => apiKeyPlace('header', name))
  const places: ApiKeyPlace[] = []
  for (const place of [...usual, ...named]) {
    if (![...read, ...places].some((other) => isSameSource(place, other))) places.push(place)
  }
  if (places.length === 0) return undefined
  return (exchange) => {
    for (const { in: kind, name } of places) {
      if (mayBeKey(placeReaders[kind](exchange, name))) exchange[consumedNames[kind]].push(name)
    }
  }
}

function mayBeKey(presented: Presented): boolean {
  return presented === ambiguous || (presented !== undefined && presented.startsWith(apiKeyPrefix))
}
