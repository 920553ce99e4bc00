import { createServer } from 'node:net'
import { PortFailure, type ListenerName } from './port-failure.ts'

/** Why a port could not be listened on now; `undefined` where it can. It is taken for a moment to find out. */
export function findPortFailure(
  name: ListenerName,
  address: { readonly host: string; readonly port: number },
): Promise<PortFailure | undefined> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', (error) => resolve(new PortFailure(name, address, error)))
    server.listen(address, () => server.close(() => resolve(undefined)))
  })
}
