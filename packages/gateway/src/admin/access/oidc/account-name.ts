import type { Claims } from './claimed-role.ts'

/** What an account may be called: letters of any script, digits, and what stands in an e-mail address. */
export const accountNamePattern = /^[\p{L}\p{N}][\p{L}\p{N} ._@+-]*$/u

/**
 * What somebody from a provider is called here. An address that the provider has not verified could be anybody's, so it is
 * no name; the subject always is one.
 */
export function accountNameOf(claims: Claims): string | undefined {
  const { email, email_verified: isVerified, preferred_username: username, sub } = claims
  return [isVerified === true ? email : undefined, username, sub].find(
    (name): name is string => typeof name === 'string' && name.length <= 100 && accountNamePattern.test(name),
  )
}
