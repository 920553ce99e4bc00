import type { RefusalEvent, RequestEvent } from './event.ts'

/** A request that was answered, for tests. */
export function exampleRequest(changes: Partial<RequestEvent> = {}): RequestEvent {
  return {
    kind: 'request',
    time: 1_700_000_040_000,
    requestId: '01K9Z3V8M4QXN0B7D5T2R6WYAE',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    api: 'shop',
    operation: 'getOrder',
    template: '/v1/orders/{id}',
    method: 'GET',
    path: '/v1/orders/17',
    host: 'api.example.com',
    protocol: 'h2',
    secure: true,
    status: 200,
    code: undefined,
    client: '192.0.2.7',
    block: '192.0.2.7',
    consumer: 'acme',
    label: 'Acme Ltd',
    credential: 'key_0000000000000001',
    credentialKind: 'api-key',
    object: '17',
    duration: 12.5,
    upstreamDuration: 10,
    bytesIn: 0,
    bytesOut: 512,
    configuration: '9c41',
    span: undefined,
    ...changes,
  }
}

/** A request that a guard refused, for tests. */
export function exampleRefusal(changes: Partial<RefusalEvent> = {}): RefusalEvent {
  return {
    kind: 'authentication-failed',
    time: 1_700_000_040_000,
    guard: 'authentication',
    mode: 'enforce',
    code: 'UNAUTHENTICATED',
    reason: 'the API key is unknown',
    request: exampleRequest({ status: 401, code: 'UNAUTHENTICATED', consumer: undefined }),
    ...changes,
  }
}
