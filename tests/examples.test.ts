import assert from 'node:assert/strict'
import { globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { root, runCommandIn } from './run-command.ts'

const files = globSync('examples/*/gateward.yaml', { cwd: root })

test('there is an example', () => assert.ok(files.length > 0))

for (const file of files) {
  test(`${file} is accepted without a warning`, async () => {
    const { code, out } = await runCommandIn(dirname(join(root, file)), 'check')
    assert.equal(code, 0, out)
    assert.match(out, /no mistakes/)
  })
}
