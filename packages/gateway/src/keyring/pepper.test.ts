import { Secret } from '@gateward/kernel'
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHmac } from 'node:crypto'
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { inspect, promisify } from 'node:util'
import { hashApiKey, loadPepper, pepperFromSecret, toPepper } from './pepper.ts'

function openDirectory() {
  const path = mkdtempSync(join(tmpdir(), 'gateward-pepper-'))
  const file = join(path, 'keyring', 'pepper')
  return { path, file, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

const unusable = { name: 'Fault', code: 'PEPPER_UNUSABLE' }

describe('the pepper', () => {
  it('is made once, 32 random bytes that only their owner can read', () => {
    using directory = openDirectory()
    const first = hashApiKey(loadPepper(directory.path), 'key')
    const { mode, size } = statSync(directory.file)
    assert.deepEqual([mode & 0o777, size], [0o600, 32])
    assert.equal(hashApiKey(loadPepper(directory.path), 'key'), first)
    using other = openDirectory()
    assert.notEqual(hashApiKey(loadPepper(other.path), 'key'), first)
  })

  it('is the same one for all processes that start at once, and nothing else is left behind', async () => {
    using directory = openDirectory()
    const script = `
      const { hashApiKey, loadPepper } = await import(${JSON.stringify(import.meta.resolve('./pepper.ts'))})
      process.stdout.write(hashApiKey(loadPepper(${JSON.stringify(directory.path)}), 'key'))`
    const run = async () =>
      (await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script])).stdout
    const hashes = await Promise.all([run(), run(), run()])
    assert.deepEqual(
      hashes,
      Array.from({ length: 3 }, () => hashApiKey(loadPepper(directory.path), 'key')),
    )
    assert.deepEqual(readdirSync(join(directory.path, 'keyring')), ['pepper'])
  })

  it('is never made anew over one that is damaged', () => {
    using directory = openDirectory()
    loadPepper(directory.path)
    truncateSync(directory.file, 31)
    assert.throws(() => loadPepper(directory.path), { ...unusable, message: /31 bytes/ })
    truncateSync(directory.file, 0)
    assert.throws(() => loadPepper(directory.path), unusable)
  })

  it('is not used where others can read it', () => {
    using directory = openDirectory()
    loadPepper(directory.path)
    chmodSync(directory.file, 0o640)
    assert.throws(() => loadPepper(directory.path), { ...unusable, message: /chmod 600/ })
  })

  it('is not read through a link', () => {
    using directory = openDirectory()
    loadPepper(directory.path)
    unlinkSync(directory.file)
    symlinkSync('/dev/zero', directory.file)
    assert.throws(() => loadPepper(directory.path), { ...unusable, message: /regular file/ })
  })

  it('makes HMAC-SHA-256', () => {
    const bytes = Buffer.alloc(32, 7)
    const expected = createHmac('sha256', bytes).update('gw_test_x').digest('base64url')
    assert.equal(hashApiKey(toPepper(bytes), 'gw_test_x'), expected)
  })

  it('comes from a secret of the configuration in hexadecimal or base64', () => {
    const bytes = Buffer.from(Array.from({ length: 32 }, (_, index) => index * 7))
    const expected = hashApiKey(toPepper(bytes), 'key')
    for (const encoding of ['hex', 'base64', 'base64url'] as const)
      assert.equal(hashApiKey(pepperFromSecret(new Secret(bytes.toString(encoding))), 'key'), expected)
  })

  for (const text of [
    '',
    'short',
    'a'.repeat(42),
    'ab'.repeat(31),
    'correct horse battery staple '.repeat(3),
  ]) {
    it(`is not made from the secret "${text.slice(0, 12)}" of ${text.length} characters`, () => {
      assert.throws(() => pepperFromSecret(new Secret(text)), unusable)
    })
  }

  it('never prints itself', () => {
    using directory = openDirectory()
    const pepper = loadPepper(directory.path)
    const bytes = readFileSync(directory.file)
    const printed = inspect({ pepper }, { depth: 9, showHidden: true }) + JSON.stringify(pepper)
    assert.ok(!printed.includes(bytes.toString('hex')) && !printed.includes(bytes.toString('base64')))
  })
})
