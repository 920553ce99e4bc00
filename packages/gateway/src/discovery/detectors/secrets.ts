import { says, type Detector, type FieldName } from './detector.ts'

/** What gives access: tokens and keys by their prefixes, or by their name and how random they are; passwords and their hashes. */
export const secretDetectors: readonly Detector[] = [
  {
    id: 'secret',
    class: 'secret.token',
    chance: 0.1,
    share: 0.6,
    finds: (text) => knownForms.some((form) => form.test(text)),
  },
  { id: 'named-secret', class: 'secret.token', chance: 0.4, share: 0.6, finds: isNamedSecret },
  {
    id: 'password-hash',
    class: 'secret.password',
    chance: 0.1,
    share: 0.6,
    finds: (text) => hashForm.test(text),
  },
  {
    id: 'password',
    class: 'secret.password',
    chance: 0.4,
    share: 0.6,
    finds: (text, name) => says(name, passwordHints) && !says(name, aboutPasswords) && text.length >= 4,
  },
]

const knownForms: readonly RegExp[] = [
  /^gh[pousr]_[A-Za-z0-9]{36,}$/,
  /^github_pat_[A-Za-z0-9_]{50,}$/,
  /^gl(?:pat|ptt|dt|rt|cbt|ft|soat)-[\w-]{20,}$/,
  /^xox[abeoprs]-[\w-]{10,}$/,
  /^(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}$/,
  /^(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,}$/,
  /^whsec_[\w+/=]{20,}$/,
  /^AIza[\w-]{35}$/,
  /^ya29\.[\w-]{20,}$/,
  /^sk-(?:ant|proj|svcacct)-[\w-]{20,}$/,
  /^SG\.[\w-]{16,}\.[\w-]{16,}$/,
  /^npm_[A-Za-z0-9]{36}$/,
  /^pypi-[\w-]{50,}$/,
  /^hf_[A-Za-z0-9]{30,}$/,
  /^do[opr]_v1_[0-9a-f]{64}$/,
  /^shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}$/,
  /^gw_[a-z]+_[A-Za-z0-9]{20,}/,
  /^hv[sb]\.[\w-]{20,}$/,
  // A JSON Web Token: a header that begins with {" and three parts.
  /^eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*$/,
  /^-----BEGIN [A-Z ]*PRIVATE KEY-----/,
]

// bcrypt, Argon2, scrypt, PBKDF2 and the crypt(3) family.
const hashForm =
  /^(?:\$2[abxy]\$\d\d\$[./A-Za-z0-9]{22,}|\$(?:argon2id?|argon2d|scrypt|pbkdf2[\w-]*|[156]|y)\$\S{16,}|pbkdf2_sha\d+\$\d+\$\S+)/

const passwordHints = new Set(
  'password passwords passwd pwd passphrase passwort kennwort contraseña pin cvv cvc'.split(' '),
)
const aboutPasswords = new Set(
  'policy changed at expires expiry reset hint strength required enabled'.split(' '),
)

function isNamedSecret(text: string, name: FieldName): boolean {
  if (!says(name, tokenHints) || says(name, harmlessTokens)) return false
  return /^[\w+/=.~-]{20,}$/.test(text) && bitsPerCharacter(text) >= 3
}

const tokenHints = new Set(
  'token tokens secret secrets apikey accesskey secretkey privatekey accesstoken refreshtoken authtoken sessionid credential credentials bearer'.split(
    ' ',
  ),
)
// They lead to the next page, or are made to be public.
const harmlessTokens = new Set(
  'page next previous cursor continuation sync csrf public type count'.split(' '),
)

/** Shannon's entropy of the characters of a text. */
function bitsPerCharacter(text: string): number {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length)
  return bits
}
