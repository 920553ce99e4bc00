import type { ByteString } from '../../language/bytes.ts'
import type { Detection } from '../detection.ts'
import { detectionAt } from '../detection.ts'
import { isRunningText } from '../running-text.ts'
import { withPlainCharacters } from '../plain-characters.ts'
import { hasConfusedAuthority, wideStopInHost } from './confused-authority.ts'
import { isDisguisedIpv4, isInternalHost } from './internal-host.ts'
import { hidesNumericHost } from './numeric-host.ts'

const dangerousScheme =
  /^\s{0,9}(?:url:)?(?:gopher|dict|ldaps?|ldapi|tftp|jar|netdoc|phar|file|expect|sftp|smb|rmi|iiop|corba|nis|nds|dns|svn|imaps?|pop3s?|smtps?|telnet|redis|mongodb|memcached?|unix):(?:\/\/|\/|https?:)/i
// A naming service that answers with objects, inside a value that is handed on: `jdbc:…;x=ldap://evil`.
const namingScheme = /[="';:,{](?:ldaps?|rmi|iiop|corbaname|gopher|dict):\/\/[\w[]/i
// What makes a driver of JDBC run a script, read a file or build objects, in the address of a database.
const runningDriver =
  /[?&;]\s{0,9}(?:init\s{0,9}=\s{0,9}(?:runscript|create\s{1,9}alias)|autodeserialize\s{0,9}=\s{0,9}(?:true|yes|1)|allow(?:loadlocalinfile|urlinlocalinfile)\s{0,9}=\s{0,9}(?:true|yes|1)|socketfactory(?:arg)?\s{0,9}=\s{0,9}\w|(?:statement|query|connection)(?:interceptors|lifecycleinterceptors)\s{0,9}=\s{0,9}com\.)/i
const authority =
  /(?:^|[\s"'=(,;<>|])(?:url:)?(?:(?:https?|ftp|wss?|[a-z][a-z\d+.-]{1,15}):[/\\]{1,4}|[/\\]{2})([^\s/\\?#"'<>]{1,300})/gi
const mostAuthorities = 64
// What readers of addresses strip before they read (WHATWG URL, section 4.4).
const leading = new RegExp(String.raw`^[\0-\x20]+`)

/**
 * Finds an address that makes the server call itself, its own network or its cloud's metadata service, in any spelling:
 * names, short, decimal, octal and hexadecimal IPv4, IPv6 and IPv4 in it, other digits, user information before it.
 */
export function detectSsrfTarget(value: ByteString): Detection | undefined {
  if (!/[:/\\]|\d\.\d|\.internal/.test(value)) return undefined
  if (wideStopInHost.test(value)) return detectionAt(value, 0)
  const plain = withPlainDigits(withPlainCharacters(value)).replace(leading, '')
  if (dangerousScheme.test(plain)) return detectionAt(plain, 0)
  const naming = namingScheme.exec(plain) ?? runningDriver.exec(plain)
  if (naming !== null && !isRunningText(plain)) return detectionAt(plain, naming.index)
  if (hasConfusedAuthority(plain) || hidesNumericHost(plain)) return detectionAt(plain, 0)
  authority.lastIndex = 0
  for (let count = 0; count < mostAuthorities; count++) {
    const found = authority.exec(plain)
    if (found === null) break
    // An address inside a sentence is talked about; one that a server is to call stands alone or behind a sign.
    if (/\S\s/.test(plain.slice(0, found.index + 1))) break
    if (hostsOf(found[1] ?? '').some((host) => isInternalHost(host) || isDisguisedIpv4(host)))
      return detectionAt(plain, found.index)
  }
  return isMetadataAddress(plain) || isSocket(plain) || isBareInternal(plain)
    ? detectionAt(plain, 0)
    : undefined
}

/** Every host that some parser reads in an authority: before and after each `@`, with and without escapes. */
function hostsOf(authorityText: string): readonly string[] {
  const decoded = authorityText.includes('%')
    ? authorityText.replace(/%([0-7][\da-fA-F])/g, (_, code: string) =>
        String.fromCharCode(Number.parseInt(code, 16)),
      )
    : authorityText
  return decoded.split(/[@&#]/, 8).map((part) => /^\[[^\]]*\]?|^[^:/\\?]*/.exec(part)?.[0] ?? '')
}

/** A bare address of a metadata service is a target even without a scheme. */
function isMetadataAddress(value: string): boolean {
  return /^\s*(?:169\.254\.169\.254|metadata\.google\.internal|100\.100\.100\.200)(?:[:/]|\s*$)/i.test(value)
}

/** A socket of the machine in place of a host, as HTTP clients of Node and Docker take it: http://unix:/var/run/docker.sock:/info */
function isSocket(value: string): boolean {
  return /^\s*https?:\/\/unix:\//i.test(value)
}

/** `http:127.0.0.1` and `http:/localhost`, which browsers and clients read as if the slashes were there. */
function isBareInternal(value: string): boolean {
  const host = /^\s*https?:[/\\]?([\w.-]{1,100})(?=[:/\\?#]|$)/i.exec(value)?.[1]
  return host !== undefined && /\d\.\d|localhost/i.test(host) && isInternalHost(host)
}

const enclosed = /\xe2(?:\x91[\xa0-\xbf]|\x92[\x80-\xbf]|\x93[\x80-\xbf])|\xe3\x80\x82|\xef\xbd\xa1/g

/** Circled digits and letters, and the full stops of Chinese and Japanese, which name resolution folds to ASCII (UTS 46). */
function withPlainDigits(value: string): string {
  return /[\xe2\xe3\xef]/.test(value) ? value.replace(enclosed, plainDigit) : value
}

function plainDigit(bytes: string): string {
  if (bytes.charCodeAt(0) !== 0xe2) return '.'
  const code =
    ((bytes.charCodeAt(0) & 0xf) << 12) | ((bytes.charCodeAt(1) & 0x3f) << 6) | (bytes.charCodeAt(2) & 0x3f)
  if (code >= 0x2460 && code <= 0x2473) return String(code - 0x245f)
  if (code >= 0x24b6 && code <= 0x24cf) return String.fromCharCode(0x61 + code - 0x24b6)
  if (code >= 0x24d0 && code <= 0x24e9) return String.fromCharCode(0x61 + code - 0x24d0)
  return code === 0x24ea ? '0' : bytes
}
