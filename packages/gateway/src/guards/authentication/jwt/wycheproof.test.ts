import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { readJsonWebKeySet } from '../../../keyring/json-web-key-set.ts'
import { readCompactToken } from './compact-token.ts'
import { readTokenHeader } from './token-header.ts'
import { verifySignature } from './verify-signature.ts'

/** Attack vectors by others (C2SP Wycheproof); they lie beside the repository and are not part of it. */
const folder = join(import.meta.dirname, '../../../../../../../shared/data/wycheproof-jose')

interface Group {
  readonly comment: string
  /** Absent where the scheme has shared keys. */
  readonly public?: Record<string, unknown>
  readonly private: Record<string, unknown>
  readonly tests: readonly {
    readonly tcId: number | string
    readonly comment: string
    readonly jws?: unknown
    readonly result: 'valid' | 'invalid'
  }[]
}

interface Vector {
  readonly group: Group
  readonly test: Group['tests'][number]
}

const files = ['json_web_signature_test.json', 'json_web_key_test.json', 'json_web_crypto_test.json']

/** Good signatures that are refused all the same, on purpose. */
const refusedOnPurpose: readonly [reason: string, matches: (vector: Vector) => boolean][] = [
  ['a shared key can sign as well as verify: HS* is not offered', ({ group }) => group.public === undefined],
  ['ES521 is no algorithm (RFC 7518 has ES512)', ({ group }) => group.public?.['alg'] === 'ES521'],
  [
    'the key is for PS256, the token says PS384',
    ({ group, test }) => test.comment === 'Figure20' && group.public?.['alg'] === 'PS256',
  ],
  ['a token without claims says nothing', ({ test }) => test.comment === 'emptyPayload'],
]

describe(
  'the vectors of Wycheproof',
  { skip: existsSync(folder) ? false : 'shared/data is not there' },
  () => {
    for (const file of existsSync(folder) ? files : []) {
      const { testGroups } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { testGroups: Group[] }
      const cases = testGroups.flatMap((group) =>
        group.tests.filter(({ jws }) => jws !== undefined).map((test) => ({ group, test })),
      )

      it(`of ${file}: every bad signature and key is refused`, () => {
        const bad = cases.filter(({ test }) => test.result === 'invalid')
        const accepted = bad.filter(({ group, test }) => accepts(group, test.jws))
        assert.ok(bad.length > 15)
        assert.deepEqual(accepted.map(nameOf), [])
      })

      it(`of ${file}: every good signature is accepted, but where it is refused on purpose`, () => {
        const good = cases.filter(({ test }) => test.result === 'valid')
        const refused = good.filter(({ group, test }) => !accepts(group, test.jws))
        const unexplained = refused.filter(
          (vector) => !refusedOnPurpose.some(([, matches]) => matches(vector)),
        )
        assert.ok(good.length > refused.length)
        assert.deepEqual(unexplained.map(nameOf), [])
      })
    }
  },
)

function nameOf({ group, test }: Vector): string {
  return `${test.tcId} ${group.comment}: ${test.comment}`
}

/** The way of a token through the gateway, but for its claims: these have none. */
function accepts(group: Group, jws: unknown): boolean {
  // The other forms of a JWS (RFC 7515 section 7.2) are objects, which no header field can bring.
  const token = readCompactToken(typeof jws === 'string' ? jws : JSON.stringify(jws))
  if (token === undefined) return false
  const header = readTokenHeader(token.header)
  if (header.kind === 'refused') return false
  const published = group.public ?? group.private
  try {
    const set = readJsonWebKeySet(JSON.stringify('keys' in published ? published : { keys: [published] }))
    return set
      .find(header.kid, header.algorithm)
      .some((key) => verifySignature(header.algorithm, key, token.signingInput, token.signature))
  } catch {
    return false
  }
}
