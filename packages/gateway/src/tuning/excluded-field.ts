import type { ExchangeRecord } from '../observe/records/exchange-record.ts'

/** Whether a match is of a rule that looked at the request, and not of one that only adds up what others found. */
export function isDetection({ at }: { readonly at: string }): boolean {
  return at !== '' && !at.startsWith('TX:') && !at.startsWith('&')
}

/**
 * The field that a rule matched in, as `exclusions` name it: indices of JSON become `*`, so that one exclusion frees every
 * element. What is no field of a request stays a target of the rule language.
 */
export function fieldOf(at: string, { query }: Pick<ExchangeRecord, 'query'>): string {
  const [, collection = '', key = ''] = /^([A-Z_]+):(.*)$/s.exec(at) ?? []
  switch (collection) {
    case 'ARGS_GET':
      return `query ${key}`
    case 'ARGS_POST':
      return bodyField(key)
    case 'ARGS':
      return isInQuery(key, query) ? `query ${key}` : bodyField(key)
    case 'REQUEST_COOKIES':
      return `cookie ${key}`
    case 'REQUEST_HEADERS':
      return `header ${key.toLowerCase()}`
    default:
      return at
  }
}

function isInQuery(name: string, query: string | undefined): boolean {
  if (query === undefined) return false
  return query.split('&').some((pair) => decode(pair) === name)
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

function bodyField(key: string): string {
  if (key === 'json') return 'ARGS:json'
  if (!key.startsWith('json.')) return `body ${key}`
  const tokens = key
    .split('.')
    .slice(1)
    .map((name) => (/^\d+$/.test(name) ? '*' : name.replaceAll('~', '~0').replaceAll('/', '~1')))
  return `body /${tokens.join('/')}`
}
