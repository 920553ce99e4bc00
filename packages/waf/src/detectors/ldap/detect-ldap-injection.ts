import type { ByteString } from '../../language/bytes.ts'
import type { Detection } from '../detection.ts'
import { firstMatch } from '../first-match.ts'

// RFC 4515: a filter is "(" item ")", or "(" with one of & | ! and more filters. A value leaves its item with ")".
const patterns: readonly RegExp[] = [
  // …)(|(uid=*   …)(cn=x   *)(&
  /\)\s{0,9}\(\s{0,9}(?:[&|!]\s{0,9}(?:\(|\)|$)|(?:objectclass|uid|cn|sn|mail|ou|dc|member|memberof|userpassword|samaccountname|givenname|description|department|password|username|user|name|login|pass|role|admin)[\w;-]{0,30}\s{0,9}[~<>]?=)/i,
  // *)(   *))   admin)(…=*
  /^\*\(\)\||^\)\s{0,9}\(\w{1,40}=[^()]{0,80}\)\)|^[^\s()]{0,200}\*\)\(\([&|!]/,
  /^[^\s()]{0,200}\*\)+(?:\(|\0|%00|$)/,
  /\)\s{0,9}\([\w;-]{1,40}[~<>]?=[^\s()]{0,200}\*/,
  // (|(uid=*)   (&(x=y)   (!(x=y)
  /^[*)\s]{0,9}\(\s{0,9}[&|!]\s{0,9}\(\s{0,9}[\w;-]{1,40}\s{0,9}[~<>]?=/,
  /^\(?(?:objectclass|uid|cn|sn|mail|samaccountname|userpassword)=\*\)?$/i,
]

/** Finds a value that ends the item of an LDAP search filter it is put into and goes on with another (RFC 4515, section 3). */
export function detectLdapInjection(value: ByteString): Detection | undefined {
  return /[()*]/.test(value) ? firstMatch(value, patterns) : undefined
}
