import { resolve } from 'node:path'
import { findPortFailure, startGateway, type Gateway } from '@gateward/gateway'
import type { Command } from 'commander'
import { createDemoIssuer } from '../demo/issue-token.ts'
import { startOrdersService } from '../demo/orders-service.ts'
import { tellDemo, type DemoFacts } from '../demo/tell-demo.ts'
import { writeDemo } from '../demo/write-demo.ts'
import type { CommandContext } from '../program.ts'
import { runUntilStopped } from '../run-until-stopped.ts'
import { toPort } from './serve-options.ts'

interface DemoOptions {
  readonly port: number
  readonly adminPort: number
  readonly data: string
  readonly json?: true
}

/** `gateward demo`: a careless orders service with the gateway before it, and what to try on it. */
export function addDemo(program: Command, { output }: CommandContext): void {
  program
    .command('demo')
    .description('start a small careless API with the gateway before it, and what to try')
    .option('--port <number>', 'the encrypted port; 0 takes a free one', toPort, 8443)
    .option('--admin-port <number>', 'the port of /livez, /readyz and /metrics', toPort, 9443)
    .option('--data <folder>', 'the data folder', 'data')
    .option('--json', 'one line of JSON once it is ready')
    .action(async (options: DemoOptions) => {
      await assertPortsFree(options)
      await using service = await startOrdersService((order) => {
        if (options.json !== true) tellStored(order, output)
      })
      const issuer = await createDemoIssuer()
      const data = resolve(options.data)
      const files = writeDemo(data, {
        upstream: service.url,
        port: options.port,
        adminPort: options.adminPort,
        issuer,
      })
      const gateway = await startGateway({ file: files.configuration, env: process.env })
      const facts: DemoFacts = {
        gateway: gateway.addresses.https ?? '',
        admin: gateway.addresses.admin,
        ...(gateway.welcome === undefined ? {} : { welcome: gateway.welcome }),
        contract: files.contract,
        keys: { free: await createKey(gateway, 'free'), pro: await createKey(gateway, 'pro') },
        token: await issuer.issue('ada@example.com', 'orders:read orders:write profile:read reveal:pii'),
        ca: gateway.certificateAuthority ?? '',
      }
      if (options.json === true) output.out(JSON.stringify(facts))
      else
        output.out(
          tellDemo(facts, {
            upstream: service.url,
            operations: gateway.apis[0]?.operations ?? 0,
            log: `${data}/demo/gateward.log`,
          }),
        )
      await runUntilStopped(gateway, output)
    })
}

// What became of a personal datum is seen where the service keeps it.
function tellStored(order: object, output: CommandContext['output']): void {
  if ('email' in order)
    output.out(`  Upstream stored  ${JSON.stringify({ ...order, internalNote: undefined })}`)
}

// Before anything is written: a demo that runs already would follow the files of this one.
async function assertPortsFree({ port, adminPort }: DemoOptions): Promise<void> {
  for (const [name, number] of [
    ['https', port],
    ['admin', adminPort],
  ] as const) {
    const failure = await findPortFailure(name, { host: '127.0.0.1', port: number })
    if (failure !== undefined) throw failure
  }
}

const day = 86_400_000

// Keys of earlier starts are ended, so that a demo that is started often leaves no trail of working keys.
async function createKey(gateway: Gateway, tier: string): Promise<string> {
  const consumer = `demo-${tier}`
  for (const old of await gateway.apiKeys.list({ limit: 1_000, consumer })) {
    if (old.state === 'active') await gateway.apiKeys.revoke(old.id)
  }
  const { key } = await gateway.apiKeys.create({
    consumer,
    label: `Demo (${tier})`,
    tier,
    scopes: ['orders:read', 'orders:write'],
    life: day,
  })
  return key.reveal()
}
