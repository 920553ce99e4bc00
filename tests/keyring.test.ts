import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually, runCommandIn } from './run-command.ts'
import { startServe } from './start-serve.ts'
import { startService } from './start-service.ts'

interface ShownKey {
  readonly id: string
  readonly purpose: string
  readonly state: string
  readonly values: number
}

test('keys rotate, and the one before is retired and destroyed, while requests go on and none fails', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gateward-rotation-'))
  await using stack = new AsyncDisposableStack()
  stack.defer(() => rmSync(folder, { recursive: true, force: true }))
  const service = stack.use(await startService())
  const gate = stack.use(await startServe(folder, ['--contract', 'none', '--upstream', service.url]))
  const run = (...words: readonly string[]) => runCommandIn(folder, 'keyring', ...words)
  const list = async () => JSON.parse((await run('list', '--json')).out) as readonly ShownKey[]
  const made = await runCommandIn(folder, 'keys', 'create', 'acme', '--json')
  const { key } = JSON.parse(made.out) as { key: string }

  const statuses = new Map<number, number>()
  const over = new AbortController()
  const load = (async () => {
    while (!over.signal.aborted) {
      const { status } = await gate.send('/hello', key)
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      // Slower than the least of the limits.
      await sleep(100)
    }
  })()
  const before = (await list()).find(({ purpose }) => purpose === 'store')?.id ?? ''
  assert.equal((await run('rotate', 'store')).code, 0)
  assert.equal((await run('rewrap')).code, 0)
  for (const words of [
    ['retire', before],
    ['destroy', before, '--confirm', before],
  ])
    assert.equal((await run(...words)).code, 0, words.join(' '))
  await eventually(() => (statuses.get(200) ?? 0) > 20 || undefined)
  over.abort()
  await load
  assert.deepEqual([...statuses.keys()], [200])

  const keys = await list()
  assert.equal(keys.find(({ id }) => id === before)?.state, 'destroyed')
  assert.ok((keys.find(({ purpose, state }) => purpose === 'store' && state === 'active')?.values ?? 0) >= 3)
})
