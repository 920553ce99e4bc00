/**
 * Masks what looks like a credential or a person's address in free text that is about to be logged (an upstream's
 * error, say). Structured fields need none of this: only listed ones are ever written.
 */
export function redact(text: string): string {
  let redacted = text
  for (const [pattern, replacement] of masks) redacted = redacted.replace(pattern, replacement)
  return redacted
}

// Each pattern is linear: it starts at a literal or a bounded class, and no repeat holds another.
const masks: readonly (readonly [RegExp, string])[] = [
  [/eyJ[A-Za-z0-9_-]{5,2000}\.[A-Za-z0-9_-]{1,4000}(?:\.[A-Za-z0-9_-]{0,2000})?/g, '[jwt]'],
  [/\bgw_[a-z0-9]{1,20}_[A-Za-z0-9]{8,64}_[A-Za-z0-9]{1,12}/g, '[api key]'],
  [/\b(?:Bearer|Basic|Digest|DPoP) [A-Za-z0-9._~+/=-]{4,4000}/gi, '[credential]'],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, '[aws key]'],
  [/\b(?:ghp|gho|ghs|ghu|glpat|xox[abprs]|sk_live|sk_test|rk_live)[_-][A-Za-z0-9_-]{8,255}/g, '[token]'],
  [
    /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]{0,8000}(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?/g,
    '[private key]',
  ],
  [
    /((?:password|passwd|pwd|secret|token|api[_-]?key|authorization)["']?\s{0,3}[=:]\s{0,3}["']?)[^\s"',;&}]{1,500}/gi,
    '$1[redacted]',
  ],
  [/\/\/[^\s/:@]{1,200}:[^\s/@]{1,200}@/g, '//[credential]@'],
  [/[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,24}/g, '[e-mail]'],
]
