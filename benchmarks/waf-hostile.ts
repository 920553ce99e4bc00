// `node benchmarks/waf-hostile.ts`: what values made of a rule set's own expressions cost the engine at a paranoia level.
// Options: --bytes N (10000), --body form|json|list|multipart|parts|xml|elements, --level N (4), --every N (each Nth value alone),
// --rules FILE (globs too, repeated).
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Waf } from '@gateward/waf'
import { createWaf } from '@gateward/waf'
import { temporaryFolder } from './processes.ts'
import type { HostileBody } from './waf-hostile/hostile-bodies.ts'
import { bodyOf } from './waf-hostile/hostile-bodies.ts'
import { hostileValues } from './waf-hostile/hostile-values.ts'
import type { HostileValue } from './waf-hostile/hostile-values.ts'

const { values: options } = parseArgs({
  options: {
    bytes: { type: 'string', default: '10000' },
    body: { type: 'string', default: 'form' },
    level: { type: 'string', default: '4' },
    every: { type: 'string', default: '1' },
    rules: { type: 'string', multiple: true },
  },
})

const checkout = process.env['GATEWARD_CRS4'] ?? '/usr/share/modsecurity-crs'
const rules = options.rules ?? [join(checkout, 'crs-setup.conf.example'), join(checkout, 'rules/*.conf')]

using folder = temporaryFolder()
const base = join(folder.path, 'base.conf')
writeFileSync(
  base,
  `SecRuleEngine DetectionOnly
SecRequestBodyAccess On
SecAction "id:900000,phase:1,nolog,pass,setvar:tx.blocking_paranoia_level=${options.level},setvar:tx.detection_paranoia_level=${options.level}"
`,
)
const { waf, diagnostics } = await createWaf({
  rules: [base, ...rules],
  settings: { budget: Number.POSITIVE_INFINITY },
})
if (waf === undefined) throw new Error(`the rules cannot be loaded: ${JSON.stringify(diagnostics[0])}`)
await waf.warmUp()

/** Milliseconds of processor time: at first sight, and the least of three times more. */
interface Cost {
  readonly value: HostileValue
  readonly first: number
  readonly warm: number
}

const all = await hostileValues(rules, Number(options.bytes))
const costs = all.filter((_, index) => index % Number(options.every) === 0).map((value) => costOf(waf, value))
print('all', costs)
for (const [family, own] of Map.groupBy(costs, ({ value }) => value.family)) print(family, own)

function costOf(engine: Waf, value: HostileValue): Cost {
  const body = bodyOf(options.body, value.text)
  const first = ask(engine, body)
  return { value, first, warm: Math.min(ask(engine, body), ask(engine, body), ask(engine, body)) }
}

function ask(engine: Waf, { type, bytes }: HostileBody): number {
  const started = process.threadCpuUsage()
  const transaction = engine.begin({
    id: 'hostile',
    method: 'POST',
    target: '/',
    protocol: 'HTTP/1.1',
    headers: [
      ['host', 'shop.example.com'],
      ['user-agent', 'Mozilla/5.0'],
      ['accept', '*/*'],
      ['content-type', type],
      ['content-length', String(bytes.length)],
    ],
    clientAddress: '192.0.2.1',
  })
  transaction.requestHeaders()
  transaction.requestBody(bytes)
  transaction.logging()
  const { user, system } = process.threadCpuUsage(started)
  return (user + system) / 1_000
}

function print(name: string, own: readonly Cost[]): void {
  const sorted = own.toSorted((left, right) => left.warm - right.warm)
  const at = (share: number) => (sorted[Math.floor((sorted.length - 1) * share)]?.warm ?? 0).toFixed(1)
  const mean = own.reduce((sum, { warm }) => sum + warm, 0) / own.length
  const first = own.reduce((most, cost) => Math.max(most, cost.first), 0)
  const worst = sorted.at(-1)?.value.rule ?? ''
  console.log(
    `${name.padEnd(20)} ${own.length} values: mean ${mean.toFixed(1)} ms, 95 % below ${at(0.95)}, worst ${at(1)} (${worst}); at first sight up to ${first.toFixed(0)}`,
  )
}
