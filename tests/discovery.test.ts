import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openShop, type Shop } from './start-shop.ts'

interface Found {
  readonly api: string
  readonly values: number
  readonly proposals: readonly {
    readonly file: string
    readonly line: number
    readonly pointer: string
    readonly class: string
    readonly operations: readonly string[]
    readonly confidence: number
    readonly write: string
  }[]
}

test('personal data that the contract does not declare is found in traffic, with the line that declares it, and kept nowhere', async () => {
  await using shop = await openShop()
  for (let person = 0; person < 4; person++) {
    const email = `person${person}@undeclared.example`
    const user = { username: `user_${person}`, email, password: `correct-horse-${person}` }
    assert.equal((await shop.send('POST', '/v1/users', true, user)).status, 201)
    const order = { item: 'Tea', quantity: 1, email: `declared${person}@undeclared.example` }
    assert.equal((await shop.send('POST', '/v1/orders', true, order)).status, 201)
    // One of an operation is looked into every tenth of a second.
    await sleep(110)
  }
  const { proposals } = await discover(shop)
  const told = proposals.map(
    ({ pointer, class: name }) => `${pointer.replace('/components/schemas/', '')} ${name}`,
  )
  assert.deepEqual(told.toSorted(), [
    'NewUser/properties/email pii.email',
    'NewUser/properties/password secret.password',
    'User/properties/email pii.email',
    // The service sends it back, as careless ones do.
    'User/properties/password secret.password',
  ])
  const first = proposals.find(({ pointer }) => pointer.includes('NewUser/properties/email'))
  assert.equal(first?.write, 'x-data-class: pii.email')
  assert.deepEqual(first?.operations, ['createUser'])
  const { code, out } = await shop.run('fields', 'discover', 'orders')
  assert.equal(code, 1)
  assert.match(
    out,
    /demo\.openapi\.yaml:\d+ {2}\/components\/schemas\/NewUser\/properties\/email\n.*createUser\n *→ x-data-class: pii\.email/,
  )
  assert.deepEqual(
    (await shop.places('undeclared.example')).filter((place) => place !== 'service'),
    [],
  )
  assert.equal((await shop.run('fields', 'discover', '--reset')).code, 0)
  assert.equal((await shop.run('fields', 'discover')).code, 3)
  assert.equal((await shop.run('fields', 'discover', 'nobody')).code, 1)
})

/** Asks until everything that was sampled is counted, which is a matter of seconds; a command takes some itself on a busy machine. */
async function discover(shop: Shop): Promise<Found> {
  for (let tries = 0; tries < 20; tries++) {
    const { out } = await shop.run('fields', 'discover', '--json')
    const [found] = JSON.parse(out) as readonly Found[]
    if (found !== undefined && found.proposals.length >= 4) return found
    await sleep(1_000)
  }
  throw new Error('nothing was found')
}
