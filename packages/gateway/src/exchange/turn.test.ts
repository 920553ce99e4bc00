import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Turn } from './turn.ts'

/** Both ends of two connections. */
async function openPairs() {
  const accepted: Socket[] = []
  const server = createServer((socket) => void accepted.push(socket)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const clients: Socket[] = []
  for (let count = 1; count <= 2; count++) {
    const client = connect({ port, host: '127.0.0.1', noDelay: true })
    clients.push(client)
    await once(client, 'connect')
    while (accepted.length < count) await nextTurn()
  }
  const [one, two] = accepted as [Socket, Socket]
  return {
    one,
    two,
    clients: clients as [Socket, Socket],
    [Symbol.dispose]() {
      for (const socket of [...clients, ...accepted]) socket.destroy()
      server.close()
    },
  }
}

test('what waits acts in its order, and nothing is sent before all of it has acted', async () => {
  const turn = new Turn(60_000)
  using pairs = await openPairs()
  const { one, two } = pairs
  const seen: string[] = []
  const write = (socket: Socket, text: string) => {
    turn.hold(socket)
    socket.write(text)
    seen.push(`${text}, ${one.writableLength + two.writableLength} bytes wait`)
  }
  turn.await({ act: () => write(one, 'first') })
  turn.await({ act: () => write(two, 'second') })
  turn.await({ act: () => write(one, 'third') })
  assert.deepEqual(seen, [], 'not within the call that reads')
  const [atFirst, atSecond] = pairs.clients.map(async (client) => String((await once(client, 'data'))[0]))
  assert.equal(await atFirst, 'firstthird')
  assert.equal(await atSecond, 'second')
  assert.deepEqual(seen, ['first, 5 bytes wait', 'second, 11 bytes wait', 'third, 16 bytes wait'])
  assert.deepEqual([one.writableCorked, two.writableCorked], [0, 0])
})

test('what was written is sent after half a millisecond, though others still wait', async () => {
  const turn = new Turn()
  using pairs = await openPairs()
  const { one } = pairs
  let held = -1
  turn.await({
    act() {
      turn.hold(one)
      one.write('first')
      for (const start = performance.now(); performance.now() - start < 1;);
    },
  })
  turn.await({ act: () => void (held = one.writableCorked) })
  await nextTurn()
  assert.equal(held, 0)
})

test('what is written outside of any turn is sent with the next, and a socket that is gone keeps nobody', async () => {
  const turn = new Turn()
  using pairs = await openPairs()
  const { one, two } = pairs
  turn.hold(one)
  one.write('never')
  one.destroy()
  turn.hold(two)
  two.end('late')
  assert.equal(String((await once(pairs.clients[1], 'data'))[0]), 'late')
})
