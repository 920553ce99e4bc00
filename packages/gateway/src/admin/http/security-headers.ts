/**
 * What every answer of the admin address carries, whatever it is. The policy lets the dashboard load its own files and
 * talk to its own origin, and nothing else: no inline script, no frame around it, no form that leads away, and no
 * string that becomes HTML outside of a Trusted Type.
 */
export const securityHeaders: readonly string[] = [
  'content-security-policy',
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; '),
  'x-content-type-options',
  'nosniff',
  'x-frame-options',
  'DENY',
  'referrer-policy',
  'no-referrer',
  'cross-origin-opener-policy',
  'same-origin',
  'cross-origin-resource-policy',
  'same-origin',
  'cross-origin-embedder-policy',
  'require-corp',
  'permissions-policy',
  'camera=(), microphone=(), geolocation=(), payment=(), usb=(), publickey-credentials-get=(self), publickey-credentials-create=(self)',
  'strict-transport-security',
  'max-age=31536000',
  'x-robots-tag',
  'noindex',
]
