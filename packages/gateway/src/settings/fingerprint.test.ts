import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Secret } from '@gateward/kernel'
import { fingerprint } from './fingerprint.ts'

test('a fingerprint differs where a setting or a secret does, and nowhere else', () => {
  const made = (secret: string, value = 1) => fingerprint({ a: [{ secret: new Secret(secret) }], value })
  assert.equal(made('hunter2'), made('hunter2'))
  assert.notEqual(made('hunter2'), made('hunter3'))
  assert.notEqual(made('hunter2'), made('hunter2', 2))
  assert.ok(!made('hunter2').includes('hunter2'))
})
