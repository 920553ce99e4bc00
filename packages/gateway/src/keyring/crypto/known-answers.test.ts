import { Secret } from '@gateward/kernel'
import assert from 'node:assert/strict'
import { argon2Sync, createCipheriv, createSecretKey, sign, verify, type CipherGCM } from 'node:crypto'
import { describe, it } from 'node:test'
import { decryptGcm, encryptGcm } from './aes-gcm.ts'
import { decryptSiv, encryptSiv } from './aes-siv.ts'
import { associatedData } from './associated-data.ts'
import { BlindIndex } from './blind-index.ts'
import { deriveKey } from './derive-key.ts'
import { ed25519FromSeed } from './ed25519.ts'
import { keyFromPassphrase } from './passphrase-key.ts'
import { combineShares } from './split-secret.ts'

const hex = (text: string): Buffer => Buffer.from(text, 'hex')
const key = (text: string) => createSecretKey(hex(text))
const counting = (bytes: number): string =>
  Buffer.from(Array.from({ length: bytes }, (_, index) => index)).toString('hex')

interface Vector {
  readonly name: string
  readonly key: string
  readonly nonce: string
  readonly associated: string
  readonly plaintext: string
  readonly ciphertext: string
  readonly tag: string
}

const gcmVectors: readonly Vector[] = [
  {
    name: 'test case 13 of the GCM specification submitted to NIST',
    key: '00'.repeat(32),
    nonce: '00'.repeat(12),
    associated: '',
    plaintext: '',
    ciphertext: '',
    tag: '530f8afbc74536b9a963b4f1c4cb738b',
  },
  {
    name: 'test case 14',
    key: '00'.repeat(32),
    nonce: '00'.repeat(12),
    associated: '',
    plaintext: '00'.repeat(16),
    ciphertext: 'cea7403d4d606b6e074ec5d3baf39d18',
    tag: 'd0d1c8a799996bf0265b98b5d48ab919',
  },
  {
    name: 'test case 16',
    key: 'feffe9928665731c6d6a8f9467308308'.repeat(2),
    nonce: 'cafebabefacedbaddecaf888',
    associated: 'feedfacedeadbeeffeedfacedeadbeefabaddad2',
    plaintext:
      'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72' +
      '1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39',
    ciphertext:
      '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa' +
      '8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662',
    tag: '76fc6ece0f4e1768cddf8853bb2d551b',
  },
]

describe('AES-256-GCM', () => {
  for (const vector of gcmVectors) {
    it(`opens ${vector.name}`, () => {
      const message = hex(vector.nonce + vector.ciphertext + vector.tag)
      const plaintext = decryptGcm(key(vector.key), message, hex(vector.associated))
      assert.equal(plaintext?.toString('hex'), vector.plaintext)
    })
  }

  // Wycheproof, aes_gcm_test.json 153 to 156: the right tag is 9ce8…90dd.
  const wycheproof = {
    key: key(counting(32)),
    head: '505152535455565758595a5bb2061457c0759fc1749f174ee1ccadfa',
  }
  it('opens the message that Wycheproof changes', () => {
    const plaintext = decryptGcm(
      wycheproof.key,
      hex(`${wycheproof.head}9ce8fef6d8ab1bf1bf887232eab590dd`),
      hex(''),
    )
    assert.equal(plaintext?.toString('hex'), '202122232425262728292a2b2c2d2e2f')
  })
  for (const [name, tag] of [
    ['all 0', '00'.repeat(16)],
    ['all 1', 'ff'.repeat(16)],
    ['of other highest bits', '1c687e76582b9b713f08f2b26a35105d'],
    ['of other lowest bits', '9de9fff7d9aa1af0be897333ebb491dc'],
  ])
    it(`refuses a tag ${name} (Wycheproof)`, () => {
      assert.equal(decryptGcm(wycheproof.key, hex(wycheproof.head + tag), hex('')), undefined)
    })

  it('encrypts what any other implementation opens, each time under another nonce', () => {
    const secret = key(counting(32))
    const [plaintext, associated] = [Buffer.from('ada@example.com'), Buffer.from('orders.email')]
    const messages = Array.from({ length: 100 }, () => encryptGcm(secret, plaintext, associated))
    for (const message of messages) {
      const cipher = createCipheriv('aes-256-gcm', secret, message.subarray(0, 12))
      cipher.setAAD(associated)
      const expected = Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
      assert.deepEqual(message.subarray(12), expected)
    }
    assert.equal(new Set(messages.map((message) => message.toString('hex', 0, 12))).size, 100)
  })
})

describe('AES-256-SIV', () => {
  it('is what OpenSSL makes of RFC 5297 appendix A.1, in its form for 128 bits', () => {
    const cipher = createCipheriv(
      'aes-128-siv',
      key('fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff'),
      null,
    ) as CipherGCM
    cipher.setAAD(hex('101112131415161718191a1b1c1d1e1f2021222324252627'))
    const ciphertext = cipher.update(hex('112233445566778899aabbccddee'))
    cipher.final()
    assert.equal(cipher.getAuthTag().toString('hex'), '85632d07c6e8f37f950acd320a2ecc93')
    assert.equal(ciphertext.toString('hex'), '40c02b9690c4dc04daef7f6afe5c')
  })

  // Wycheproof, aes_siv_cmac_test.json: the valid forms of 436 to 438 and 440 to 442.
  const secret = key(counting(64))
  const vectors = [
    ['3031323334353637', '212e4a8f8b4c66788f3af230fb1c3ada', '5ead70c7f066d4df'],
    [
      '303132333435363738393a3b3c3d3e3f',
      '04b4e8166f28082987a32cdaf53deb61',
      '211dffad7562c4b924bb79fed73d9ce2',
    ],
    [
      '303132333435363738393a3b3c3d3e3f40414243',
      '305d6cf8eeb36a37849710e7d1f72940',
      'adfd10a7615d6515b999dbfc5a10f3ae9df5f19a',
    ],
  ] as const
  for (const [plaintext, vector, ciphertext] of vectors)
    it(`makes and opens the Wycheproof message ${ciphertext}`, () => {
      const message = encryptSiv(secret, hex(plaintext), hex(''))
      assert.equal(message.toString('hex'), vector + ciphertext)
      assert.equal(decryptSiv(secret, message, hex(''))?.toString('hex'), plaintext)
      for (const flip of [0x80, 1]) {
        const changed = Buffer.from(message)
        for (let index = 0; index < 16; index++) changed[index] = (changed[index] ?? 0) ^ flip
        assert.equal(decryptSiv(secret, changed, hex('')), undefined)
      }
    })

  it('refuses to encrypt nothing, and opens nothing that is too short', () => {
    assert.throws(() => encryptSiv(secret, hex(''), hex('')), RangeError)
    assert.equal(decryptSiv(secret, hex('00'.repeat(16)), hex('')), undefined)
  })
})

describe('HKDF and HMAC', () => {
  it('derives as RFC 5869 appendix A.3', () => {
    const derived = deriveKey(key('0b'.repeat(22)), hex(''), 42)
    assert.equal(
      derived.export().toString('hex'),
      '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8',
    )
  })

  it('indexes equal values alike in one place, and in no other place or under another key', () => {
    const index = new BlindIndex(key(counting(32)), 'orders', 'email')
    assert.equal(index.of('ada'), new BlindIndex(key(counting(32)), 'orders', 'email').of('ada'))
    const others = [
      index.of('bob'),
      new BlindIndex(key(counting(32)), 'orders', 'name').of('ada'),
      new BlindIndex(key(counting(32)), 'ordersemail').of('ada'),
      new BlindIndex(key(counting(32)), 'order', 'semail').of('ada'),
      new BlindIndex(key('00'.repeat(32)), 'orders', 'email').of('ada'),
    ]
    assert.equal(new Set([...others, index.of('ada')]).size, others.length + 1)
    assert.match(index.of(''), /^[\w-]{43}$/)
  })

  it('names places so that no two lists of parts are the same bytes', () => {
    assert.notDeepEqual(associatedData('ab', 'c'), associatedData('a', 'bc'))
    assert.notDeepEqual(associatedData('a'), associatedData('a', ''))
    assert.equal(associatedData('a', '€').toString('hex'), '000000016100000003e282ac')
  })
})

describe('Ed25519', () => {
  it('signs as RFC 8032 section 7.1 test 2', () => {
    const { privateKey, publicKey } = ed25519FromSeed(
      hex('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb'),
    )
    assert.equal(
      publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex'),
      '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    )
    const signature = sign(null, hex('72'), privateKey)
    assert.equal(
      signature.toString('hex'),
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da' +
        '085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    )
    assert.ok(verify(null, hex('72'), publicKey, signature))
  })
})

describe('shares of a secret', () => {
  it('are points of a polynomial over GF(2^8) with the field of AES', async () => {
    // 0x42 + 0x13 x at 1 and 2, worked out by hand: 0x42 ^ 0x13, and 0x42 ^ 0x26.
    assert.deepEqual(await combineShares([hex('5101'), hex('6402')]), hex('42'))
  })
})

describe('Argon2id', () => {
  it('is what RFC 9106 section 5.3 gives, and a passphrase makes the same key every time', async () => {
    const tag = argon2Sync('argon2id', {
      message: Buffer.alloc(32, 1),
      nonce: Buffer.alloc(16, 2),
      secret: Buffer.alloc(8, 3),
      associatedData: Buffer.alloc(12, 4),
      parallelism: 4,
      tagLength: 32,
      memory: 32,
      passes: 3,
    })
    assert.equal(tag.toString('hex'), '0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659')
    const cost = { memory: 64, passes: 1, lanes: 1 }
    const make = async (text: string, salt: number) =>
      (await keyFromPassphrase(new Secret(text), Buffer.alloc(16, salt), cost)).export().toString('hex')
    assert.equal(await make('one', 1), await make('one', 1))
    assert.notEqual(await make('one', 1), await make('one', 2))
    assert.notEqual(await make('one', 1), await make('two', 1))
  })
})
