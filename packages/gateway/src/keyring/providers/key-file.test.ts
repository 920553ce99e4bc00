import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, statSync, symlinkSync, truncateSync, unlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { obeysTheLawsOfKeyEncryptionKeys } from './key-encryption-key.contract.ts'
import { openKeyFile } from './key-file.ts'

function openFolder() {
  const path = mkdtempSync(join(tmpdir(), 'gateward-kek-'))
  return {
    file: join(path, 'keyring', 'kek'),
    other: join(path, 'keyring', 'other'),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  }
}

obeysTheLawsOfKeyEncryptionKeys('a file', async () => {
  const folder = openFolder()
  return {
    open: async () => openKeyFile(folder.file, true),
    openOther: async () => openKeyFile(folder.other, true),
    [Symbol.asyncDispose]: async () => folder[Symbol.dispose](),
  }
})

const unusable = { name: 'Fault', code: 'KEK_UNUSABLE' }

describe('the key file', () => {
  it('is made once, of 32 bytes that only their owner can read', () => {
    using folder = openFolder()
    const { id } = openKeyFile(folder.file, true)
    const { mode, size } = statSync(folder.file)
    assert.deepEqual([mode & 0o777, size], [0o600, 32])
    assert.equal(openKeyFile(folder.file, true).id, id)
  })

  it('is not made where keys are there that it could not unwrap', () => {
    using folder = openFolder()
    assert.throws(() => openKeyFile(folder.file, false), { ...unusable, message: /is missing/ })
  })

  it('is not used where it is damaged, open to others, or a link', () => {
    using folder = openFolder()
    openKeyFile(folder.file, true)
    chmodSync(folder.file, 0o644)
    assert.throws(() => openKeyFile(folder.file, true), { ...unusable, message: /chmod 600/ })
    chmodSync(folder.file, 0o600)
    truncateSync(folder.file, 31)
    assert.throws(() => openKeyFile(folder.file, true), { ...unusable, message: /31 bytes/ })
    unlinkSync(folder.file)
    symlinkSync('/dev/zero', folder.file)
    assert.throws(() => openKeyFile(folder.file, true), { ...unusable, message: /regular file/ })
  })
})
