import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { z } from 'zod'
import { path, secret, withReferences } from './references.ts'

const schema = z.strictObject({ pepper: secret() })

function read(pepper: string, env: Record<string, string> = {}, directory = '.') {
  return withReferences({ env, directory }, () => schema.safeParse({ pepper }))
}

test('a secret comes from the environment or a file, and is printed nowhere', () => {
  const directory = mkdtempSync(join(tmpdir(), 'gateward-'))
  try {
    writeFileSync(join(directory, 'pepper'), 'hunter2\n')
    for (const reading of [
      read('env:PEPPER', { PEPPER: 'hunter2' }),
      read('file:pepper', {}, directory),
      read(`file:${directory}/pepper`),
    ]) {
      assert.equal(reading.data?.pepper.reveal(), 'hunter2')
      assert.doesNotMatch(JSON.stringify(reading.data), /hunter2/)
    }
  } finally {
    rmSync(directory, { recursive: true })
  }
})

for (const text of [
  'hunter2',
  'vault:hunter2',
  'env:',
  'env:hunter-2',
  'env:UNSET',
  'file:/no/such/file',
  'file:/',
  '',
]) {
  test(`"${text}" is no secret, and the secret itself is not repeated`, () => {
    const reading = read(text)
    assert.equal(reading.success, false)
    const [issue] = reading.error?.issues ?? []
    if (!text.startsWith('env:') && !text.startsWith('file:'))
      assert.doesNotMatch(issue?.message ?? '', /hunter2/)
    assert.ok(issue?.code === 'custom' && typeof issue.params?.['fix'] === 'string')
  })
}

test('an unknown scheme is named', () => {
  assert.match(read('vault:secret/pepper').error?.issues[0]?.message ?? '', /unknown secret scheme vault:/)
})

test('a relative path starts from the folder of the configuration, an absolute one stays', () => {
  const parse = (text: string): string =>
    withReferences({ env: {}, directory: '/etc/gateward' }, () => path().parse(text))
  assert.equal(parse('./shop.yaml'), '/etc/gateward/shop.yaml')
  assert.equal(parse('/shop.yaml'), '/shop.yaml')
})

test('references end with the parse they were given for', () => {
  read('env:PEPPER', { PEPPER: 'hunter2' })
  assert.equal(schema.safeParse({ pepper: 'env:PEPPER' }).success, false)
  assert.throws(() =>
    withReferences({ env: { PEPPER: 'hunter2' }, directory: '.' }, () => {
      throw new Error('in the middle')
    }),
  )
  assert.equal(schema.safeParse({ pepper: 'env:PEPPER' }).success, false)
})
