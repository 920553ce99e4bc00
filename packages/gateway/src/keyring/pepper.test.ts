import { Secret } from '@gateward/kernel'
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHmac } from 'node:crypto'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { inspect, promisify } from 'node:util'
import { testKek } from './data-keys/testing.ts'
import { testStoreKek } from '../store/testing.ts'
import { hashApiKey, loadPepper, pepperFromSecret, toPepper } from './pepper.ts'

function openDirectory() {
  const path = mkdtempSync(join(tmpdir(), 'gateward-pepper-'))
  const file = join(path, 'keyring', 'pepper')
  return { path, file, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

const unusable = { name: 'Fault', code: 'PEPPER_UNUSABLE' }

describe('the pepper', () => {
  it('is made once, random and wrapped, in a file that only its owner can read', async () => {
    using directory = openDirectory()
    const first = hashApiKey(await loadPepper(directory.path, [testStoreKek]), 'key')
    const { mode, size } = statSync(directory.file)
    assert.equal(mode & 0o777, 0o600)
    assert.ok(size > 60)
    assert.equal(hashApiKey(await loadPepper(directory.path, [testStoreKek]), 'key'), first)
    using other = openDirectory()
    assert.notEqual(hashApiKey(await loadPepper(other.path, [testStoreKek]), 'key'), first)
  })

  it('is the same one for all processes that start at once, and nothing else is left behind', async () => {
    using directory = openDirectory()
    const script = `
      const { hashApiKey, loadPepper } = await import(${JSON.stringify(import.meta.resolve('./pepper.ts'))})
      const { testStoreKek } = await import(${JSON.stringify(import.meta.resolve('../store/testing.ts'))})
      const pepper = await loadPepper(${JSON.stringify(directory.path)}, [testStoreKek])
      process.stdout.write(hashApiKey(pepper, 'key'))`
    const run = async () =>
      (await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script])).stdout
    const hashes = await Promise.all([run(), run(), run()])
    const expected = hashApiKey(await loadPepper(directory.path, [testStoreKek]), 'key')
    assert.deepEqual(
      hashes,
      Array.from({ length: 3 }, () => expected),
    )
    assert.deepEqual(readdirSync(join(directory.path, 'keyring')), ['pepper'])
  })

  it('is never made anew over one that is damaged', async () => {
    using directory = openDirectory()
    await loadPepper(directory.path, [testStoreKek])
    truncateSync(directory.file, statSync(directory.file).size - 1)
    await assert.rejects(loadPepper(directory.path, [testStoreKek]), { ...unusable, message: /damaged/ })
    truncateSync(directory.file, 0)
    await assert.rejects(loadPepper(directory.path, [testStoreKek]), unusable)
  })

  it('is not used where others can read it', async () => {
    using directory = openDirectory()
    await loadPepper(directory.path, [testStoreKek])
    chmodSync(directory.file, 0o640)
    await assert.rejects(loadPepper(directory.path, [testStoreKek]), { ...unusable, message: /chmod 600/ })
  })

  it('is not read through a link', async () => {
    using directory = openDirectory()
    await loadPepper(directory.path, [testStoreKek])
    unlinkSync(directory.file)
    symlinkSync('/dev/zero', directory.file)
    await assert.rejects(loadPepper(directory.path, [testStoreKek]), { ...unusable, message: /regular file/ })
  })

  it('of an earlier version is wrapped where it lies, and stays the same', async () => {
    using directory = openDirectory()
    const bytes = Buffer.alloc(32, 9)
    mkdirSync(join(directory.path, 'keyring'))
    writeFileSync(directory.file, bytes, { mode: 0o600 })
    const expected = hashApiKey(toPepper(bytes), 'key')
    for (let start = 0; start < 2; start++)
      assert.equal(hashApiKey(await loadPepper(directory.path, [testStoreKek]), 'key'), expected)
    assert.ok(!readFileSync(directory.file).includes(bytes))
    assert.deepEqual(readdirSync(join(directory.path, 'keyring')), ['pepper'])
  })

  it('follows to another key-encryption key while the former one is named, and not otherwise', async () => {
    using directory = openDirectory()
    const expected = hashApiKey(await loadPepper(directory.path, [testStoreKek]), 'key')
    const next = testKek()
    await assert.rejects(loadPepper(directory.path, [next]), { ...unusable, message: /keyring\.former/ })
    assert.equal(hashApiKey(await loadPepper(directory.path, [next, testStoreKek]), 'key'), expected)
    assert.equal(hashApiKey(await loadPepper(directory.path, [next]), 'key'), expected)
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

  it('never prints itself', async () => {
    using directory = openDirectory()
    const pepper = await loadPepper(directory.path, [testStoreKek])
    const bytes = readFileSync(directory.file)
    const printed = inspect({ pepper }, { depth: 9, showHidden: true }) + JSON.stringify(pepper)
    assert.ok(!printed.includes(bytes.toString('hex')) && !printed.includes(bytes.toString('base64')))
  })
})
