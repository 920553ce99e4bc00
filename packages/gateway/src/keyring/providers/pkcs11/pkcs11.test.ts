import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Secret } from '@gateward/kernel'
import { withReferences } from '../../../settings/references.ts'
import { obeysTheLawsOfKeyEncryptionKeys } from '../key-encryption-key.contract.ts'
import { providerSettings, type Pkcs11Settings } from '../settings.ts'
import { createPkcs11Key } from './pkcs11.ts'
import {
  closeAllSessions,
  missingForTokens,
  openSoftHsm,
  softHsmModule,
  softHsmPin,
} from './softhsm-testing.ts'
import { Token } from './token.ts'

const material = Buffer.from('0123456789abcdef0123456789abcdef')
const associated = Buffer.from('c')

function addressOf({ pin, serial, ...rest }: Pkcs11Settings) {
  return { ...rest, serial, pin: pin.reveal() }
}

describe('a key in a token, by PKCS#11', { skip: missingForTokens ?? false }, () => {
  if (missingForTokens !== undefined) return
  const hsm = openSoftHsm()
  after(() => hsm[Symbol.dispose]())

  obeysTheLawsOfKeyEncryptionKeys('SoftHSM2', async () => ({
    open: async () => createPkcs11Key(hsm.settings()),
    openOther: async () => createPkcs11Key(hsm.settings({ key: 'other' })),
    [Symbol.asyncDispose]: async () => undefined,
  }))

  it('answers many at once, and after its process has ended for want of questions', async () => {
    const kek = createPkcs11Key(hsm.settings(), { deadline: 10_000, idle: 20 })
    const wrapped = await Promise.all(Array.from({ length: 20 }, () => kek.wrap(material, 'c')))
    assert.equal(new Set(wrapped).size, 20)
    const before = children().length
    while (children().length >= before) await sleep(20)
    assert.deepEqual(await kek.unwrap(wrapped[0] ?? '', 'c'), material)
  })

  it('says what is wrong where it cannot be used, each thing in its own words', () => {
    hsm.addToken('Second', [
      { label: 'twice' },
      { label: 'twice' },
      { label: 'readable', sensitive: false },
      { label: 'decrypts', encrypts: false },
    ])
    const second = { token: 'Second' }
    const table: readonly (readonly [Partial<Pkcs11Settings>, RegExp])[] = [
      [{ module: '/nowhere/libtoken.so' }, /module \/nowhere\/libtoken\.so cannot be used: .*write the path/],
      [{ module: '/usr/lib/os-release' }, /cannot be used/],
      [{ token: 'Absent' }, /no token Absent is present; there are: .*Gateward/],
      [{ serial: '0' }, /with the serial number 0 is present/],
      [{ key: 'missing' }, /has no AES key missing.*pkcs11-tool --keygen/],
      [{ ...second, key: 'twice' }, /more than one AES key twice/],
      [{ ...second, key: 'readable' }, /can be read out of the token/],
      [{ ...second, key: 'decrypts' }, /may not both encrypt and decrypt/],
      [{ pin: new Secret('1234-5678') }, /does not take the PIN \(C_Login answered CKR_PIN_INCORRECT\)/],
    ]
    for (const [changes, message] of table) {
      const token = new Token(addressOf(hsm.settings(changes)))
      assert.throws(() => token.wrap(material, associated), message)
      token.finalize()
    }
  })

  it('tells tokens of one label apart by their serial number', () => {
    hsm.addToken('Twin', [{ label: 'gate' }])
    hsm.addToken('Twin', [{ label: 'gate' }])
    const ambiguous = new Token(addressOf(hsm.settings({ token: 'Twin' })))
    let serial = ''
    assert.throws(
      () => ambiguous.wrap(material, associated),
      ({ message }: Error) => {
        serial = /2 tokens are called Twin; say which by serial: (\w+)/.exec(message)?.[1] ?? ''
        return serial !== ''
      },
    )
    ambiguous.finalize()
    const token = new Token(addressOf(hsm.settings({ token: 'Twin', serial })))
    assert.deepEqual(token.unwrap(token.wrap(material, associated), associated), material)
    token.finalize()
  })

  it('is unavailable for a wrong PIN, shows it nowhere, and does not try it again', async () => {
    using own = openSoftHsm()
    const kek = createPkcs11Key(own.settings({ pin: new Secret('1234-5678') }))
    const refused = (thrown: unknown) => {
      assert.ok(thrown instanceof Error && 'code' in thrown)
      assert.equal(thrown.code, 'KEK_UNAVAILABLE')
      assert.match(thrown.message, /^pkcs11:token=Gateward;object=gate: .*does not take the PIN/)
      return !thrown.message.includes('1234-5678')
    }
    await assert.rejects(kek.wrap(material, 'c'), refused)
    // Were it tried, another thing would be wrong now.
    own.removeTokens()
    await assert.rejects(kek.wrap(material, 'c'), refused)
  })

  it('tries a refused PIN once, however many questions wait in its process already', () => {
    using own = openSoftHsm()
    const token = new Token(addressOf(own.settings({ pin: new Secret('1234-5678') })))
    try {
      assert.throws(() => token.wrap(material, associated), /does not take the PIN/)
      // Were it tried, another thing would be wrong now.
      own.removeTokens()
      assert.throws(() => token.wrap(material, associated), /does not take the PIN/)
    } finally {
      token.finalize()
    }
  })

  it('goes on in a new session where the token has closed the old one, and gives up after one try', () => {
    using own = openSoftHsm()
    const token = new Token(addressOf(own.settings()))
    try {
      const wrapped = token.wrap(material, associated)
      closeAllSessions()
      assert.deepEqual(token.unwrap(wrapped, associated), material)
      closeAllSessions()
      own.removeTokens()
      assert.throws(() => token.unwrap(wrapped, associated))
    } finally {
      token.finalize()
    }
  })

  it('is unavailable without an answer in time, however often it is asked', async () => {
    const impatient = createPkcs11Key(hsm.settings(), { deadline: 1, idle: 1_000 })
    const late = { code: 'KEK_UNAVAILABLE', message: /does not answer in 0.001 s/ }
    for (let times = 0; times < 2; times++) await assert.rejects(impatient.wrap(material, 'c'), late)
  })

  it('starts its process anew when that goes down, once for each question', async () => {
    const kek = createPkcs11Key(hsm.settings())
    const wrapped = await kek.wrap(material, 'c')
    killChildren()
    assert.deepEqual(await kek.unwrap(wrapped, 'c'), material)
    killChildren()
    const killing = setInterval(killChildren, 5)
    const asked = kek.unwrap(wrapped, 'c').finally(() => clearInterval(killing))
    await assert.rejects(asked, { code: 'KEK_UNAVAILABLE', message: /went down/ })
  })

  it('is configured by a reference to its PIN, and never by the PIN itself', () => {
    const parse = (pin: string) =>
      withReferences({ env: { TOKEN_PIN: softHsmPin }, directory: '/' }, () =>
        providerSettings.safeParse({
          kind: 'pkcs11',
          module: softHsmModule,
          token: 'Gateward',
          key: 'gate',
          pin,
        }),
      )
    assert.equal(parse('env:TOKEN_PIN').success, true)
    assert.equal(parse(softHsmPin).success, false)
  })
})

function children(): readonly number[] {
  const text = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim()
  return text === '' ? [] : text.split(' ').map(Number)
}

function killChildren(): void {
  for (const child of children()) process.kill(child, 'SIGKILL')
}
