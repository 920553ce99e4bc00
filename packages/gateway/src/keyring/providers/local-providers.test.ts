import { Secret, systemClock } from '@gateward/kernel'
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, it } from 'node:test'
import { obeysTheLawsOfKeyEncryptionKeys } from './key-encryption-key.contract.ts'
import { openPassphraseKey } from './passphrase.ts'
import { openProvider } from './open-provider.ts'

/** Cheap, so that the tests are. */
const cost = { memory: 64, passes: 1, lanes: 1 }
const passphrase = new Secret('correct horse battery staple')

obeysTheLawsOfKeyEncryptionKeys('a passphrase', async () => {
  const { id } = await openPassphraseKey(passphrase, [], cost)
  return {
    open: () => openPassphraseKey(passphrase, ['file:00000000', id], cost),
    openOther: () => openPassphraseKey(new Secret('another horse battery staple'), [id], cost),
    [Symbol.asyncDispose]: async () => undefined,
  }
})

const openKey = (text: string) =>
  openProvider(
    { kind: 'key', secret: new Secret(text) },
    { data: '.', known: [], mayCreate: false, clock: systemClock },
  )

obeysTheLawsOfKeyEncryptionKeys('a secret', async () => {
  const [key, other] = [randomBytes(32), randomBytes(32)]
  return {
    open: () => openKey(key.toString('hex')),
    openOther: () => openKey(other.toString('base64')),
    [Symbol.asyncDispose]: async () => undefined,
  }
})

describe('keys from secrets', () => {
  it('are the same in hexadecimal and both alphabets of base64', async () => {
    const key = randomBytes(32)
    const ids = await Promise.all(
      (['hex', 'base64', 'base64url'] as const).map(async (form) => (await openKey(key.toString(form))).id),
    )
    assert.equal(new Set(ids).size, 1)
  })

  it('are refused where they are too short, too long or no key', async () => {
    for (const text of ['', 'a'.repeat(31), 'ab'.repeat(31), 'ab'.repeat(33), 'correct horse battery staple'])
      await assert.rejects(openKey(text), { code: 'KEK_UNUSABLE' })
    await assert.rejects(openPassphraseKey(new Secret('short'), []), { code: 'KEK_UNUSABLE' })
  })

  it('made from a passphrase tell that it is another one by their id', async () => {
    const { id } = await openPassphraseKey(passphrase, [], cost)
    assert.equal((await openPassphraseKey(passphrase, [id], cost)).id, id)
    const composed = await openPassphraseKey(new Secret('caf\u00e9 caf\u00e9 caf\u00e9 caf\u00e9'), [], cost)
    const decomposed = new Secret('cafe\u0301 cafe\u0301 cafe\u0301 cafe\u0301')
    assert.equal((await openPassphraseKey(decomposed, [composed.id], cost)).id, composed.id)
  })
})
