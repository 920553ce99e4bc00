import { Transform, type Readable } from 'node:stream'
import { Fault } from '@gateward/kernel'

/** The same bytes, and an error instead of the first byte past `maximum`: for bodies that declare no length. */
export function boundStream(stream: Readable, maximum: number): Readable {
  let seen = 0
  const bounded = new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      seen += chunk.length
      if (seen > maximum)
        callback(new Fault('BODY_TOO_LARGE', 'the body grew past its limit', { source: 'client' }))
      else callback(null, chunk)
    },
  })
  stream.once('error', (error) => bounded.destroy(error))
  stream.once('close', () => {
    // A client that breaks off leaves no end; without this the upstream would wait for one.
    if (!stream.readableEnded)
      bounded.destroy(new Fault('CLIENT_GONE', 'the client broke off its body', { source: 'client' }))
  })
  return stream.pipe(bounded)
}
