// The yardstick: the proxy that one writes in thirty lines with node:http and undici, and no guard at all.
import { createServer } from 'node:http'
import { Pool } from 'undici'

const pool = new Pool(process.argv[2] ?? '', { connections: 64 })

const server = createServer((request, response) => {
  const { host: _host, connection: _connection, ...headers } = request.headers
  pool
    .request({
      method: request.method ?? 'GET',
      path: request.url ?? '/',
      headers,
      body: request.headers['content-length'] === undefined ? null : request,
    })
    .then(
      (answer) => {
        response.writeHead(answer.statusCode, answer.headers)
        answer.body.pipe(response)
      },
      () => response.writeHead(502).end(),
    )
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (typeof address === 'object' && address !== null) console.log(address.port)
})
