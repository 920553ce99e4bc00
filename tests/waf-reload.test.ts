import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { hasErrors } from '@gateward/kernel'
import { plainRequest, startGate } from './start-gate.ts'
import { runCommand } from './run-command.ts'
import { writeRules } from './write-rules.ts'

const rule = (word: string): string => `SecRule ARGS:q "@streq ${word}" "id:1,phase:2,deny,status:403"\n`

test('rules are swapped under load without a dropped request, and broken ones change nothing', async () => {
  const file = writeRules(rule('one'))
  await using gate = await startGate({
    settings: { anonymous: true, guards: { waf: { rules: [file] } } },
    service: (_, response) => void setTimeout(() => response.end('fine'), 2),
  })
  const ask = async (word: string): Promise<string> =>
    (await gate.exchange(plainRequest(`GET /?q=${word}`))).slice(9, 12)
  const statuses = new Set<string>()
  const over = new AbortController()
  const load = async (): Promise<void> => {
    while (!over.signal.aborted) statuses.add(await ask('one'))
  }
  const loads = Array.from({ length: 4 }, load)
  for (let round = 0; round < 30; round++) {
    const word = round % 2 === 0 ? 'two' : 'one'
    writeFileSync(file, rule(word))
    assert.equal(hasErrors(await gate.gateway.reload('test')), false)
    assert.equal(await ask(word), '403')
    assert.equal(await ask(word === 'one' ? 'two' : 'one'), '200')
  }
  writeFileSync(file, 'SecRule ARGS "@rxx one" "id:1,phase:2,deny"\n')
  assert.equal(hasErrors(await gate.gateway.reload('test')), true)
  assert.equal(await ask('one'), '403')
  over.abort()
  await Promise.all(loads)
  assert.deepEqual([...statuses].toSorted(), ['200', '403'])
})

test('a rule that changes is a configuration that changes: the audit log has it, and one without a change is none', async () => {
  const file = writeRules(rule('one'))
  await using gate = await startGate({
    settings: { anonymous: true, guards: { waf: { rules: [file] } } },
    service: (_, response) => void response.end('fine'),
  })
  const loads = async (): Promise<number> => {
    const { out } = await runCommand(
      'audit',
      'list',
      '--action',
      'configuration.load',
      '--json',
      '--data',
      gate.data,
    )
    return (JSON.parse(out) as readonly unknown[]).length
  }
  assert.equal(hasErrors(await gate.gateway.reload('test')), false)
  assert.equal(await loads(), 0)
  writeFileSync(file, rule('two'))
  assert.equal(hasErrors(await gate.gateway.reload('test')), false)
  assert.equal(await loads(), 1)
})
