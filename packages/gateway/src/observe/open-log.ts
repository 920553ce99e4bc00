import { pino } from 'pino'

/** Where log lines go. Writing never waits; a reader slower than 16 MiB behind loses lines rather than stopping traffic. */
export interface LogDestination {
  write(line: string): void
  close(): Promise<void>
}

/** @param target `stdout`, `stderr`, `none` or `file:<path>` */
export function openLog(target: string): LogDestination {
  if (target === 'none') return { write: () => {}, close: () => Promise.resolve() }
  const dest = target === 'stdout' ? 1 : target === 'stderr' ? 2 : target.slice('file:'.length)
  const destination = pino.destination({
    dest,
    mkdir: true,
    mode: 0o600,
    sync: false,
    minLength: 65_536,
    maxWrite: 262_144,
    maxLength: 16_777_216,
    periodicFlush: 200,
  })
  // A closed pipe (a pager that ended, say) is no reason to stop a gateway.
  destination.on('error', () => {})
  return {
    write: (line) => void destination.write(line),
    close: () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      destination.flush(() => resolve())
      return promise
    },
  }
}
