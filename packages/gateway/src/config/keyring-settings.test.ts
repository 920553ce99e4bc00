import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hashApiKey, toPepper } from '../keyring/pepper.ts'
import { loadConfiguration } from './load.ts'
import { printConfiguration } from './print.ts'

const bytes = Buffer.alloc(32, 7)
const inline = {
  version: 1,
  keyring: { pepper: 'env:PEPPER' },
  apis: { shop: { contract: 'none', upstream: 'http://127.0.0.1:3000' } },
}

for (const encoding of ['hex', 'base64'] as const) {
  test(`a pepper in ${encoding} is used as its bytes and shown nowhere`, async () => {
    const text = bytes.toString(encoding)
    const { configuration, diagnostics } = await loadConfiguration({ inline, env: { PEPPER: text } })
    assert.deepEqual(diagnostics, [])
    const pepper = configuration?.keyring.pepper
    assert.ok(configuration && pepper)
    assert.equal(hashApiKey(pepper, 'key'), hashApiKey(toPepper(bytes), 'key'))
    const shown = [
      printConfiguration(configuration),
      printConfiguration(configuration, 'json'),
      JSON.stringify(configuration.keyring),
    ]
    assert.ok(shown.every((printed) => printed.includes('[redacted]') && !printed.includes(text)))
  })
}
