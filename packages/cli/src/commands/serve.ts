import { resolve } from 'node:path'
import { startGateway, type Gateway } from '@gateward/gateway'
import type { Command } from 'commander'
import { nearby, table, type Output } from '../output.ts'
import type { CommandContext } from '../program.ts'
import { runUntilStopped } from '../run-until-stopped.ts'
import { tellDiagnostics } from '../tell-diagnostics.ts'
import { version } from '../version.ts'
import { addServeOptions, toConfigurationRequest, type ServeOptions } from './serve-options.ts'

/** Warnings that a start shows; `gateward check` shows all. */
const mostWarnings = 20

/** `gateward serve`: puts the gateway before an API until it is stopped. */
export function addServe(program: Command, { output }: CommandContext): void {
  addServeOptions(program.command('serve'))
    .description('put the gateway before your API')
    .option('--json', 'one line of JSON once it is ready; the log goes to standard error then')
    .action(async (options: ServeOptions & { json?: true }) => {
      const request = toConfigurationRequest(options)
      const gateway = await startGateway({
        ...request,
        flags: { ...request.flags, ownStandardOutput: options.json === true },
      })
      const firstKey = (await gateway.createFirstKey())?.reveal()
      if (options.json === true) output.out(JSON.stringify(toFacts(gateway, firstKey)))
      else tell(gateway, firstKey, options, output)
      await runUntilStopped(gateway, output)
    })
}

function toFacts(gateway: Gateway, key: string | undefined): Readonly<Record<string, unknown>> {
  const { https, http, admin } = gateway.addresses
  const ca = gateway.certificateAuthority
  return {
    gateway: https ?? http,
    http,
    admin,
    key,
    welcome: gateway.welcome,
    // A program may look for it from another folder.
    ca: ca === undefined ? undefined : resolve(ca),
    warnings: gateway.warnings.length,
  }
}

// The log has standard output to itself, so what people read goes beside it.
function tell(gateway: Gateway, firstKey: string | undefined, options: ServeOptions, output: Output): void {
  if (gateway.warnings.length > 0)
    output.err(`${tellDiagnostics(gateway.warnings, { width: output.width, limit: mostWarnings })}\n`)
  const where = [
    ...(options.config === undefined ? [] : [` -c ${options.config}`]),
    ...(options.data === undefined ? [] : [` --data ${options.data}`]),
  ].join('')
  output.err(`  gateward ${version}   one process · embedded store

${table(banner(gateway, firstKey))}

  More keys             npx gateward keys create <consumer>${where}
  Why was it refused?   npx gateward explain <the x-request-id of the answer>${where}
  Ctrl-C stops.
`)
}

function banner(gateway: Gateway, firstKey: string | undefined): readonly (readonly string[])[] {
  const { addresses, apis, certificateAuthority: ca } = gateway
  const row = (name: string, value: string, remark: string): readonly string[] => [
    `  ${name.padEnd(9)}`,
    value,
    ` ${remark}`,
  ]
  return [
    ...(addresses.https === undefined ? [] : [row('Gate', addresses.https, 'HTTP/2 and HTTP/1.1')]),
    ...(addresses.http === undefined ? [] : [row('Plain', addresses.http, 'not encrypted')]),
    row('Admin', addresses.admin, '/livez  /readyz  /metrics'),
    ...(gateway.welcome === undefined
      ? []
      : [row('', gateway.welcome, 'open once to make your account; valid 15 minutes')]),
    ...apis.map(({ name, title, operations, upstream }) =>
      row('API', upstream, `${name}: ${title}${operations === 0 ? '' : `, ${operations} operations`}`),
    ),
    ...(ca === undefined ? [] : [row('CA', nearby(ca), 'of the development certificate')]),
    ...(firstKey === undefined ? [] : [row('Key', firstKey, 'the first one, shown this once; 90 days')]),
  ]
}
