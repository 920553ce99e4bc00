import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadConfiguration } from './load.ts'

const env = {}

test('a contract and an upstream are a whole configuration', async () => {
  const flags = {
    contract: './shop.yaml',
    upstream: 'http://127.0.0.1:3000',
    anonymous: true,
    port: 0,
    adminPort: 9000,
  }
  const { configuration, diagnostics } = await loadConfiguration({ env, flags })
  assert.deepEqual(diagnostics, [])
  assert.equal(configuration?.apis['api']?.contract, 'shop.yaml')
  assert.equal(configuration.anonymous, true)
  assert.equal(configuration.admin.port, 9000)
  const { https } = configuration.listen
  assert.equal(https !== false && https.port, 0)
  assert.equal(https !== false && https.host, '0.0.0.0')
})

test('the command line goes over the file', async () => {
  const file = `${import.meta.dirname}/samples/variable-in-braces.yaml`
  const { configuration } = await loadConfiguration({
    file,
    env: { PORT: '1', UNSET: 'b.example' },
    flags: { adminPort: 2 },
  })
  assert.equal(configuration?.admin.port, 2)
  assert.equal(configuration.admin.host, '127.0.0.1')
})

const misuses = [
  { flags: { contract: 'a.yaml' }, inline: undefined },
  { flags: { upstream: 'http://127.0.0.1:1' }, inline: undefined },
  { flags: { contract: 'none', upstream: 'http://127.0.0.1:1' }, inline: { version: 1, apis: {} } },
]

for (const { flags, inline } of misuses) {
  test(`${JSON.stringify(flags)} over ${JSON.stringify(inline)} is a mistake`, async () => {
    const { configuration, diagnostics } = await loadConfiguration({
      env,
      flags,
      ...(inline === undefined ? {} : { inline }),
    })
    assert.equal(configuration, undefined)
    assert.deepEqual(
      diagnostics.map(({ code }) => code),
      ['command-line'],
    )
  })
}

test('no file and no flags is no configuration, and says what is missing', async () => {
  const { configuration, diagnostics } = await loadConfiguration({ env })
  assert.equal(configuration, undefined)
  assert.deepEqual(
    diagnostics.map(({ message }) => message),
    ['apis is missing'],
  )
})
