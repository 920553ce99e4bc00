import { dirname } from 'node:path'
import { nearby, table } from '../output.ts'
import { version } from '../version.ts'

/** What a program that starts the demo is told, and what the text for people is made from. */
export interface DemoFacts {
  readonly gateway: string
  readonly admin: string
  /** A one-time link for the first admin. */
  readonly welcome?: string
  /** Path of the contract. */
  readonly contract: string
  readonly keys: { readonly free: string; readonly pro: string }
  /** A signed access token. */
  readonly token: string
  /** Path of the certificate authority that the gate's certificate comes from. */
  readonly ca: string
}

/** The first minute: addresses, credentials, and four lines to try. */
export function tellDemo(
  facts: DemoFacts,
  {
    upstream,
    operations,
    log,
  }: { readonly upstream: string; readonly operations: number; readonly log: string },
): string {
  const ca = nearby(facts.ca)
  const url = `${facts.gateway}/v1/orders`
  const curl = `curl --cacert ${ca} ${url}`
  const data = nearby(dirname(facts.ca))
  const where = data === 'data' ? '' : ` --data ${data}`
  return `
  gateward ${version}   one process · embedded store · development certificate

${table([
  ['  Gate     ', facts.gateway, `  ${operations} operations of "Orders API" (${nearby(facts.contract)})`],
  ['  Admin    ', facts.admin, '  /livez  /readyz  /metrics'],
  ...(facts.welcome === undefined
    ? []
    : [['  ', facts.welcome, '  open once to make your account; valid 15 minutes']]),
  ['  Upstream ', upstream, "  the demo's careless orders service"],
  ['  Log      ', nearby(log)],
])}

  Keys       free  ${facts.keys.free}    60 requests/min
             pro   ${facts.keys.pro}    1,200 requests/min
  Token      ada@example.com, scope orders:read orders:write profile:read reveal:pii, one hour
             ${facts.token}

  Try
    ${curl}
      → 401  who are you?
    ${curl} \\
         -H 'X-API-Key: ${facts.keys.pro}'
      → 200  without the fields nobody declared
    ${curl} \\
         -H 'X-API-Key: ${facts.keys.pro}' \\
         -H 'Content-Type: application/json' -d '{"item":"<script>","quantity":1}'
      → 422  VALIDATION_ERROR
    ${curl} \\
         -H 'X-API-Key: ${facts.keys.pro}' \\
         -H 'Content-Type: application/json' -d '{"item":"Tea","quantity":1,"email":"grace@example.com"}'
      → 201  with a mask for the key; the service has it encrypted, as it shows below
    ${curl}'?email=grace@example.com' -H 'Authorization: Bearer <the token>'
      → 200  found by its blind index, and shown to the token, which has reveal:pii
    for i in $(seq 80); do ${curl} \\
         -s -o /dev/null -w '%{http_code} ' -H 'X-API-Key: ${facts.keys.free}'; done
      → 200 … 429 429

  Why was it refused?  npx gateward explain <the x-request-id of the answer>${where}
  Your own API         npx gateward serve --contract openapi.yaml --upstream http://127.0.0.1:3000
  Ctrl-C stops.
`
}
