import type { Configuration } from '../config/configuration.ts'
import { findPortFailure } from '../server/find-port-failure.ts'
import type { ListenerName } from '../server/port-failure.ts'
import type { Finding } from './finding.ts'

/** Whether the ports can be listened on. */
export async function checkPorts({ listen, admin }: Configuration): Promise<readonly Finding[]> {
  const { https, http } = listen
  return Promise.all([
    ...(https === false ? [] : [checkPort('https', https)]),
    ...(http === undefined ? [] : [checkPort('http', http)]),
    checkPort('admin', admin),
  ])
}

async function checkPort(
  name: ListenerName,
  address: { readonly host: string; readonly port: number },
): Promise<Finding> {
  const subject = `port ${name}`
  const failure = await findPortFailure(name, address)
  if (failure === undefined)
    return { subject, state: 'well', message: `port ${address.port} of ${address.host} is free` }
  if (failure.reason === 'taken')
    return {
      subject,
      state: 'warning',
      message: failure.message,
      fix: 'well, if the gateway runs already; else stop what listens there',
    }
  return { subject, state: 'amiss', message: failure.message, fix: 'choose another address or port' }
}
