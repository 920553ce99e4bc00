import { connect } from 'node:net'

/** Milliseconds. */
const deadline = 3_000

/** Why no connection comes about; `undefined` where one does. */
export async function whyUnreachable(host: string, port: number): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>()
  const socket = connect({ host, port })
  socket.setTimeout(deadline, () => resolve('no answer in 3 s'))
  socket.once('connect', () => resolve(undefined))
  socket.once('error', (error) => resolve(error.message))
  const failure = await promise
  socket.destroy()
  return failure
}

/** Host, an IPv6 address without its brackets, and port of an address of HTTP. */
export function hostAndPort(url: string): { readonly host: string; readonly port: number } {
  const { hostname, port, protocol } = new URL(url)
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || (protocol === 'https:' ? 443 : 80)),
  }
}
