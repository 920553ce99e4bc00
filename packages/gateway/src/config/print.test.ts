import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse } from 'yaml'
import { loadConfiguration } from './load.ts'
import { printConfiguration } from './print.ts'
import { configurationReference } from './reference.ts'
import { configurationJsonSchema } from './json-schema.ts'

const api = { contract: 'none', upstream: 'http://127.0.0.1:3000' }

async function load(inline: Readonly<Record<string, unknown>>) {
  const { configuration, diagnostics } = await loadConfiguration({
    inline: { version: 1, ...inline },
    env: {},
  })
  assert.deepEqual(diagnostics, [])
  assert.ok(configuration)
  return configuration
}

test('what is printed is a configuration with the same meaning, in YAML and in JSON', async () => {
  const configuration = await load({
    apis: { shop: { ...api, guards: { quota: { cost: 2 } } } },
    tiers: { free: { rate: '60/min', quota: ['10000/day'] } },
    guards: { authentication: { realm: 'shop' } },
    authentication: { issuers: [{ issuer: 'https://id.example', audience: 'shop', algorithms: ['ES256'] }] },
  })
  const printed = printConfiguration(configuration)
  const again = await load(parse(printed) as Record<string, unknown>)
  assert.equal(printConfiguration(again), printed)
  assert.deepEqual(JSON.parse(printConfiguration(configuration, 'json')), parse(printed))
  const { source: _, authentication: __, guards, ...settings } = configuration
  const { source: ___, authentication: read, guards: guardsAgain, ...settingsAgain } = again
  assert.deepEqual(settingsAgain, settings)
  assert.equal(read.realm, 'shop')
  assert.equal(read.issuers.length, 1)
  assert.deepEqual({ ...guardsAgain, authentication: 0 }, { ...guards, authentication: 0 })
})

test('defaults are printed where nothing is written', async () => {
  const printed = parse(printConfiguration(await load({ apis: { shop: api } }))) as Record<string, unknown>
  assert.deepEqual(printed['admin'], { host: '127.0.0.1', port: 9443, names: [] })
  assert.deepEqual(printed['tiers'], { default: { rate: '600/min' } })
})

test('the reference has a row for every setting of the JSON Schema, and none without a type', () => {
  const reference = configurationReference()
  assert.match(reference, /^## `listen\.https`$/m)
  assert.match(reference, /^\| `port` \| whole number, 0 to 65535 \| `8443` \|/m)
  assert.match(reference, /^\| `contract` \| `none` or path \| \*\*required\*\* \|/m)
  assert.match(reference, /^## `x-gateward`$/m)
  assert.match(reference, /^\| `cost` \| whole number, 0 to 1000000 \|/m)
  assert.doesNotMatch(reference, /\| any \||undefined/)
  for (const line of reference.split('\n').filter((row) => row.startsWith('|')))
    assert.equal(line.match(/(?<!\\)\|/g)?.length, 5, line)
})

test('the JSON Schema closes every section and describes what an API overrides', () => {
  const schema = JSON.stringify(configurationJsonSchema())
  assert.ok(schema.includes('"https://json-schema.org/draft/2020-12/schema"'))
  const { apis } = (JSON.parse(schema) as { properties: { apis: unknown } }).properties
  const shop = (apis as { additionalProperties: { properties: { guards: { properties: object } } } })
    .additionalProperties
  const { quota } = shop.properties.guards.properties as { quota: { properties: object; default?: unknown } }
  assert.ok('cost' in quota.properties)
  assert.equal(JSON.stringify(quota).includes('"default"'), false)
})
