import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { plainRequest, startGate, type RunningGate } from './start-gate.ts'
import { writeRules } from './write-rules.ts'

const rules = `
SecResponseBodyMimeType text/plain application/x-report
SecRule RESPONSE_STATUS "@eq 418" "id:1,phase:3,deny,status:503,msg:'a teapot'"
SecRule RESPONSE_HEADERS:X-Inside "@contains topsecret" "id:2,phase:3,deny,status:502,msg:'a header of the inside'"
SecRule RESPONSE_BODY "@contains topsecret" "id:3,phase:4,deny,status:599,msg:'a body of the inside'"
SecRule REQUEST_HEADERS:X-Send "@streq away" "id:4,phase:1,redirect:'https://else.example/%{request_headers.x-where}'"
SecRule RESPONSE_STATUS "@eq 201" "id:5,phase:5,pass,log,msg:'noted after the last byte'"
`

const body = `${'x'.repeat(2_000)} topsecret ${'y'.repeat(2_000)}`
const coded: Readonly<Record<string, (text: string) => Buffer>> = {
  gzip: gzipSync,
  br: brotliCompressSync,
}

let gate: RunningGate
before(async () => {
  gate = await startGate({
    settings: {
      anonymous: true,
      guards: { waf: { rules: [writeRules(rules)] }, leakage: { mode: 'off' }, validation: { mode: 'off' } },
    },
    service: ({ target, headers }, response) => {
      const url = new URL(target, 'http://service')
      const status = Number(url.searchParams.get('status') ?? '200')
      const type = url.searchParams.get('type') ?? 'text/plain'
      const coding = url.searchParams.get('coding') ?? ''
      const range = /bytes=(\d+)-(\d+)/.exec(headers.range ?? '')
      const text = url.pathname === '/leak' ? body : 'nothing'
      const bytes = coded[coding]?.(text) ?? Buffer.from(text)
      response.writeHead(range === null ? status : 206, {
        'content-type': type,
        'set-cookie': 'session=of-the-service',
        ...(url.searchParams.has('inside') && { 'x-inside': 'topsecret' }),
        ...(coding !== '' && { 'content-encoding': coding }),
      })
      if (type === 'text/event-stream') response.write(`data: ${text}\n\n`)
      else response.end(range === null ? bytes : bytes.subarray(Number(range[1]), Number(range[2]) + 1))
    },
  })
})
after(() => gate[Symbol.asyncDispose]())

const statusOf = (answer: string): string => answer.slice(9, 12)

function ask(target: string, ...fields: readonly string[]): Promise<string> {
  return gate.exchange(plainRequest(`GET ${target}`, ...fields))
}

test('a block by status, header or body has the status of its rule and shows nothing of the service', async () => {
  const blocks = [
    ['/?status=418', '503'],
    ['/?inside', '502'],
    ['/leak', '599'],
    ['/leak?type=application/x-report', '599'],
    ['/leak?type=TEXT/PLAIN%3bcharset=utf-8', '599'],
    ['/leak?coding=gzip', '599'],
    ['/leak?coding=br', '599'],
  ] as const
  for (const [target, status] of blocks) {
    const answer = await ask(target)
    assert.equal(statusOf(answer), status, target)
    assert.match(answer, /"code":"RESPONSE_BLOCKED"/, target)
    assert.ok(!/topsecret|of-the-service|x-inside|xxxx/i.test(answer), target)
  }
})

test('what no rule objects to comes through whole, with its fields', async () => {
  const answer = await ask('/')
  assert.equal(statusOf(answer), '200')
  assert.match(answer, /set-cookie: session=of-the-service/)
  assert.ok(answer.endsWith('nothing'))
})

test('neither a range nor an accepted coding slices or hides a body from the rules', async () => {
  const start = body.indexOf('topsecret') + 3
  for (const fields of [
    [`range: bytes=${start}-${start + 5}`],
    [`range: bytes=${start}-${start + 5}`, 'if-range: "x"'],
    ['accept-encoding: gzip, br'],
    ['accept-encoding: unheard-of;q=1'],
  ]) {
    assert.equal(statusOf(await ask('/leak', ...fields)), '599', fields.join())
    const { headers } = gate.served.at(-1) ?? {}
    assert.equal(headers?.range, undefined)
    assert.equal(headers?.['accept-encoding'], 'identity')
  }
})

test('an answer in a coding that cannot be undone goes out to nobody', async () => {
  const answer = await ask('/leak?coding=unheard-of')
  assert.equal(statusOf(answer), '502')
  assert.ok(!answer.includes('topsecret'))
})

test('types that the rules do not list, and event streams, pass unread', async () => {
  assert.equal(statusOf(await ask('/leak?type=text/css')), '200')
  const text = await firstBytes('/leak?type=text/event-stream')
  assert.match(text, /data: xxx/)
})

test('a redirect of a rule leads where it says, on one line', async () => {
  const answer = await ask('/', 'x-send: away', 'x-where: a b\tc')
  assert.equal(statusOf(answer), '302')
  assert.match(answer, /location: https:\/\/else\.example\/a%20b%09c\r\n/)
})

test('HEAD is answered by status and fields alone', async () => {
  const answer = await gate.exchange(plainRequest('HEAD /leak'))
  assert.equal(statusOf(answer), '200')
  assert.equal(statusOf(await gate.exchange(plainRequest('HEAD /?inside'))), '502')
})

/** What an answer that never ends begins with. */
function firstBytes(target: string): Promise<string> {
  return gate.opening(plainRequest(`GET ${target}`), /data: x{3}/)
}
