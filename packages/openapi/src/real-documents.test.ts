import assert from 'node:assert/strict'
import { globSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { test } from 'node:test'
import { loadContract } from './load-contract.ts'

const require = createRequire(import.meta.url)
const octokit = dirname(require.resolve('@octokit/openapi/package.json'))
const examples = dirname(require.resolve('@readme/oas-examples/package.json'))

/** Documents that are refused, by the codes of their errors; each is wrong by the word of the specification. */
const refused: Readonly<Record<string, readonly string[]>> = {
  // Its `security` names a scheme that its components do not define: nobody could ever be let in.
  'response-http-behavior': ['undefined-scheme'],
  // OpenAPI 3.1 documents with the boolean `exclusiveMinimum` of 3.0, one of them in a dialect of its own.
  'schema-validation-local': ['unsupported-dialect', 'invalid-keyword'],
  'schema-validation-top-level': ['invalid-keyword'],
  // Its patterns for versions and file names take exponential time where they are run by backtracking.
  readme: ['catastrophic-pattern'],
}

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
  test(`the examples of OpenAPI ${version} load, but for those that break the specification`, async () => {
    for (const file of globSync(join(examples, version, '{json,yaml}/**/*.{json,yaml}'))) {
      const { contract, diagnostics } = await loadContract({ file })
      const errors = diagnostics.filter(({ severity }) => severity === 'error')
      const name = basename(file).replace(/\.\w+$/, '')
      // One of the refused names stands for a valid document in 3.0.
      const wrong = errors.length > 0 ? refused[name] : undefined
      assert.deepEqual([...new Set(errors.map(({ code }) => code))], wrong ?? [], file)
      assert.equal(contract === undefined, errors.length > 0)
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
