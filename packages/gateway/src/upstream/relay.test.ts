import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { test } from 'node:test'
import { relay, type TunnelBounds, type TunnelEnd } from './relay.ts'
import { openRawService } from './testing.ts'

const wide: TunnelBounds = { idle: 60_000, longest: 60_000, maxBytes: 1 << 30 }

/** Two ends with a relay between them. */
async function openTunnel(bounds: TunnelBounds) {
  const { promise: end, resolve } = Promise.withResolvers<TunnelEnd>()
  const [inner, outer] = [await openPair(), await openPair()]
  relay(inner.near, outer.near, bounds, resolve)
  return {
    client: inner.far,
    service: outer.far,
    end,
    async [Symbol.asyncDispose]() {
      for (const socket of [inner.near, inner.far, outer.near, outer.far]) socket.destroy()
      await end
      await inner.close()
      await outer.close()
    },
  }
}

async function openPair() {
  const { promise, resolve } = Promise.withResolvers<Socket>()
  const service = await openRawService(resolve)
  const far = connect({ port: service.port, host: '127.0.0.1', allowHalfOpen: true })
  far.on('error', () => {})
  await once(far, 'connect')
  return { near: await promise, far, close: () => service[Symbol.asyncDispose]() }
}

test('bytes go both ways, and the end says how many', async () => {
  await using tunnel = await openTunnel(wide)
  tunnel.client.write('ping')
  assert.equal(String((await once(tunnel.service, 'data'))[0]), 'ping')
  tunnel.service.write('pong!')
  assert.equal(String((await once(tunnel.client, 'data'))[0]), 'pong!')
  tunnel.client.end()
  tunnel.service.end()
  assert.deepEqual(await tunnel.end, { reason: 'closed', fromClient: 4, fromService: 5 })
})

test('what was said before a side closed still arrives', async () => {
  await using tunnel = await openTunnel(wide)
  let received = 0
  tunnel.client.on('data', (chunk: Buffer) => (received += chunk.length))
  tunnel.service.end(Buffer.alloc(3_000_000))
  await once(tunnel.client, 'end')
  assert.equal(received, 3_000_000)
})

test('a side that breaks ends the other', async () => {
  await using tunnel = await openTunnel(wide)
  tunnel.service.resetAndDestroy()
  tunnel.client.resume()
  await once(tunnel.client, 'end')
  assert.equal((await tunnel.end).reason, 'broken')
})

test('a tunnel without a byte ends after the idle time', async () => {
  await using tunnel = await openTunnel({ ...wide, idle: 20 })
  assert.equal((await tunnel.end).reason, 'idle')
})

test('a tunnel ends after its longest time, however busy', async () => {
  await using tunnel = await openTunnel({ ...wide, longest: 50 })
  const timer = setInterval(() => tunnel.client.write('.'), 5)
  tunnel.service.resume()
  const { reason } = await tunnel.end
  clearInterval(timer)
  assert.equal(reason, 'too-long')
})

test('a tunnel ends when it carried too much, and does not pass the excess on', async () => {
  await using tunnel = await openTunnel({ ...wide, maxBytes: 10_000 })
  let received = 0
  tunnel.service.on('data', (chunk: Buffer) => (received += chunk.length))
  tunnel.client.write(Buffer.alloc(1_000_000))
  assert.equal((await tunnel.end).reason, 'too-much')
  assert.ok(received <= 10_000)
})

test('a side that does not read makes the other wait', async () => {
  await using tunnel = await openTunnel(wide)
  tunnel.service.pause()
  let written = 0
  const chunk = Buffer.alloc(256 * 1024)
  // Kernel buffers take some megabytes; a relay without back-pressure would take all of it.
  while (written < 256 * 1024 * 1024) {
    written += chunk.length
    if (tunnel.client.write(chunk)) continue
    const drained = await Promise.race([
      once(tunnel.client, 'drain').then(() => true),
      new Promise((resolve) => setTimeout(resolve, 300, false)),
    ])
    if (drained === false) break
  }
  assert.ok(written < 64 * 1024 * 1024, `${written} bytes were taken`)
  tunnel.client.destroy()
  tunnel.service.destroy()
})
