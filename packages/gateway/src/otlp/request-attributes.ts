import type { RequestEvent } from '../observe/events/event.ts'
import { knownMethods } from '../observe/events/known-methods.ts'
import type { Attribute } from './values.ts'

/** What is said of an exchange: OpenTelemetry's semantic conventions for HTTP (1.30), and our own names under `gateward.`. */
export function requestAttributes(event: RequestEvent): Readonly<Record<string, Attribute>> {
  const { api, operation, template, status, client, host, protocol, consumer, code } = event
  return {
    'url.path': event.path,
    'url.scheme': event.secure ? 'https' : 'http',
    'http.route': template === '(none)' ? undefined : template,
    'http.response.status_code': status === 0 ? undefined : status,
    'network.protocol.name': 'http',
    'network.protocol.version': protocol === 'h2' ? '2' : protocol.slice('http/'.length),
    'server.address': host === '' ? undefined : host,
    'client.address': client === '' ? undefined : client,
    'http.request.body.size': event.bytesIn,
    'http.response.body.size': event.bytesOut,
    'user.id': consumer,
    'gateward.request_id': event.requestId,
    'gateward.api': api,
    'gateward.operation': operation,
    'gateward.code': code,
    'gateward.configuration': event.configuration,
  }
}

/** The method, and what a span of it is called: methods that nobody knows are many, and so are one. */
export function methodAttributes(method: string): {
  readonly name: string
  readonly attributes: Readonly<Record<string, Attribute>>
} {
  if (knownMethods.has(method)) return { name: method, attributes: { 'http.request.method': method } }
  return {
    name: 'HTTP',
    attributes: { 'http.request.method': '_OTHER', 'http.request.method_original': method.slice(0, 100) },
  }
}
