/**
 * Whether a value is an address that two readers take for different hosts: slashes the wrong way round, too many of them or too few,
 * white space or an escape between them, a host before an `@` (WHATWG URL, section 4.4, against RFC 3986, section 3). A check of where a
 * redirection leads reads one of them, the browser the other.
 */
export function hasConfusedAuthority(value: string): boolean {
  return mayConfuse.test(value) && confused.some((pattern) => pattern.test(value))
}

const mayConfuse = /^\s{0,4}(?:[/\\]|https?:)/i

const host = String.raw`(?:[\w-]{1,63}\.){1,6}[a-z]{2,24}`

const confused: readonly RegExp[] = [
  // /\evil.example   /%09/evil.example   ///evil.example   \/evil.example
  new RegExp(
    String.raw`^[/\\]{1,6}(?:%(?:25)?(?:09|0a|0d|5c|2f|00)|[\t\\]|/{2})[/\\;%@\w]{0,12}?${host}(?:[/\\?#:@]|$)`,
    'i',
  ),
  new RegExp(String.raw`^\\[/\\]{1,6}${host}(?:[/\\?#:]|$)`, 'i'),
  // https:evil.example   https:/evil.example   https:/\evil.example   https:///evil.example
  new RegExp(
    String.raw`^(?:https?:(?:[/\\]?|[/\\]{3,9}|/\\|\\{1,2}/?)|[/\\]{0,3}https?://(?:[/\\;%@]|%(?:25)?(?:09|0a|0d|5c|2f|00)){1,9})${host}(?:[/\\?#:@]|$)`,
    'i',
  ),
  // https://trusted.example\@evil.example   https://evil.example/%2f%2e%2e
  new RegExp(String.raw`^[/\\]{0,3}https?:[/\\]{1,4}(?:${host}\\|${host}/(?:%2f|/)(?:\.|%2e){2}|:@)`, 'i'),
  // http://trusted.example &@evil.example# @third.example/
  /^https?:\/\/[\w.-]{1,100}[ \t]{0,2}[&#;][ \t]{0,2}@[\w[]/i,
  // https://trusted.example@evil.example; a name to log in with has no point, or an `@` of its own.
  new RegExp(
    String.raw`^(?:[/\\]{0,3}https?:[/\\]{0,4}|[/\\]{2,5})(?:${host}|localhost)(?::\d{1,5})?(?:%(?:25)?(?:2f|5c|23|3f|09|00)|\\)?@[\w[%.-]{1,250}`,
    'i',
  ),
]

/** A full stop of Chinese or Japanese in the name of a host, which name resolution takes for a point (UTS 46) and a check of names does not. */
export const wideStopInHost =
  /^\s{0,4}(?:https?:)?[/\\]{2}[\w.-]{0,100}(?:\xe3\x80\x82|\xef\xbd\xa1|\xef\xbc\x8e)[\w.-]/i
