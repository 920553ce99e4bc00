import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import type { DemoIssuer } from './issue-token.ts'

/** Where the demo's files are. */
export interface DemoFiles {
  readonly configuration: string
  readonly contract: string
}

/**
 * Writes the demo's configuration, contract and public keys into `<data>/demo`, anew at every start, so that they can be
 * read, changed while it runs (the gateway follows), and checked with `gateward check -c`.
 */
export function writeDemo(
  data: string,
  terms: {
    readonly upstream: string
    readonly port: number
    readonly adminPort: number
    readonly issuer: DemoIssuer
  },
): DemoFiles {
  const folder = join(data, 'demo')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const contract = join(folder, 'demo.openapi.yaml')
  copyFileSync(fileURLToPath(new URL('demo.openapi.yaml', import.meta.url)), contract)
  writeFileSync(join(folder, 'jwks.json'), `${JSON.stringify(terms.issuer.jwks, undefined, 2)}\n`)
  const configuration = join(folder, 'gateward.yaml')
  writeFileSync(configuration, header + stringify(settings(terms)))
  return { configuration, contract }
}

const header =
  "# The demo's configuration, written anew at every start. Change it while the demo runs: the gateway follows.\n"

function settings(terms: Parameters<typeof writeDemo>[1]): unknown {
  return {
    version: 1,
    environment: 'test',
    listen: { https: { host: '127.0.0.1', port: terms.port } },
    admin: { host: '127.0.0.1', port: terms.adminPort },
    data: '..',
    apis: { orders: { contract: './demo.openapi.yaml', upstream: terms.upstream } },
    authentication: {
      issuers: [
        {
          issuer: terms.issuer.issuer,
          audience: terms.issuer.audience,
          algorithms: ['ES256'],
          jwks: './jwks.json',
        },
      ],
    },
    tiers: {
      free: { rate: '60/min', quota: '10000/day' },
      pro: { rate: '1200/min' },
    },
    guards: { discovery: { mode: 'shadow' } },
    observe: { log: 'file:./gateward.log' },
  }
}
