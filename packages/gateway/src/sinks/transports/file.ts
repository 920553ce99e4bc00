import { mkdirSync } from 'node:fs'
import { appendFile, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Fault } from '@gateward/kernel'
import type { SinkSettings } from '../settings.ts'
import type { ByteTransport } from './transport.ts'

/** Appends to a file; a full one is renamed to `<path>.1`, that one to `<path>.2`, and the oldest is removed. */
export function fileTransport({ path, maxSize, keep }: NonNullable<SinkSettings['file']>): ByteTransport {
  mkdirSync(dirname(path), { recursive: true })
  const rotate = async (): Promise<void> => {
    await rm(`${path}.${keep}`, { force: true })
    for (let number = keep - 1; number >= 0; number--) {
      const from = number === 0 ? path : `${path}.${number}`
      await rename(from, `${path}.${number + 1}`).catch(ignoreMissing)
    }
  }
  return {
    async sendBytes(bytes) {
      try {
        const size = await stat(path).then((found) => found.size, ignoreMissing)
        if (size !== undefined && size > 0 && size + bytes.length > maxSize) await rotate()
        await appendFile(path, bytes, { mode: 0o600 })
        return undefined
      } catch (cause) {
        throw new Fault('DELIVERY_FAILED', `${path} cannot be written`, {
          source: 'gateway',
          retryable: true,
          cause,
        })
      }
    },
    [Symbol.asyncDispose]: async () => {},
  }
}

/** Writes to standard output. */
export function stdoutTransport(): ByteTransport {
  return {
    sendBytes: (bytes) => {
      const { promise, resolve, reject } = Promise.withResolvers<undefined>()
      process.stdout.write(bytes, (error) =>
        error === null || error === undefined
          ? resolve(undefined)
          : reject(
              new Fault('DELIVERY_FAILED', 'standard output is closed', {
                source: 'gateway',
                retryable: true,
                cause: error,
              }),
            ),
      )
      return promise
    },
    [Symbol.asyncDispose]: async () => {},
  }
}

function ignoreMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
  throw error
}
