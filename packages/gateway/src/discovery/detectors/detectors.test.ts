import * as fc from 'fast-check'
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readFieldName } from './detector.ts'
import { detectors } from './detectors.ts'
import { passesLuhn, passesMod1110, passesVerhoeff, remainder } from './checksums.ts'

function classesOf(text: string, name = 'value', owner = ''): readonly string[] {
  const field = readFieldName(name, owner)
  return [...new Set(detectors.filter((detector) => detector.finds(text, field)).map((each) => each.class))]
}

/** Values of each class; the name of the field where that is needed to tell. */
const known: readonly (readonly [expected: string, text: string, name?: string, owner?: string])[] = [
  ['pii.email', 'ada.lovelace+x@mail.example.co.uk'],
  ['pii.phone', '+44 20 7946 0000'],
  ['pii.phone', '+1-555-123-4567'],
  ['pii.phone', '(555) 123-4567'],
  ['pii.phone', '030 1234567', 'phoneNumber'],
  ['pii.phone', '5551234567', 'mobile'],
  ['pii.ip-address', '8.8.8.8'],
  ['pii.ip-address', '2001:4860:4860::8888'],
  ['pii.address', '12 Main Street', 'street'],
  ['pii.address', 'SW1A 1AA', 'postalCode'],
  ['pii.location', '52.520008', 'latitude'],
  ['finance.iban', 'GB82 WEST 1234 5698 7654 32'],
  ['finance.iban', 'DE89370400440532013000'],
  ['finance.card', '4111 1111 1111 1111'],
  ['finance.card', '5555555555554444'],
  ['finance.card', '378282246310005'],
  ['finance.card', '6011111111111117'],
  ['finance.income', '52000', 'salary'],
  // Spain, Italy, France, Belgium, Germany, Norway, Poland, Brazil, Sweden, China, Switzerland, Finland, Turkey.
  ['pii.national-id', '12345678Z'],
  ['pii.national-id', 'X1234567L'],
  ['pii.national-id', 'RSSMRA85T10A562S'],
  ['pii.national-id', '255081416802538'],
  ['pii.national-id', '85.07.30-033.28'],
  ['pii.national-id', '86095742719'],
  ['pii.national-id', '01010750160'],
  ['pii.national-id', '44051401359'],
  ['pii.national-id', '529.982.247-25'],
  ['pii.national-id', '811228-9874'],
  ['pii.national-id', '11010519491231002X'],
  ['pii.national-id', '756.9217.0769.85'],
  ['pii.national-id', '131052-308T'],
  ['pii.national-id', '10000000146'],
  // Those without check digits, or with one alone, by the name of their field.
  ['pii.national-id', '078-05-1120', 'ssn'],
  ['pii.national-id', 'AB 12 34 56 C', 'nationalInsuranceNumber'],
  ['pii.national-id', '943 476 5919', 'nhs'],
  ['pii.national-id', '111222333', 'bsn'],
  ['pii.national-id', '046 454 286', 'sin'],
  ['pii.national-id', '2234 1234 1239', 'aadhaar'],
  ['pii.name', 'Ada', 'firstName'],
  ['pii.name', 'Grace Hopper', 'name', 'customer'],
  ['pii.name', 'María José Carreño', 'full_name'],
  ['pii.birthdate', '1815-12-10', 'dateOfBirth'],
  ['pii.gender', 'female', 'gender'],
  ['pii.document', 'C01X00T47', 'passportNumber'],
  ['health.record', 'penicillin', 'allergies'],
  ['secret.password', 'hunter2!', 'password'],
  ['secret.password', '$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy'],
  ['secret.token', `ghp_${'a1B2'.repeat(9)}`],
  ['secret.token', 'AKIAIOSFODNN7EXAMPLE'],
  ['secret.token', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl'],
  ['secret.token', 'dGhpcyBpcyBub3QgYSByZWFsIHNlY3JldA', 'apiKey'],
]

/** What is often taken for something else. */
const harmless: readonly (readonly [text: string, name?: string, owner?: string])[] = [
  ['2026-11-28T20:46:57.123Z', 'createdAt'],
  ['2026-11-28', 'dueDate'],
  ['1795899600', 'timestamp'],
  ['1795899600123', 'timestamp'],
  ['550e8400-e29b-41d4-a716-446655440000', 'id'],
  ['ord_0000000042', 'orderId'],
  ['INV-2026-000123', 'invoiceNumber'],
  ['4111111111111112', 'number'],
  ['GB82WEST12345698765433', 'account'],
  ['1.2.3.4', 'version'],
  ['10.0.0.7', 'host'],
  ['127.0.0.1', 'host'],
  ['Desk lamp', 'name', 'product'],
  ['Paper A4', 'item'],
  ['12345678A', 'code'],
  ['8000000000', 'orderNumber'],
  ['29.90', 'price'],
  ['52.52', 'latency'],
  ['SW1A 1AA', 'code'],
  ['eyJvZmZzZXQiOjEwMCwibGltaXQiOjIwfQ', 'nextPageToken'],
  ['https://shop.example/orders/7', 'address'],
  ['ada@example.com at the desk', 'note'],
  ['d41d8cd98f00b204e9800998ecf8427e', 'etag'],
  ['+49', 'prefix'],
  ['open', 'status'],
]

describe('detectors', () => {
  for (const [expected, text, name, owner] of known)
    it(`find ${expected} in ${name ?? 'a field of any name'}: ${text.slice(0, 40)}`, () => {
      assert.ok(classesOf(text, name, owner).includes(expected), classesOf(text, name, owner).join())
    })

  for (const [text, name, owner] of harmless)
    it(`find nothing in ${name ?? 'a field'}: ${text}`, () => {
      assert.deepEqual(classesOf(text, name, owner), [])
    })

  it('are not misled by identifiers, times and hashes of any kind', () => {
    const stamp = fc
      .date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true })
      .map((date) => date.toISOString())
    const hash = fc.stringMatching(/^[0-9a-f]{64}$/)
    const order = fc.nat(9_999_999).map((number) => `ORD-${String(number).padStart(8, '0')}`)
    fc.assert(
      fc.property(fc.oneof(fc.uuid(), stamp, hash, order), (text) => {
        assert.deepEqual(classesOf(text), [])
      }),
    )
  })

  it('take numbers of any length for a card or an identity so seldom that no field of them is proposed', () => {
    for (let length = 8; length <= 19; length++) {
      const numbers = fc.sample(
        fc.array(fc.nat(9), { minLength: length, maxLength: length }).map((digits) => digits.join('')),
        { numRuns: 1_000, seed: length },
      )
      for (const name of ['finance.card', 'pii.national-id', 'pii.phone']) {
        const hits = numbers.filter((text) => classesOf(text, 'number').includes(name)).length
        // A class is proposed from about 40 of 100 values on.
        assert.ok(hits < 100, `${hits} of 1000 numbers of ${length} digits are ${name}`)
      }
    }
  })

  it('read a text of any kind, the longest too, without a mistake', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 256 }), fc.string(), (text, name) => {
        classesOf(text, name, name)
      }),
    )
    for (const text of [
      'a.'.repeat(128),
      '1 '.repeat(128),
      `${'a'.repeat(64)}@${'a-'.repeat(90)}`,
      '+'.repeat(256),
    ])
      classesOf(text, 'phone')
  })
})

describe('check digits', () => {
  it('are those of the examples that their standards and authors give', () => {
    assert.ok(passesLuhn('79927398713') && !passesLuhn('79927398710'))
    assert.ok(passesVerhoeff('2363') && !passesVerhoeff('2364'))
    assert.ok(passesMod1110('07945') && passesMod1110('86095742719'))
    assert.equal(remainder('WEST12345698765432GB82', 97), 1)
  })

  it('find every change of one digit, and every exchange of neighbours that Luhn and Verhoeff promise', () => {
    const body = fc.stringMatching(/^\d{4,18}$/)
    const complete = (text: string, passes: (digits: string) => boolean) =>
      [...Array(10).keys()].map((digit) => text + String(digit)).filter(passes)
    for (const passes of [passesLuhn, passesVerhoeff])
      fc.assert(
        fc.property(body, (text) => {
          assert.equal(complete(text, passes).length, 1)
        }),
      )
    fc.assert(
      fc.property(body, fc.nat(17), (text, seed) => {
        const [digits = ''] = complete(text, passesVerhoeff)
        const at = seed % (digits.length - 1)
        const swapped = digits.slice(0, at) + digits.charAt(at + 1) + digits.charAt(at) + digits.slice(at + 2)
        assert.equal(passesVerhoeff(swapped), swapped === digits)
      }),
    )
  })
})
