import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadContract } from '@gateward/openapi'
import type { GuardServices } from '../../guards/guard.ts'
import { apiRoot, endpoints, type EndpointId } from '../contract/endpoints.ts'
import { adminDocument, endpointOf } from '../document.ts'
import { createEndpointTable } from './compile-endpoints.ts'

const ids = Object.keys(endpoints) as EndpointId[]
// Validation asks nothing of the gateway but the contract.
const table = createEndpointTable('0.1.0', () => ({}) as GuardServices)

test('the whole contract is one that a gateway would load, and is served as it is', async () => {
  const text = JSON.stringify(adminDocument('0.1.0'))
  const { contract, diagnostics } = await loadContract({ text, file: 'admin.openapi.json' })
  assert.deepEqual(diagnostics, [])
  assert.deepEqual(contract?.operations.map(({ id }) => id).toSorted(), ids.toSorted())
  assert.equal((await table.document()).toString(), text)
})

test('every operation is found by its path and compiled alone, once', async () => {
  for (const id of ids) {
    const { method, path } = endpointOf(id)
    const found = table.find(method, apiRoot + path.replace(/\{\w+\}/g, 'x'))
    assert.equal(found?.endpoint?.id, id)
    const checks = await found?.endpoint?.checks()
    assert.deepEqual([checks?.operation.id, checks?.operation.template], [id, path])
    assert.equal(await found?.endpoint?.checks(), checks)
  }
})

test('a path with other methods says which, and an unknown one is none', () => {
  assert.deepEqual(table.find('PUT', `${apiRoot}/keys`)?.allowed, ['GET', 'POST'])
  assert.equal(table.find('PUT', `${apiRoot}/keys`)?.endpoint, undefined)
  assert.equal(table.find('HEAD', `${apiRoot}/keys`)?.endpoint?.id, 'listKeys')
  assert.equal(table.find('GET', `${apiRoot}/none`), undefined)
})
