import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { runCommandIn } from './run-command.ts'

const folder = mkdtempSync(join(tmpdir(), 'gateward-fields-'))
const people = new Map<number, Record<string, unknown>>()
let server: Server
let writes = 0

const contract = {
  openapi: '3.1.0',
  info: { title: 'People', version: '1.0.0' },
  security: [],
  paths: {
    '/people': {
      get: {
        operationId: 'listPeople',
        'x-gateward': {
          reencrypt: {
            items: '/people',
            write: 'changePerson',
            parameters: { personId: '/id' },
            next: { pointer: '/next', query: 'after' },
          },
        },
        parameters: [{ name: 'after', in: 'query', schema: { type: 'integer' } }],
        responses: {
          200: {
            description: 'A page',
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  properties: {
                    people: { type: 'array', items: { $ref: '#/components/schemas/Person' } },
                    next: { type: 'integer' },
                  },
                },
              },
            },
          },
        },
      },
    },
    '/people/{personId}': {
      patch: {
        operationId: 'changePerson',
        parameters: [{ name: 'personId', in: 'path', required: true, schema: { type: 'integer' } }],
        requestBody: {
          content: { 'application/merge-patch+json': { schema: { $ref: '#/components/schemas/Person' } } },
        },
        responses: { 204: { description: 'Changed' } },
      },
    },
  },
  components: {
    schemas: {
      Person: {
        type: 'object',
        properties: {
          id: { type: 'integer', readOnly: true },
          email: {
            type: 'string',
            format: 'email',
            'x-data-class': { class: 'pii.email', index: 'emailIndex' },
          },
          nick: { type: 'string' },
          address: {
            type: 'object',
            properties: { street: { type: 'string', 'x-data-class': 'pii.address' } },
          },
        },
      },
    },
  },
}

before(async () => {
  process.env['SERVICE_KEY'] = 'opensesame'
  for (let id = 1; id <= 25; id++)
    people.set(id, {
      id,
      email: `person${id}@example.com`,
      nick: `p${id}`,
      address: { street: `${id} Main Street` },
    })
  server = createServer(serve).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  writeFileSync(join(folder, 'people.json'), JSON.stringify(contract))
  writeFileSync(
    join(folder, 'gateward.yaml'),
    `version: 1
data: ./data
apis: { people: { contract: ./people.json, upstream: 'http://127.0.0.1:${(server.address() as AddressInfo).port}' } }
`,
  )
})

after(() => {
  server.closeAllConnections()
  server.close()
  rmSync(folder, { recursive: true, force: true })
})

function serve(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const [path = '', query = ''] = (request.url ?? '').split('?')
    if (request.headers['x-service-key'] !== 'opensesame') response.writeHead(403).end()
    else if (request.method === 'PATCH') {
      const id = Number(path.split('/').at(-1))
      if (request.headers['content-type'] !== 'application/merge-patch+json') response.writeHead(415).end()
      else if (id === failingAt) response.writeHead(500).end()
      else {
        writes++
        people.set(id, { ...people.get(id), ...(JSON.parse(Buffer.concat(chunks).toString()) as object) })
        response.writeHead(204).end()
      }
    } else {
      const after = Number(new URLSearchParams(query).get('after') ?? 0)
      const page = [...people.values()].filter(({ id }) => Number(id) > after).slice(0, 10)
      const next = page.length === 10 ? { next: page.at(-1)?.['id'] } : {}
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ people: page, ...next }))
    }
  })
}

let failingAt = 0

function reencrypt(...words: readonly string[]) {
  const header = ['--header', 'X-Service-Key: env:SERVICE_KEY']
  return runCommandIn(folder, 'fields', 'reencrypt', 'people', ...header, '--pace', '10000', ...words)
}

test('a trial counts and changes nothing', async () => {
  const { code, out } = await reencrypt('--dry-run', '--json')
  assert.equal(code, 0)
  assert.deepEqual(JSON.parse(out), { pages: 3, seen: 25, rewritten: 25 })
  assert.equal(writes, 0)
})

test('a walk that is broken off says why, and goes on with the page where it was', async () => {
  failingAt = 17
  const broken = await reencrypt()
  assert.notEqual(broken.code, 0)
  assert.match(broken.err, /PATCH of changePerson was answered with 500/)
  assert.equal(writes, 16)
  failingAt = 0
  const { code, out } = await reencrypt('--json')
  assert.equal(code, 0)
  // Of the second page only what the first walk had not rewritten.
  assert.deepEqual(JSON.parse(out), { pages: 2, seen: 15, rewritten: 9 })
  assert.equal(writes, 25)
})

test('the service holds every classified value encrypted then, with its index, and the rest as it was', () => {
  for (const [id, person] of people) {
    assert.match(String(person['email']), /^enc:v1:dk_/)
    assert.match((person['address'] as { street: string }).street, /^enc:v1:dk_/)
    assert.match(String(person['emailIndex']), /^[\w-]{43}$/)
    assert.equal(person['nick'], `p${id}`)
    assert.equal(person['id'], id)
  }
})

test('a second walk finds nothing left to do', async () => {
  const { code, out } = await reencrypt()
  assert.equal(code, 0)
  assert.match(out, /25 objects seen, all of them under the active keys/)
  assert.equal(writes, 25)
})

test('after a rotation of the index alone, rows get their new index', async () => {
  const before = people.get(1)?.['emailIndex']
  assert.equal((await runCommandIn(folder, 'keyring', 'rotate', 'fields-index')).code, 0)
  const { code, out, err } = await reencrypt('--json')
  assert.equal(code, 0, err)
  assert.deepEqual(JSON.parse(out), { pages: 3, seen: 25, rewritten: 25 })
  assert.notEqual(people.get(1)?.['emailIndex'], before)
  assert.deepEqual(JSON.parse((await reencrypt('--json')).out), { pages: 3, seen: 25, rewritten: 0 })
})

test('a listing that nobody declares, and a service that refuses, are told with a way out', async () => {
  const unknown = await reencrypt('--operation', 'nothing')
  assert.equal(unknown.code, 1)
  assert.match(unknown.err + unknown.out, /x-gateward: \{ reencrypt/)
  const refused = await runCommandIn(folder, 'fields', 'reencrypt', 'people')
  assert.match(refused.err, /listPeople was answered with 403/)
  const usage = await reencrypt('--header', 'Authorization: env:NOT_SET')
  assert.equal(usage.code, 2)
})
