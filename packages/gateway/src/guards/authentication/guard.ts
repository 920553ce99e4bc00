import { z } from 'zod'
import type { Exchange } from '../../exchange/exchange.ts'
import { defineGuard, pass, type Guard, type GuardInput, type GuardServices } from '../guard.ts'
import { AuthenticationGuard } from './authentication-guard.ts'
import { compileCredentialReader } from './credential-reader.ts'
import { createTokenVerifier, type TokenVerifier } from './jwt/token-verifier.ts'
import { compileRefusals } from './refusals.ts'
import { compileRequirements } from './requirements.ts'
import { authenticationSettings, type AuthenticationSettings } from './settings.ts'
import { compileStrayKeys } from './stray-keys.ts'

/** Finds out who calls: API keys and access tokens, as the contract's `security` asks for them. */
export const authenticationGuard = defineGuard({
  name: 'authentication',
  settings: authenticationSettings,
  extension: {
    anonymous: z
      .enum(['allow'])
      .describe('Opens an operation that declares no `security` to everybody, with or without a credential.'),
  },
  fixed: ['issuers', 'apiKeys', 'realm'],
  compile: compileAuthentication,
})

function compileAuthentication(input: GuardInput<AuthenticationSettings>): Guard | undefined {
  if (input.unmatched) return undefined
  const requirements = compileRequirements(input)
  const hideStrayKeys = compileStrayKeys(input, requirements?.sources ?? [])
  if (requirements === undefined) return hideStrayKeys === undefined ? undefined : openToAll(hideStrayKeys)
  const { apiKeys } = input.services
  const tokens = tokenVerifierOf(input.settings, input.services)
  return new AuthenticationGuard({
    requirements,
    readers: requirements.sources.map((source) => compileCredentialReader(source, { apiKeys, tokens })),
    refusals: compileRefusals(requirements, input.settings.realm),
    hideStrayKeys,
  })
}

function openToAll(hideStrayKeys: (exchange: Exchange) => void): Guard {
  return {
    onRequest: (exchange) => {
      hideStrayKeys(exchange)
      return pass
    },
  }
}

// Operations share their issuers; each issuer is compiled once a configuration.
const tokenVerifiers = new WeakMap<AuthenticationSettings, TokenVerifier>()

function tokenVerifierOf(settings: AuthenticationSettings, services: GuardServices): TokenVerifier {
  const known = tokenVerifiers.get(settings)
  if (known !== undefined) return known
  const { issuerKeys: keys, clock } = services
  const verifier = createTokenVerifier({ issuers: settings.issuers, keys, clock })
  tokenVerifiers.set(settings, verifier)
  return verifier
}
