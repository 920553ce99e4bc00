import type { Gateway } from '@gateward/gateway'
import { hasErrors } from '@gateward/kernel'
import type { Output } from './output.ts'
import { tellDiagnostics } from './tell-diagnostics.ts'

/**
 * Keeps a gateway until it is told to stop: SIGTERM and SIGINT drain it (a second one stops at once), SIGHUP loads the
 * configuration again.
 */
export async function runUntilStopped(gateway: Gateway, output: Output): Promise<void> {
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>()
  let draining = false
  const onStop = (): void => {
    if (draining) process.exit(130)
    draining = true
    gateway.drain().then(stop, stop)
  }
  const onReload = (): void => {
    void gateway.reload('SIGHUP').then((diagnostics) => {
      if (diagnostics.length > 0) output.err(tellDiagnostics(diagnostics, { width: output.width, limit: 20 }))
      output.err(
        hasErrors(diagnostics)
          ? 'The configuration was not taken over; the old one goes on.'
          : 'The configuration was taken over.',
      )
    })
  }
  process.on('SIGTERM', onStop).on('SIGINT', onStop).on('SIGHUP', onReload)
  await stopped
  await gateway[Symbol.asyncDispose]()
  process.off('SIGTERM', onStop).off('SIGINT', onStop).off('SIGHUP', onReload)
}
