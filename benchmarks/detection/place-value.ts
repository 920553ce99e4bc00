import type { CorpusRequest } from './corpus.ts'

/** Where in a request a value can stand. */
const places = ['query', 'form', 'json', 'xml', 'path', 'header', 'cookie'] as const

type Place = (typeof places)[number]

/** The places that a list names, parted by commas. @throws RangeError where it names another */
export function readPlaces(text: string): readonly Place[] {
  const wanted = text.split(',')
  const unknown = wanted.find((name) => !(places as readonly string[]).includes(name))
  if (unknown !== undefined) throw new RangeError(`no place "${unknown}"; there are ${places.join(', ')}`)
  return wanted as Place[]
}

/** What a corpus holds as requests: a value stands in each of the places, one after the other. */
export function toRequests(
  items: readonly (string | CorpusRequest)[],
  wanted: readonly Place[],
): readonly CorpusRequest[] {
  return items.flatMap((item) =>
    typeof item === 'string' ? wanted.map((place) => placeValue(item, place)) : [item],
  )
}

/** A request of a browser with the value, which is bytes as latin1, in one place, encoded as that place asks for. */
function placeValue(value: string, place: Place): CorpusRequest {
  switch (place) {
    case 'query':
      return request('GET', `/v1/items?q=${percentEncode(value)}`)
    case 'path':
      return request('GET', `/v1/items/${percentEncode(value)}`)
    case 'header':
      return request('GET', '/v1/items', [['Referer', value.replaceAll(/[\r\n\0]/g, ' ')]])
    case 'cookie':
      return request('GET', '/v1/items', [['Cookie', `theme=dark; view=${percentEncode(value)}`]])
    case 'form':
      return request(
        'POST',
        '/v1/items',
        [type('application/x-www-form-urlencoded')],
        `name=${percentEncode(value)}`,
      )
    case 'json':
      return request('POST', '/v1/items', [type('application/json')], `{"id":7,"name":${toJson(value)}}`)
    case 'xml':
      return request(
        'POST',
        '/v1/items',
        [type('application/xml')],
        `<item><name>${toXml(value)}</name></item>`,
      )
  }
}

const browser: CorpusRequest['headers'] = [
  ['Host', 'api.example.com'],
  ['Accept', 'application/json, text/plain, */*'],
  ['Accept-Language', 'en-GB,en;q=0.9'],
  [
    'User-Agent',
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
  ],
]

function request(
  method: string,
  target: string,
  headers: CorpusRequest['headers'] = [],
  body = '',
): CorpusRequest {
  return { method, target, headers: [...browser, ...headers], body }
}

function type(mediaType: string): readonly [string, string] {
  return ['Content-Type', mediaType]
}

function percentEncode(bytes: string): string {
  return bytes.replaceAll(/[^\w.~-]/g, (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`)
}

/** JSON keeps bytes above ASCII as they are: they are UTF-8 already, or as broken as they were. */
function toJson(bytes: string): string {
  return JSON.stringify(bytes)
}

function toXml(bytes: string): string {
  return bytes
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(notInXml, ' ')
}

// XML 1.0 section 2.2 has no characters below the space but tab and line ends.
const notInXml = new RegExp(String.raw`[\0-\x08\x0b\x0c\x0e-\x1f]`, 'g')
