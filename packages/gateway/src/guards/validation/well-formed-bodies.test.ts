import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openTestExchange } from '../../exchange/testing.ts'
import { WholeBody } from '../../exchange/whole-body.ts'
import { pass } from '../guard.ts'
import { wellFormedBodies } from './well-formed-bodies.ts'

const limits = {
  maxDepth: 8,
  maxKeys: 10,
  maxElements: 10,
  maxString: 100,
  maxNumber: 20,
  strict: true,
}

const bodies: readonly (readonly [
  contentType: string | undefined,
  body: string,
  code: string | undefined,
])[] = [
  ['application/json', '{"a":1}', undefined],
  ['application/problem+json; charset=utf-8', '{"a":1}', undefined],
  ['application/json', '{"a":1,"a":2}', 'MALFORMED_BODY'],
  ['application/merge-patch+json', '{"__proto__":1}', 'MALFORMED_BODY'],
  ['application/json; charset=utf-16', '{}', 'UNSUPPORTED_MEDIA_TYPE'],
  ['application/json, text/plain', '{}', 'UNSUPPORTED_MEDIA_TYPE'],
  ['application/x-www-form-urlencoded', 'a=1&a=2', undefined],
  ['application/x-www-form-urlencoded', 'a=%zz', 'MALFORMED_BODY'],
  [
    'multipart/form-data; boundary=b',
    '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--b--\r\n',
    undefined,
  ],
  ['multipart/form-data', 'x', 'MALFORMED_BODY'],
  ['text/xml', '<a/>', undefined],
  ['application/soap+xml', '<!doctype a><a/>', 'MALFORMED_BODY'],
  ['image/png', '\u0089PNG', undefined],
  ['text/plain', '{"a":1,"a":2}', undefined],
  [undefined, 'anything', undefined],
]
for (const [contentType, body, code] of bodies) {
  test(`without a contract ${contentType ?? 'no type'} ${JSON.stringify(body).slice(0, 40)}: ${code ?? 'passes'}`, async () => {
    const guard = wellFormedBodies({ maxFields: 10, maxParts: 10 })
    const verdict = await guard.onRequestBody?.(
      openTestExchange({ hasBody: true }),
      new WholeBody(Buffer.from(body), contentType, limits),
    )
    if (code === undefined) assert.equal(verdict, pass)
    else assert.equal(verdict?.kind === 'refuse' && verdict.problem.code, code)
  })
}
