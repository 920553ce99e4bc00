import { randomUUID } from 'node:crypto'
import { Fault } from '@gateward/kernel'
import type { Upstream } from '../upstream/upstream.ts'

/** A whole answer of the service. */
export interface ServiceAnswer {
  readonly status: number
  readonly contentType: string | undefined
  readonly body: Buffer
}

/**
 * Asks the service behind an API itself, over its connections with their timeouts, and holds the answer whole.
 * @param mostBytes of the answer
 * @throws Fault of the upstream, or `BODY_TOO_LARGE`
 */
export async function askService(
  upstream: Upstream,
  request: { readonly method: string; readonly target: string; readonly headers: readonly string[] },
  body: Buffer | undefined,
  mostBytes: number,
): Promise<ServiceAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<ServiceAnswer>()
  const chunks: Buffer[] = []
  let size = 0
  let answer = { status: 0, contentType: undefined as string | undefined }
  const headers = [...request.headers, 'accept', 'application/json', 'accept-encoding', 'identity']
  if (body !== undefined) headers.push('content-length', String(body.length))
  const call = upstream.forward(
    { id: randomUUID(), method: request.method, target: request.target, headers, body },
    {
      head: (status, fields) => (answer = { status, contentType: fields.get('content-type') }),
      data: (chunk) => {
        size += chunk.length
        if (size <= mostBytes) chunks.push(chunk)
        else {
          call.abort()
          reject(new Fault('BODY_TOO_LARGE', `an answer of over ${mostBytes} bytes`, { source: 'upstream' }))
        }
        return true
      },
      end: () => resolve({ ...answer, body: Buffer.concat(chunks) }),
      fault: reject,
    },
  )
  return promise
}
