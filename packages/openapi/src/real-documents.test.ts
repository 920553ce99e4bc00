import assert from 'node:assert/strict'
import { globSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { loadContract } from './load-contract.ts'

const require = createRequire(import.meta.url)
const octokit = dirname(require.resolve('@octokit/openapi/package.json'))
const examples = dirname(require.resolve('@readme/oas-examples/package.json'))

test('the document of GitHub, 13 MB large, loads without an error', async () => {
  const file = join(octokit, 'generated/api.github.com.json')
  const { contract, diagnostics } = await loadContract({ file })
  assert.deepEqual(
    diagnostics.filter(({ severity }) => severity === 'error'),
    [],
  )
  assert.ok(contract !== undefined && contract.operations.length > 1000)
  const ids = new Set(contract.operations.map(({ id }) => id))
  assert.equal(ids.size, contract.operations.length)
  const issue = contract.operations.find(({ id }) => id === 'issues/create')
  const body = issue?.requestBody?.match('application/json')
  assert.deepEqual(body?.validate({ title: 'a' }), [])
  assert.equal(body?.validate({ title: 'a', undeclared: 1 }).length, 1)
})

for (const version of ['3.0', '3.1']) {
  test(`every example of OpenAPI ${version} loads without an error`, async () => {
    const files = globSync(join(examples, version, '{json,yaml}/**/*.{json,yaml}'))
    assert.ok(files.length > 0)
    for (const file of files) {
      const { contract, diagnostics } = await loadContract({ file })
      const errors = diagnostics.filter(({ severity }) => severity === 'error')
      assert.deepEqual(errors, [], file)
      assert.ok(contract !== undefined, file)
      for (const { position, code } of diagnostics) assert.ok(position !== undefined, code)
    }
  })
}

test('documents of Swagger 2.0 are refused with one clear error each', async () => {
  for (const file of globSync(join(examples, '2.0/{json,yaml}/*.{json,yaml}'))) {
    const { diagnostics } = await loadContract({ file })
    assert.deepEqual(
      diagnostics.map(({ code }) => code),
      ['unsupported-version'],
      file,
    )
  }
})
