import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createWaf } from './engine/create-waf.ts'
import type { TestRequest } from './engine/testing.ts'
import { ask } from './engine/testing.ts'

/** The built-in rules: what they find is asked here, not how fast. */
export const { waf } = await createWaf({
  rules: ['core'],
  settings: { budget: Number.POSITIVE_INFINITY },
})

/** A test for each attack: this rule finds it, and it is refused. */
export function testAttacks(attacks: readonly (readonly [string, number, TestRequest])[]): void {
  for (const [what, id, request] of attacks)
    void test(`${what} is found by rule ${id}`, () => {
      assert.ok(waf)
      const { ids, verdict } = ask(waf, request)
      assert.ok(ids.includes(id), `${ids.join(' ')} in place of ${id}`)
      assert.equal(verdict.kind, 'block')
    })
}

/** A test for each request: no rule says anything about it. */
export function testHarmless(requests: readonly (readonly [string, TestRequest])[]): void {
  for (const [what, request] of requests)
    void test(`${what} passes`, () => {
      assert.ok(waf)
      assert.deepEqual(ask(waf, request).ids, [])
    })
}
