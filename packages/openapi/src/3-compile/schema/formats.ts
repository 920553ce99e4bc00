import { domainToASCII } from 'node:url'
import type { Ajv2020 } from 'ajv/dist/2020.js'
import { fullFormats } from 'ajv-formats/dist/formats.js'

type Check<T> = (value: T) => boolean

/** A format of the registry: what values of which type must keep, or nothing but a name. */
export type Format =
  | { readonly type: 'string'; readonly check: Check<string> }
  | { readonly type: 'number'; readonly check: Check<number> }
  | { readonly type: 'annotation' }

/**
 * Every format that is checked: those of JSON Schema 2020-12 (validation, section 7.3) and of the OpenAPI Format
 * Registry. Each text format has a length beyond which no value is legal, so that no check reads megabytes.
 */
export const knownFormats: ReadonlyMap<string, Format> = new Map<string, Format>([
  ['date', text(64, standard('date'))],
  ['time', text(64, standard('time'))],
  ['date-time', text(64, standard('date-time'))],
  ['duration', text(128, standard('duration'))],
  ['email', text(320, standard('email'))],
  ['idn-email', text(320, isInternationalEmail)],
  ['hostname', text(254, standard('hostname'))],
  ['idn-hostname', text(254, isInternationalHostname)],
  ['ipv4', text(15, standard('ipv4'))],
  ['ipv6', text(45, standard('ipv6'))],
  ['uri', text(8192, standard('uri'))],
  ['uri-reference', text(8192, standard('uri-reference'))],
  ['iri', text(8192, international(standard('uri')))],
  ['iri-reference', text(8192, international(standard('uri-reference')))],
  ['uri-template', text(8192, standard('uri-template'))],
  ['url', text(2048, standard('url'))],
  ['uuid', text(45, standard('uuid'))],
  ['json-pointer', text(8192, standard('json-pointer'))],
  ['relative-json-pointer', text(8192, standard('relative-json-pointer'))],
  ['regex', text(8192, standard('regex'))],
  ['byte', text(Infinity, isBase64)],
  ['base64url', text(Infinity, (value) => /^[A-Za-z0-9_-]*={0,2}$/.test(value))],
  ['char', text(2, (value) => /^.$/su.test(value))],
  ['http-date', text(40, isHttpDate)],
  ['int8', integer(-0x80, 0x7f)],
  ['int16', integer(-0x8000, 0x7fff)],
  ['int32', integer(-0x80000000, 0x7fffffff)],
  // Beyond 2^53 JSON numbers have already lost digits when they arrive here, so that what is checked is not what was sent.
  ['int64', integer(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)],
  ['uint8', integer(0, 0xff)],
  ['uint16', integer(0, 0xffff)],
  ['uint32', integer(0, 0xffffffff)],
  ['uint64', integer(0, Number.MAX_SAFE_INTEGER)],
  ['double-int', integer(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)],
  ['float', { type: 'number', check: (value) => Number.isFinite(Math.fround(value)) }],
  ['double', { type: 'number', check: Number.isFinite }],
  ['decimal', { type: 'annotation' }],
  ['binary', { type: 'annotation' }],
  ['password', { type: 'annotation' }],
  ['html', { type: 'annotation' }],
  ['commonmark', { type: 'annotation' }],
])

/** Teaches a validator every known format. */
export function addKnownFormats(ajv: Ajv2020): void {
  for (const [name, format] of knownFormats) {
    if (format.type === 'annotation') ajv.addFormat(name, true)
    else if (format.type === 'string') ajv.addFormat(name, { type: 'string', validate: format.check })
    else ajv.addFormat(name, { type: 'number', validate: format.check })
  }
}

function text(longest: number, check: Check<string>): Format {
  return { type: 'string', check: (value) => value.length <= longest && check(value) }
}

function integer(least: number, most: number): Format {
  return { type: 'number', check: (value) => Number.isInteger(value) && value >= least && value <= most }
}

function standard(name: keyof typeof fullFormats): Check<string> {
  const format: unknown = fullFormats[name]
  if (format instanceof RegExp) return (value) => format.test(value)
  if (typeof format === 'function') return (value) => format(value) === true
  const { validate } = format as { validate: Check<string> | RegExp }
  return validate instanceof RegExp ? (value) => validate.test(value) : validate
}

function isBase64(value: string): boolean {
  return value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value)
}

// Percent-encoding what lies beyond ASCII turns an IRI into its URI (RFC 3987, section 3.1).
function international(check: Check<string>): Check<string> {
  return (value) => {
    if (!value.isWellFormed()) return false
    return check(value.replace(/\P{ASCII}+/gu, (letters) => encodeURIComponent(letters)))
  }
}

function isInternationalHostname(value: string): boolean {
  const ascii = domainToASCII(value)
  return ascii !== '' && standard('hostname')(ascii)
}

function isInternationalEmail(value: string): boolean {
  const at = value.lastIndexOf('@')
  const local = value.slice(0, at)
  if (at < 1 || /[\s@"(),:;<>[\\\]\p{Cc}]/u.test(local)) return false
  return !local.startsWith('.') && !local.endsWith('.') && isInternationalHostname(value.slice(at + 1))
}

// IMF-fixdate, the only form that may be sent (RFC 9110, section 5.6.7).
function isHttpDate(value: string): boolean {
  const time = Date.parse(value)
  return !Number.isNaN(time) && new Date(time).toUTCString() === value
}
