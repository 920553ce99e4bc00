import assert from 'node:assert/strict'
import { basename } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openShop, type Shop } from './start-shop.ts'

/** Stands in every address that is sent, and nowhere else. */
const domain = 'hidden-domain.example'
const [address, otherSpelling] = [`first@${domain}`, `First@${domain}`]
const purposes = ['fields', 'fields-index']

test('keys of fields are rotated and end while requests go on, none fails, and no address is seen anywhere', async () => {
  await using shop = await openShop()
  const first = await place(shop, address)
  assert.equal(first['email'], 'f***@h***.example')
  assert.deepEqual(await find(shop, otherSpelling), [first['id']])
  const shown = await shop.send('GET', `/v1/orders/${String(first['id'])}`, true)
  assert.equal(shown.body['email'], address)
  const masked = await shop.send('GET', `/v1/orders/${String(first['id'])}`, false)
  assert.equal(masked.body['email'], 'f***@h***.example')

  await using load = startLoad(shop)
  const former: string[] = []
  for (const purpose of purposes) former.push(await rotate(shop, purpose))
  // What was written before and what is written under the new keys is found by one query.
  const second = await place(shop, otherSpelling)
  await sleep(2_500)
  const third = await place(shop, address)
  const ids = [third['id'], second['id'], first['id']]
  assert.deepEqual(await find(shop, address), ids)
  await reencryptAll(shop)
  for (const id of former) await keyring(shop, 'retire', id)
  assert.deepEqual(await find(shop, address), ids)
  const before = load.answered()
  while (load.answered() < before + 30) await sleep(50)
  await load.stop()
  assert.deepEqual(load.failures, [])
  assert.deepEqual(await find(shop, address), ids)
  // It is refused where anything has asked for the key since it was retired.
  for (const id of former) await keyring(shop, 'destroy', id, '--confirm', id)

  await provokeErrors(shop, String(first['id']))
  // Records and events are written a moment after the answer.
  await sleep(1_500)
  // That something is found where it is shows that the search for the address looks there.
  const places = new Set((await shop.places('createOrder')).map((place) => basename(place)))
  for (const place of ['metrics', 'gateward.log', 'events.log']) assert.ok(places.has(place), place)
  assert.deepEqual(await shop.places(domain), [])
  await assertSealed(shop)
})

/** Whose requests they were stands in the log and in what was sent, and in no file of the gateway's own. */
async function assertSealed(shop: Shop): Promise<void> {
  const places = await shop.places('127.0.0.1')
  for (const place of ['gateward.log', 'events.log'])
    assert.ok(
      places.some((found) => basename(found) === place),
      place,
    )
  const own = places.filter((place) => /[/]data[/](?:records|gateward[.]sqlite)/.test(place))
  assert.deepEqual(own, [])
}

async function place(shop: Shop, email: string): Promise<Readonly<Record<string, unknown>>> {
  const { status, body } = await shop.send('POST', '/v1/orders', false, { item: 'Tea', quantity: 1, email })
  assert.equal(status, 201, JSON.stringify(body))
  return body
}

async function find(shop: Shop, email: string): Promise<readonly unknown[]> {
  const { status, body } = await shop.send('GET', `/v1/orders?email=${encodeURIComponent(email)}`, true)
  assert.equal(status, 200, JSON.stringify(body))
  const orders = body['orders'] as readonly { readonly id: string; readonly email: string }[]
  for (const order of orders) assert.equal(order.email.toLowerCase(), email.toLowerCase())
  return orders.map(({ id }) => id)
}

async function keyring(shop: Shop, ...words: readonly string[]): Promise<string> {
  const { code, out, err } = await shop.run('keyring', ...words)
  assert.equal(code, 0, `${words.join(' ')}: ${out}${err}`)
  return out
}

/** Gives a purpose a new key; the id of the one before. */
async function rotate(shop: Shop, purpose: string): Promise<string> {
  const { decryptOnly } = JSON.parse(await keyring(shop, 'rotate', purpose, '--json')) as {
    readonly decryptOnly: string
  }
  return decryptOnly
}

async function reencryptAll(shop: Shop): Promise<void> {
  const walk = async () => {
    const { code, out, err } = await shop.run('fields', 'reencrypt', 'orders', '--pace', '10000', '--json')
    assert.equal(code, 0, out + err)
    return (JSON.parse(out) as { readonly rewritten: number }).rewritten
  }
  assert.ok((await walk()) >= 2)
  assert.equal(await walk(), 0)
}

/** Whatever goes wrong, the address that was sent with it must not be told. */
async function provokeErrors(shop: Shop, id: string): Promise<void> {
  const query = `email=${encodeURIComponent(address)}`
  const patch = (email: unknown) => shop.send('PATCH', `/v1/orders/${id}`, false, { email })
  const answers = [
    await shop.send('GET', `/v1/orders?limit=many&${query}`, true),
    await shop.send('GET', `/v1/orders?unknown=1&${query}`, true),
    await shop.send('POST', '/v1/orders', false, { item: '<script>', quantity: 0, email: address }),
    await shop.send('POST', '/v1/orders', false, { item: 'Tea', quantity: 1, email: { nested: address } }),
    await shop.send('POST', '/v1/orders', false, { item: 'Tea', quantity: 1, email: `${address} or 1=1--` }),
    await patch(`enc:v1:dk_x:${address}`),
    await patch([address]),
  ]
  for (const { status, body } of answers) {
    assert.ok(status >= 400, JSON.stringify(body))
    assert.ok(!JSON.stringify(body).includes(domain), JSON.stringify(body))
  }
}

interface Load extends AsyncDisposable {
  readonly failures: readonly string[]
  answered(): number
  stop(): Promise<void>
}

/** Places, finds and lists orders, about ten requests a second, and remembers whatever did not go well. */
function startLoad(shop: Shop): Load {
  const failures: string[] = []
  let answered = 0
  const over = new AbortController()
  const turn = async (email: string): Promise<void> => {
    const placed = await place(shop, email)
    assert.deepEqual(await find(shop, email), [placed['id']])
    const { status } = await shop.send('GET', '/v1/orders', false)
    assert.equal(status, 200)
    answered += 3
  }
  const going = (async () => {
    for (let count = 0; !over.signal.aborted; count++) {
      await turn(`load${count}@${domain}`).catch((thrown: unknown) => failures.push(String(thrown)))
      await sleep(300)
    }
  })()
  const stop = async (): Promise<void> => {
    over.abort()
    await going
  }
  return { failures, answered: () => answered, stop, [Symbol.asyncDispose]: stop }
}
