import assert from 'node:assert/strict'
import { test } from 'node:test'
import { request } from 'undici'
import { eventually, runCommandIn } from './run-command.ts'
import { startGate } from './start-gate.ts'

const phone = { type: 'string', 'x-data-class': 'pii.phone' }
const contract = {
  openapi: '3.1.0',
  info: { title: 'Phones', version: '1' },
  paths: {
    '/phones/{phone}/owner': {
      parameters: [{ name: 'phone', in: 'path', required: true, schema: phone }],
      get: {
        operationId: 'findOwner',
        responses: {
          200: { description: 'One', content: { 'text/plain': { schema: { type: 'string' } } } },
          404: { description: 'None' },
        },
      },
      put: { operationId: 'setOwner', responses: { 204: { description: 'Set' } } },
    },
  },
}

test('what stands at a path under a key before is found after a rotation, and what is nowhere is not', async () => {
  const known = new Set<string>()
  await using gate = await startGate({
    contract,
    api: { guards: { 'field-encryption': { classes: { 'pii.phone': 'deterministic' } } } },
    service({ method, target }, response) {
      if (method === 'PUT') known.add(target)
      const status = method === 'PUT' ? 204 : known.has(target) ? 200 : 404
      response.writeHead(status, status === 200 ? { 'content-type': 'text/plain' } : {})
      response.end(status === 200 ? 'ada' : undefined)
    },
  })
  const send = async (method: 'GET' | 'PUT', number: string) => {
    const url = `http://127.0.0.1:${gate.port}/phones/${number}/owner`
    const { statusCode, body } = await request(url, { method, headers: { 'x-api-key': gate.key } })
    return `${statusCode} ${await body.text()}`.trim()
  }
  assert.equal(await send('PUT', '123'), '204')
  assert.equal(await send('GET', '123'), '200 ada')
  const rotated = await runCommandIn(
    gate.data,
    'keyring',
    'rotate',
    'fields-deterministic',
    '--data',
    gate.data,
  )
  assert.equal(rotated.code, 0, rotated.err)
  // Until every gateway knows the new key, the one before goes on to write.
  await eventually(async () => {
    assert.equal(await send('PUT', '456'), '204')
    return known.size === 3 ? true : undefined
  })
  const before = gate.served.length
  assert.equal(await send('GET', '123'), '200 ada')
  assert.equal(gate.served.length - before, 2)
  assert.match(await send('GET', '789'), /^404/)
  assert.equal(gate.served.length - before, 4)
})
