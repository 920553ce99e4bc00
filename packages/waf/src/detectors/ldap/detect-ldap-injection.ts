import type { ByteString } from '../../language/bytes.ts'
import type { Detection } from '../detection.ts'
import { detectionAt } from '../detection.ts'
import { firstMatch } from '../first-match.ts'

// RFC 4515: a filter is "(" item ")", or "(" with one of & | ! and more filters. A value leaves its item with ")".
// …)(|(uid=*   …)(cn=x   *)(&
const next =
  /\)\s{0,9}\(\s{0,9}(?:[&|!]\s{0,9}(?:\(|\)|$)|(?:objectclass|uid|cn|sn|mail|ou|dc|member|memberof|userpassword|samaccountname|givenname|description|department|password|username|user|name|login|pass|role|admin)[\w;-]{0,30}\s{0,9}[~<>]?=)/i

const patterns: readonly RegExp[] = [
  // *)(   *))   admin)(…=*
  /^\*\(\)\||^\)\s{0,9}\(\w{1,40}=[^()]{0,80}\)\)|^[^\s()]{0,200}\*\)\(\([&|!]/,
  /^[^\s()]{0,200}\*\)+(?:\(|\0|%00|$)/,
  /\)\s{0,9}\([\w;-]{1,40}[~<>]?=[^\s()]{0,200}\*/,
  // x)(badPwdCount>=0   x)(userAccountControl:1.2.840.113556.1.4.803:=2: nothing before it opened what is closed.
  /^[^\s(){}[\]<>"';=]{0,80}\)\s{0,3}\([A-Za-z][\w;-]{0,40}(?::[\w.]{1,40}:)?[~<>:]?=(?![=>])/,
  // The same with its parentheses escaped, for a server that decodes them; a filter that begins before its parenthesis.
  /\\29\s{0,3}\\28[\w;-]{1,40}(?:\\3d|[~<>]?=)|^[&|!]\s{0,3}\([A-Za-z][\w;-]{1,40}[~<>]?=(?![=>])/i,
  // What is behind the value cut off by the end of the string.
  /^[^\s(){}[\]<>"';=]{0,80}\){1,4}\s{0,3}(?:\0|%00)/,
  /^\s{0,3}\(\s{0,3}[&|]\s{0,3}\)\s{0,3}$/,
  // (|(uid=*)   (&(x=y)   (!(x=y)
  /^[*)\s]{0,9}\(\s{0,9}[&|!]\s{0,9}\(\s{0,9}[\w;-]{1,40}\s{0,9}[~<>]?=/,
  /^\(?(?:objectclass|uid|cn|sn|mail|samaccountname|userpassword)=\*\)?$/i,
]

/** Finds a value that ends the item of an LDAP search filter it is put into and goes on with another (RFC 4515, section 3). */
export function detectLdapInjection(value: ByteString): Detection | undefined {
  if (!/[()*]|\\28/.test(value)) return undefined
  const at = value.search(next)
  return at !== -1 && leavesItem(value, at) ? detectionAt(value, at) : firstMatch(value, patterns)
}

/** Whether a parenthesis closes one that the value did not open itself, as a filter does that is talked about. */
function leavesItem(value: string, at: number): boolean {
  const before = value.slice(Math.max(0, at - 200), at)
  return !/\w\s{0,3}\(\s{0,3}[&|!]?\s{0,3}\(/.test(` ${before}`) && !/\w:?\s{1,3}\([&|!]?\(?\w/.test(before)
}
