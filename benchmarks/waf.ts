// `npm run bench:waf`: the rule engine alone, and where nginx with ModSecurity is installed, both as proxies with the same rules.
// Options: --json, --seconds N (each measurement), --rounds N, --rules FILE (globs too, repeated; the Core Rule Set unless given).
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Waf } from '@gateward/waf'
import { createWaf } from '@gateward/waf'
import { warmUp } from './full-load.ts'
import { measureThroughput, type Shot } from './load.ts'
import { temporaryFolder } from './processes.ts'
import { asHead, getShot, listShot, postShot } from './waf-requests.ts'
import { startFirewalls } from './waf-subjects.ts'

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '3' },
    rules: { type: 'string', multiple: true },
  },
})

const checkout = process.env['GATEWARD_CRS4']
const rules =
  options.rules ??
  (checkout === undefined
    ? ['/etc/modsecurity/crs/crs-setup.conf', '/usr/share/modsecurity-crs/rules/*.conf']
    : [join(checkout, 'crs-setup.conf.example'), join(checkout, 'rules/*.conf')])

const requests: readonly { readonly name: string; readonly make: () => Shot; readonly times: number }[] = [
  { name: 'GET, 4 arguments, 3 cookies', make: getShot, times: 20_000 },
  { name: `POST, ${postShot().body?.length} bytes of JSON`, make: postShot, times: 10_000 },
  { name: `POST, ${listShot().body?.length} bytes of JSON`, make: listShot, times: 1_000 },
]

/** Few requests wait at a time: nginx with ModSecurity takes a tenth of a second and more for each of the longest. */
const connections = 8

using folder = temporaryFolder()
const base = join(folder.path, 'base.conf')
writeFileSync(
  base,
  `SecRuleEngine On
SecRequestBodyAccess On
SecResponseBodyAccess On
SecResponseBodyMimeType text/plain text/html application/json
SecRule REQUEST_HEADERS:Content-Type "^application/json" "id:200001,phase:1,t:none,t:lowercase,pass,nolog,ctl:requestBodyProcessor=JSON"
${rules.map((file) => `Include ${file}`).join('\n')}
`,
)
const alone = await measureEngine(base)
const beside = await measureProxies(base)
const machine = `${cpus()[0]?.model.trim() ?? 'unknown'}, ${cpus().length} cores, Node ${process.versions.node}`
if (options.json) console.log(JSON.stringify({ machine, alone, beside }))
else print()

async function measureEngine(file: string) {
  progress('the engine alone')
  const started = performance.now()
  const { waf, diagnostics } = await createWaf({ rules: [file] })
  const load = performance.now() - started
  if (waf === undefined) throw new Error(`the rules cannot be loaded: ${JSON.stringify(diagnostics[0])}`)
  const rows = requests.map(({ name, make, times }) => ({ name, ...measureRequests(waf, make, times) }))
  return { rules: waf.rules, loadMilliseconds: Math.round(load), rows }
}

/** Microseconds of all phases about a request, the second half of them, when all is compiled. */
function measureRequests(waf: Waf, make: () => Shot, times: number) {
  const took: number[] = []
  let matches = 0
  for (let time = 0; time < times; time++) {
    const shot = make()
    const head = asHead(shot)
    const body = Buffer.from(shot.body ?? '')
    const started = performance.now()
    const transaction = waf.begin(head)
    transaction.requestHeaders()
    transaction.requestBody(body)
    transaction.logging()
    if (time >= times / 2) took.push((performance.now() - started) * 1_000)
    matches += transaction.matches.length
  }
  const sorted = took.toSorted((left, right) => left - right)
  const at = (share: number) => Math.round(sorted[Math.floor(sorted.length * share)] ?? 0)
  return { p1: at(0.01), p50: at(0.5), p99: at(0.99), matches }
}

async function measureProxies(file: string) {
  await using firewalls = await startFirewalls(folder.path, file)
  if (firewalls === undefined) return []
  const rows = []
  for (const { name, make } of requests) {
    // What it answers with in its first seconds is the compiler's speed; nginx has none.
    await warmUp(
      { name: `gateway, ${name}`, origin: firewalls.gateway, shot: make() },
      folder.path,
      connections,
    )
    const figures: { readonly ours: number; readonly theirs: number; readonly ratio: number }[] = []
    const failed = { ours: 0, theirs: 0 }
    for (let round = 0; round < Number(options.rounds); round++) {
      const shot = make()
      progress(`round ${round + 1}: ${name}`)
      const theirs = await measureThroughput(
        firewalls.nginx,
        shot,
        Number(options.seconds),
        folder.path,
        connections,
      )
      const ours = await measureThroughput(
        firewalls.gateway,
        shot,
        Number(options.seconds),
        folder.path,
        connections,
      )
      failed.ours += ours.failed
      failed.theirs += theirs.failed
      figures.push({
        ours: ours.perSecond,
        theirs: theirs.perSecond,
        ratio: ours.perSecond / theirs.perSecond,
      })
    }
    const middle = figures.toSorted((left, right) => left.ratio - right.ratio)[figures.length >> 1]
    rows.push({
      name,
      ours: middle?.ours ?? 0,
      theirs: middle?.theirs ?? 0,
      ratio: middle?.ratio ?? 0,
      failed,
    })
  }
  return rows
}

function progress(text: string): void {
  process.stderr.write(`${text}\n`)
}

function print(): void {
  console.log(`${machine}; ${alone.rules} rules, loaded in ${alone.loadMilliseconds} ms\n`)
  console.log('| the engine alone, us | p1 | p50 | p99 |\n| --- | --: | --: | --: |')
  for (const { name, p1, p50, p99, matches } of alone.rows) {
    const note = matches === 0 ? '' : ` (${matches} matches)`
    console.log(`| ${name}${note} | ${p1} | ${p50} | ${p99} |`)
  }
  if (beside.length === 0) {
    console.log('\nnginx with ModSecurity is not here: apt-get install libnginx-mod-http-modsecurity wrk')
    return
  }
  console.log(
    '\n| requests/s on one core | gateward | nginx + ModSecurity | ratio |\n| --- | --: | --: | --: |',
  )
  for (const { name, ours, theirs, ratio, failed } of beside) {
    const note =
      failed.ours + failed.theirs === 0 ? '' : ` (failed: ${failed.ours} here, ${failed.theirs} there)`
    console.log(`| ${name}${note} | ${ours.toFixed(0)} | ${theirs.toFixed(0)} | ${ratio.toFixed(1)} |`)
  }
}
