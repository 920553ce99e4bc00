import type { IncomingMessage } from 'node:http'

/**
 * Reads a request's body whole and puts it back, so that whoever reads the request next finds it as it came. Calls back with
 * `undefined` where it is longer than `most`, or breaks off.
 */
export function readBody(
  request: IncomingMessage,
  most: number,
  done: (body: Buffer | undefined) => void,
): void {
  const chunks: Buffer[] = []
  let length = 0
  const finish = (body: Buffer | undefined): void => {
    request.off('readable', read).off('error', fail).off('close', fail)
    done(body)
  }
  const fail = (): void => finish(undefined)
  const read = (): void => {
    for (let chunk: unknown = request.read(); chunk !== null; chunk = request.read()) {
      length += (chunk as Buffer).length
      if (length > most) {
        finish(undefined)
        return
      }
      chunks.push(chunk as Buffer)
    }
    if (!request.complete) return
    const body = Buffer.concat(chunks)
    // In the same tick in which its end was read: the stream then has not told of its end yet, and takes bytes back.
    if (body.length > 0) request.unshift(body)
    finish(body)
  }
  request.on('readable', read).on('error', fail).on('close', fail)
}
