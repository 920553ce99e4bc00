import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { codeOf, openAdminClient, password, type AdminClient } from './admin-client.ts'
import { SoftwareAuthenticator } from './software-authenticator.ts'
import { startGate, type RunningGate } from './start-gate.ts'

let gate: RunningGate
let admin: AdminClient
let authenticator: SoftwareAuthenticator

before(async () => {
  gate = await startGate({ service: (_, response) => response.end('ok') })
  admin = openAdminClient(gate.gateway)
  authenticator = new SoftwareAuthenticator(gate.gateway.addresses.admin)
})

after(async () => {
  await admin[Symbol.asyncDispose]()
  await gate[Symbol.asyncDispose]()
})

test('an account is made with a passkey and no password, for the name and the link that the ceremony began with', async () => {
  const code = codeOf(gate.gateway.welcome ?? '')
  const begin = async (name: string) => {
    const { json } = await admin.call<'beginInvitationPasskey'>('POST /invitations/passkey', { code, name })
    return { flow: json.flow, response: authenticator.create(json.options) }
  }
  const forEve = await begin('eve')
  assert.equal(
    (await admin.call('POST /invitations/redeem', { code, name: 'ada', passkey: forEve })).status,
    401,
  )
  assert.equal((await admin.call('POST /invitations/redeem', { code, name: 'ada' })).status, 422)
  const both = { code, name: 'ada', password, passkey: await begin('ada') }
  assert.equal((await admin.call('POST /invitations/redeem', both)).status, 422)
  const passkey = await begin('ada')
  assert.equal((await admin.call('POST /invitations/redeem', { code, name: 'ada', passkey })).status, 201)
  const { json } = await admin.call<'listPasskeys'>('GET /passkeys')
  assert.equal(json.passkeys.length, 1)
  assert.equal((await admin.call(`DELETE /passkeys/${json.passkeys[0]?.id}`)).status, 409, 'the last way in')
})

test('whoever has the passkey logs in, once for each challenge', async () => {
  const client = openAdminClient(gate.gateway)
  const { flow, options } = (await client.call<'beginPasskeyLogin'>('POST /session/passkey/options')).json
  assert.equal(options['allowCredentials'], undefined, 'who has an account is told to nobody')
  const answer = { flow, response: authenticator.get(options) }
  const { status, json } = await client.call<'logInWithPasskey'>('POST /session/passkey', answer)
  assert.deepEqual([status, json.account.name, json.method], [201, 'ada', 'passkey'])
  assert.equal((await client.call('POST /session/passkey', answer)).status, 401, 'a replay')
  await client[Symbol.asyncDispose]()
})

const forgeries: readonly (readonly [
  what: string,
  answer: (options: Readonly<Record<string, unknown>>) => object,
])[] = [
  ['another origin', (options) => authenticator.get(options, { origin: 'https://localhost:1' })],
  ['another site', (options) => authenticator.get({ ...options, rpId: 'evil.example' })],
  ['another challenge', (options) => authenticator.get({ ...options, challenge: 'AAAA' })],
  ['no finger and no PIN', (options) => authenticator.get(options, { verified: false })],
  ['a registration', (options) => authenticator.create({ ...options, rp: { id: 'localhost' } })],
  [
    'the same id and another key',
    (options) => ({
      ...new SoftwareAuthenticator(gate.gateway.addresses.admin).get(options),
      id: authenticator.id.toString('base64url'),
      rawId: authenticator.id.toString('base64url'),
    }),
  ],
  [
    'a passkey that nobody has',
    (options) => new SoftwareAuthenticator(gate.gateway.addresses.admin).get(options),
  ],
]
for (const [what, answer] of forgeries) {
  test(`${what} logs nobody in`, async () => {
    const client = openAdminClient(gate.gateway)
    const { flow, options } = (await client.call<'beginPasskeyLogin'>('POST /session/passkey/options')).json
    assert.equal(
      (await client.call('POST /session/passkey', { flow, response: answer(options) })).status,
      401,
    )
    assert.equal(client.cookie, undefined)
    await client[Symbol.asyncDispose]()
  })
}

test('another passkey is added to the own account alone, and removed again', async () => {
  const second = new SoftwareAuthenticator(gate.gateway.addresses.admin)
  const { flow, options } = (await admin.call<'beginPasskey'>('POST /passkeys/options')).json
  const nobody = openAdminClient(gate.gateway)
  const answer = { flow, label: 'key ring', response: second.create(options) }
  assert.equal((await nobody.call('POST /passkeys', answer)).status, 401)
  const { status, json } = await admin.call<'addPasskey'>('POST /passkeys', answer)
  assert.deepEqual([status, json.label], [201, 'key ring'])
  assert.equal((await admin.call(`DELETE /passkeys/${json.id}`)).status, 204)
  const { json: audit } = await admin.call<'listAudit'>('GET /audit?action=passkey.')
  assert.deepEqual(
    audit.entries.map(({ action }) => action),
    ['passkey.remove', 'passkey.add'],
  )
  await nobody[Symbol.asyncDispose]()
})

test('under an address passkeys are not offered, and it is said where they are', async () => {
  const host = new URL(gate.gateway.addresses.admin).host.replace('localhost', '127.0.0.1')
  const headers = { host, origin: `https://${host}` }
  const { status, json } = await admin.call('POST /session/passkey/options', undefined, headers)
  assert.equal(status, 409)
  assert.match(json.detail, /localhost/)
})
