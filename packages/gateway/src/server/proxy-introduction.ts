import type { Socket } from 'node:net'
import { maximumProxyHeader, readProxyHeader, type ProxyReading } from '../exchange/proxy-protocol.ts'

export type ProxyHeader = Extract<ProxyReading, { kind: 'header' }>

/**
 * Reads the PROXY protocol header of a connection, puts what came after it back, and tells `done` once: the header, or why
 * there is none. Nothing of the client's bytes is looked at before the header is whole, and it has `deadline` milliseconds.
 */
export function readProxyIntroduction(
  socket: Socket,
  deadline: number,
  done: (header: ProxyHeader | undefined, reason: string) => void,
): void {
  let bytes: Buffer = Buffer.alloc(0)
  const timer = setTimeout(
    () => finish(undefined, 'the PROXY protocol header did not come in time'),
    deadline,
  )
  const onReadable = () => {
    for (let chunk: Buffer | null = socket.read(); chunk !== null; chunk = socket.read()) {
      bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk])
      const reading = readProxyHeader(bytes)
      if (reading.kind === 'invalid') return finish(undefined, reading.reason)
      if (reading.kind === 'header') return finish(reading, '')
      if (bytes.length > maximumProxyHeader) return finish(undefined, 'the PROXY header is too long')
    }
  }
  const onEnd = () => finish(undefined, 'the connection ended before its PROXY protocol header')
  const finish = (header: ProxyHeader | undefined, reason: string) => {
    clearTimeout(timer)
    socket.off('readable', onReadable).off('end', onEnd).off('close', onEnd)
    if (header !== undefined && bytes.length > header.length) socket.unshift(bytes.subarray(header.length))
    done(header, reason)
  }
  socket.on('readable', onReadable).on('end', onEnd).on('close', onEnd)
}
