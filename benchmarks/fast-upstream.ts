import { createServer } from 'node:net'
import { answerBody } from './fast-answer.ts'

const answer = Buffer.from(
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${answerBody.length}\r\nconnection: keep-alive\r\n\r\n${answerBody.toString()}`,
)

/**
 * Starts an upstream that costs as little as can be, so that the proxy before it is what gets measured: raw sockets, one
 * prepared answer, no parsing beyond where a message ends. It prints its port.
 */
export function startFastUpstream(): void {
  const server = createServer({ noDelay: true }, (socket) => {
    let rest = ''
    socket.on('data', (chunk) => {
      rest += chunk.toString('latin1')
      for (;;) {
        const head = rest.indexOf('\r\n\r\n')
        if (head < 0) break
        const length = Number(/\r\ncontent-length: *(\d+)/i.exec(rest.slice(0, head))?.[1] ?? 0)
        if (rest.length < head + 4 + length) break
        rest = rest.slice(head + 4 + length)
        socket.write(answer)
      }
    })
    socket.on('error', () => socket.destroy())
  })
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    if (typeof address === 'object' && address !== null) console.log(address.port)
  })
}
