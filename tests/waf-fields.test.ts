import assert from 'node:assert/strict'
import { test } from 'node:test'
import { explain, guardOrder } from '@gateward/gateway'
import { plainRequest, startGate } from './start-gate.ts'

const contract = {
  openapi: '3.1.0',
  info: { title: 'Articles', version: '1' },
  paths: {
    '/articles': {
      get: {
        operationId: 'findArticles',
        security: [],
        parameters: [
          { name: 'page', in: 'query', schema: { type: 'integer' } },
          { name: 'q', in: 'query', schema: { type: 'string' } },
        ],
        responses: { 200: { description: 'Found' } },
      },
    },
  },
}

const excluding = (exclusions: readonly object[]) => ({
  contract,
  settings: { guards: { waf: { exclusions } } },
  service: (_: unknown, response: { end(): void }) => response.end(),
})

test('the record of a request says what no rule had to look at, and which rules matched where', async () => {
  await using gate = await startGate(excluding([]))
  const answer = await gate.exchange(
    plainRequest(`GET /articles?page=2&q=${encodeURIComponent("1' OR '1'='1")}`),
  )
  const id = /"requestId":"(\w+)"/.exec(answer)?.[1] ?? ''
  const record = await gate.record(id)
  assert.deepEqual(record.waf?.skipped, ['query page (integer)'])
  assert.ok(record.waf?.rules.some(({ id: rule, at }) => rule === 2041 && at === 'ARGS:q'))
  assert.equal(record.waf?.score !== undefined && record.waf.score >= 5, true)
  assert.match(
    explain(record, guardOrder),
    /not inspected {3}query page \(integer\): harmless by the contract/,
  )
})

test('an exclusion frees its field of its rules', async () => {
  await using gate = await startGate(excluding([{ rules: 'tag:attack-sqli', fields: ['query q'] }]))
  const q = encodeURIComponent("1' OR '1'='1")
  assert.match(await gate.exchange(plainRequest(`GET /articles?q=${q}`)), /^HTTP\/1\.1 200/)
})

test('a start with an exclusion for an operation, a field or a rule that is not there says so', async () => {
  const wrong = [
    { rules: 2041, operations: ['findArticle'] },
    { rules: 2041, fields: ['query p'], operations: ['findArticles'] },
    { rules: 999_999, fields: ['query q'] },
  ]
  for (const [index, said] of [
    'did you mean "findArticles"?',
    'declares no field',
    'names no rule',
  ].entries())
    await assert.rejects(
      startGate(excluding(wrong.slice(index, index + 1))),
      (error) => JSON.stringify(error).includes(said) || String(error).includes(said),
    )
})
