import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Sample } from '../../discovery/discovery.ts'
import { openContractBench, type ContractRequest } from '../contract-testing.ts'
import { discoveryGuard } from './guard.ts'

const contract = `
openapi: 3.1.0
info: { title: People, version: 1.0.0 }
paths:
  /people/{person}/{known}:
    post:
      operationId: change
      parameters:
        - { name: person, in: path, required: true, schema: { type: string } }
        - { name: known, in: path, required: true, schema: { type: string, x-data-class: pii.name } }
        - { name: search, in: query, schema: { type: string } }
        - { name: X-Reader, in: header, schema: { type: string } }
        - { name: session, in: cookie, schema: { type: string } }
      requestBody:
        content:
          application/x-www-form-urlencoded: { schema: { $ref: '#/components/schemas/Person' } }
          multipart/form-data: { schema: { $ref: '#/components/schemas/Person' } }
      responses: { '204': { description: Changed } }
components:
  schemas:
    Person:
      type: object
      properties:
        mail: { type: string }
        phones: { type: array, items: { type: string } }
        name: { type: string, x-data-class: pii.name }
`

async function sampled(request: ContractRequest): Promise<readonly (readonly string[])[]> {
  const samples: Sample[] = []
  const bench = await openContractBench(contract, { discovery: { offer: (sample) => samples.push(sample) } })
  bench.compile(discoveryGuard, 'change', { mode: 'shadow' }).send(request)
  return samples.flatMap(({ content }) =>
    content.kind === 'parameters'
      ? content.values.map(([place, ...rest]) => [place.split('/').at(-2) ?? '', ...rest])
      : [],
  )
}

describe('samples for discovery', () => {
  it('hold declared values of path, query and header, decoded, and neither cookies nor what is classified', async () => {
    const values = await sampled({
      path: '/people/ada%40example.com/ada',
      pathParameters: ['ada%40example.com', 'ada'],
      query: 'search=a%40example.com&undeclared=b',
      headers: { 'x-reader': 'Ada', cookie: 'session=secret' },
    })
    assert.deepEqual(
      values.map(([, name, text]) => `${name} ${text}`),
      ['search a@example.com', 'person ada@example.com', 'X-Reader Ada'],
    )
  })

  it('hold the fields of forms, items of lists one by one', async () => {
    const expected = [
      ['properties', 'mail', 'ada@example.com'],
      ['phones', 'phones', '1'],
      ['phones', 'phones', '2'],
    ]
    const pathParameters = ['', '']
    const form = await sampled({
      pathParameters,
      body: 'mail=ada%40example.com&phones=1&phones=2&name=Ada&undeclared=x',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    assert.deepEqual(form, expected)
    const part = (name: string, text: string) =>
      `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`
    const multipart = await sampled({
      pathParameters,
      body: `${part('mail', 'ada@example.com')}${part('phones', '1')}${part('phones', '2')}${part('name', 'Ada')}--b--`,
      headers: { 'content-type': 'multipart/form-data; boundary=b' },
    })
    assert.deepEqual(multipart, expected)
  })
})
