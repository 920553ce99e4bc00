import { startGateway, type Gateway } from '@gateward/gateway'
import { formatDiagnostics } from '@gateward/kernel'
import type { Command } from 'commander'
import { runUntilStopped } from '../run-until-stopped.ts'
import type { CommandContext } from '../program.ts'
import { version } from '../version.ts'
import { addServeOptions, toConfigurationRequest, type ServeOptions } from './serve-options.ts'

/** `gateward serve`: puts the gateway before an API until it is stopped. */
export function addServe(program: Command, { output }: CommandContext): void {
  addServeOptions(program.command('serve'))
    .description('put the gateway before your API')
    .option('--json', 'one line of JSON once it is ready')
    .action(async (options: ServeOptions & { json?: true }) => {
      const gateway = await startGateway(toConfigurationRequest(options))
      const firstKey = await gateway.createFirstKey()
      if (options.json === true) {
        const { https, http, admin } = gateway.addresses
        output.out(
          JSON.stringify({
            gateway: https ?? http,
            http,
            admin,
            key: firstKey?.reveal(),
            ca: gateway.certificateAuthority,
          }),
        )
      } else {
        if (gateway.warnings.length > 0) output.err(`${formatDiagnostics(gateway.warnings)}\n`)
        output.err(tell(gateway, firstKey?.reveal()))
      }
      await runUntilStopped(gateway, output)
    })
}

function tell(gateway: Gateway, firstKey: string | undefined): string {
  const { addresses, apis, certificateAuthority } = gateway
  const rows = [
    ...(addresses.https === undefined ? [] : [['Gate', addresses.https]]),
    ...(addresses.http === undefined ? [] : [['Plain', `${addresses.http}      unencrypted`]]),
    ['Admin', `${addresses.admin}      /livez /readyz /metrics`],
    ...apis.map(({ name, title, operations, upstream }) => [
      'API',
      `${name}      ${title}, ${operations} operations, before ${upstream}`,
    ]),
    ...(certificateAuthority === undefined
      ? []
      : [['CA', `${certificateAuthority}      of the development certificate`]]),
    ...(firstKey === undefined ? [] : [['Key', `${firstKey}      the first one, shown this once; 90 days`]]),
  ]
  return [
    '',
    `  gateward ${version}   one process · embedded store`,
    '',
    ...rows.map(([name, value]) => `  ${(name ?? '').padEnd(11)}${value}`),
    '',
    '  Ctrl-C stops. More keys: npx gateward keys create <consumer>. Why was a request refused: npx gateward explain <request-id>',
    '',
  ].join('\n')
}
