import assert from 'node:assert/strict'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { connect } from 'node:tls'
import { ManualClock, type Diagnostic } from '@gateward/kernel'
import type { AcmeSettings } from '../../../config/acme-settings.ts'
import { openTestStore, type TestStore } from '../../../store/testing.ts'
import { openTestListener } from '../../testing.ts'
import { CertificateChoice } from '../certificate-choice.ts'
import { openTestCertificates } from '../testing.ts'
import { AcmeCertificate } from './acme-certificate.ts'
import { createAlpnResponder } from './alpn-responder.ts'
import { createSharedResponder } from './challenge.ts'
import { createDnsResponder } from './dns-hook.ts'
import { openHttpResponder } from './http-responder.ts'
import { createOrders, type CertificateOrders } from './order-certificate.ts'
import { missingForAcme, startPebble, type TestAuthority } from './testing.ts'

const now = (): number => Date.now()
const limit = { timeout: 60_000 }

function settingsFor(pebble: TestAuthority, more: Partial<AcmeSettings>): AcmeSettings {
  return {
    directory: pebble.directory,
    authority: pebble.authority,
    names: [['api.example.com']],
    termsAgreed: true,
    challenge: 'http-01',
    http: { host: '127.0.0.1', port: 0 },
    dnsWait: 0,
    ...more,
  }
}

async function openHttpOrders(stack: AsyncDisposableStack, { store }: TestStore) {
  const http = stack.use(await openHttpResponder({ host: '127.0.0.1', port: 0, store: store.acme, now }))
  const pebble = stack.use(await startPebble({ http: http.port }))
  const responder = createSharedResponder(store.acme, now)
  const orders = createOrders({ settings: settingsFor(pebble, {}), store: store.acme, responder })
  return { http, orders }
}

describe('certificates by ACME, from Pebble', { skip: missingForAcme ?? false }, () => {
  it('are issued for names proved by http-01, and the port answers nothing else', limit, async () => {
    await using stack = new AsyncDisposableStack()
    const subject = stack.use(await openTestStore())
    const { http, orders } = await openHttpOrders(stack, subject)
    const { chain, key } = await orders.order(['api.example.com', 'www.example.com'], true)
    const leaf = new X509Certificate(chain)
    assert.ok(leaf.checkHost('api.example.com') && leaf.checkHost('www.example.com'))
    assert.ok(leaf.checkPrivateKey(createPrivateKey(key.reveal())))
    for (const path of [
      '/',
      '/.well-known/acme-challenge/',
      '/.well-known/acme-challenge/aaaaaaaaaaaaaaaaaaaa',
    ])
      assert.equal((await fetch(`http://127.0.0.1:${http.port}${path}`)).status, 404, path)
  })

  it(
    'are issued for names proved by tls-alpn-01, on the port that serves everybody meanwhile',
    limit,
    async () => {
      await using stack = new AsyncDisposableStack()
      const { acme } = stack.use(await openTestStore()).store
      const certificates = stack.use(await openTestCertificates())
      const validations = createAlpnResponder(acme, now, 5_000)
      stack.defer(() => validations.close())
      const listener = stack.use(
        await openTestListener({
          tls: { profile: 'intermediate', certificates: certificates.source, validations },
        }),
      )
      const { port } = listener
      const pebble = stack.use(await startPebble({ tls: port }))
      const orders = createOrders({
        settings: settingsFor(pebble, { challenge: 'tls-alpn-01' }),
        store: acme,
        responder: createSharedResponder(acme, now),
      })
      const { chain } = await orders.order(['api.example.com'], true)
      assert.ok(new X509Certificate(chain).checkHost('api.example.com'))

      const client = connect({
        port,
        ca: certificates.authority,
        servername: 'localhost',
        ALPNProtocols: ['h2'],
      })
      await once(client, 'secureConnect')
      assert.equal(client.alpnProtocol, 'h2')
      client.destroy()
      const stranger = connect({
        port,
        servername: 'other.example',
        ALPNProtocols: ['acme-tls/1'],
        rejectUnauthorized: false,
      })
      await assert.rejects(once(stranger, 'secureConnect'))
    },
  )

  it('are issued for wildcards proved by a DNS hook, and a hook that fails is told', limit, async () => {
    await using stack = new AsyncDisposableStack()
    const { acme } = stack.use(await openTestStore()).store
    const pebble = stack.use(await startPebble({}))
    const settings = settingsFor(pebble, { challenge: 'dns-01', dnsHook: pebble.dnsHook })
    const orders = createOrders({ settings, store: acme, responder: createDnsResponder(pebble.dnsHook, 0) })
    const { chain } = await orders.order(['*.example.com'], true)
    assert.ok(new X509Certificate(chain).checkHost('any.example.com'))
    const broken = createOrders({ settings, store: acme, responder: createDnsResponder('/bin/false', 0) })
    await assert.rejects(broken.order(['other.example.com'], true), {
      code: 'CERTIFICATE_ORDER',
      message: /the DNS hook failed to add a record/,
    })
  })

  it(
    'are ordered once by gateways that share a store, and renewed after two thirds of their life',
    limit,
    async () => {
      await using stack = new AsyncDisposableStack()
      const subject = stack.use(await openTestStore())
      const { orders } = await openHttpOrders(stack, subject)
      const counted = countOrders(orders)
      const clock = new ManualClock(Date.now())
      const fallback = stack.use(await openTestCertificates()).source.current
      const open = (clock: ManualClock) =>
        stack.use(
          new AcmeCertificate({
            names: ['api.example.com'],
            orders: counted,
            store: subject.store.acme,
            leases: subject.store.leases,
            clock,
            fallback,
            report: ({ message }) => assert.fail(message),
          }),
        )
      const [one, other] = [open(clock), open(new ManualClock(clock.now()))]
      await Promise.all([one.look(), other.look()])
      await Promise.all([one.look(), other.look()])
      assert.equal(counted.made, 1)
      assert.equal(one.current.context.cert, other.current.context.cert)
      assert.deepEqual(one.current.names, ['api.example.com'])

      const { notBefore, notAfter } = one.current
      clock.advance((notAfter - notBefore) * 0.6)
      await one.look()
      assert.equal(counted.made, 1)
      let changes = 0
      other.onChange(() => changes++)
      clock.advance((notAfter - notBefore) * 0.12)
      await one.look()
      await other.look()
      assert.equal(counted.made, 2)
      assert.equal(changes, 1)
      assert.equal(one.current.context.cert, other.current.context.cert)
    },
  )
})

it('an order that fails leaves the certificate as it is, and the next try waits longer each time', async () => {
  await using subject = await openTestStore()
  await using certificates = await openTestCertificates()
  const clock = new ManualClock()
  const told: Diagnostic[] = []
  const failing = countOrders({ order: () => Promise.reject(new Error('the authority is away')) })
  await using certificate = new AcmeCertificate({
    names: ['api.example.com'],
    orders: failing,
    store: subject.store.acme,
    leases: subject.store.leases,
    clock,
    fallback: certificates.source.current,
    report: (diagnostic) => told.push(diagnostic),
  })
  for (const minutes of [0, 4, 1, 9, 1]) {
    clock.advance(minutes * 60_000)
    await certificate.look()
  }
  assert.equal(failing.made, 3)
  assert.equal(certificate.current, certificates.source.current)
  assert.deepEqual(
    told.map(({ fix }) => fix?.match(/\d+ minutes/)?.[0]),
    ['5 minutes', '10 minutes', '20 minutes'],
  )
})

it('a client gets the certificate of the name that it asks for, and the first one otherwise', async () => {
  await using stack = new AsyncDisposableStack()
  const first = stack.use(await openTestCertificates())
  const named = {
    names: ['api.example.com', '*.shop.example'],
    notBefore: 0,
    notAfter: 0,
    context: first.source.current.context,
  }
  const second = {
    current: named,
    onChange: () => () => {},
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
  const choice = new CertificateChoice(first.source, [second])
  assert.equal(choice.choose('API.example.com'), named)
  assert.equal(choice.choose('a.shop.example'), named)
  assert.equal(choice.choose('a.b.shop.example'), undefined)
  assert.equal(choice.choose('shop.example'), undefined)
  assert.equal(choice.choose('localhost'), first.source.current)
  assert.equal(choice.current, first.source.current)
})

function countOrders(orders: CertificateOrders): CertificateOrders & { made: number } {
  return {
    made: 0,
    order(names, isFirst) {
      this.made++
      return orders.order(names, isFirst)
    },
  }
}
