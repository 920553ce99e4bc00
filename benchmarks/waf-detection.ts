// `node benchmarks/waf-detection.ts FOLDER…`: how much of a corpus of requests the rules stop, by source and kind of attack.
// Options: --rules core (may be repeated), --places query,form,json, --only SOURCE, --most N (of each file, evenly spread; all),
// --misses N (show so many of each), --json.
import { parseArgs } from 'node:util'
import { createWaf, type Waf } from '@gateward/waf'
import { formatDiagnostics } from '@gateward/kernel'
import { readCorpus, type CorpusFile, type CorpusRequest } from './detection/corpus.ts'
import { readPlaces, toRequests } from './detection/place-value.ts'
import { spread } from './detection/spread.ts'

const { values: options, positionals: folders } = parseArgs({
  allowPositionals: true,
  options: {
    rules: { type: 'string', multiple: true, default: ['core'] },
    places: { type: 'string', default: 'query,form,json' },
    only: { type: 'string', default: '' },
    most: { type: 'string', default: 'Infinity' },
    misses: { type: 'string', default: '0' },
    json: { type: 'boolean', default: false },
  },
})

/** What became of the requests of one file. */
interface Row {
  readonly kind: CorpusFile['kind']
  readonly source: string
  readonly kindOfAttack: string
  readonly requests: number
  readonly refused: number
  /** How often each rule had a part in a refusal, most often first. */
  readonly rules: readonly (readonly [id: number, times: number])[]
  /** Attacks that passed, or harmless requests that did not: as many as were asked for. */
  readonly misses: readonly string[]
}

const wantedPlaces = readPlaces(options.places)
const { waf, diagnostics } = await createWaf({ rules: options.rules })
if (waf === undefined) throw new Error(formatDiagnostics(diagnostics))
const rows = folders
  .flatMap(readCorpus)
  .filter(({ source }) => source.includes(options.only))
  .map((file) => measure(waf, file))
if (options.json) console.log(JSON.stringify(rows))
else print(rows)

function measure(waf: Waf, file: CorpusFile): Row {
  const requests = toRequests(spread(file.items, Number(options.most)), wantedPlaces)
  const rules = new Map<number, number>()
  const misses: string[] = []
  let refused = 0
  for (const request of requests) {
    const ids = askRules(waf, request)
    for (const id of ids) rules.set(id, (rules.get(id) ?? 0) + 1)
    if (ids.length > 0) refused++
    const isMiss = ids.length > 0 === (file.kind === 'harmless')
    if (isMiss && misses.length < Number(options.misses)) misses.push(describe(request, ids))
  }
  const { kind, source, kindOfAttack } = file
  const byTimes = [...rules].toSorted(([, left], [, right]) => right - left)
  return { kind, source, kindOfAttack, requests: requests.length, refused, rules: byTimes, misses }
}

/** The rules that refused a request; none where it may pass. */
function askRules(waf: Waf, { method, target, headers, body }: CorpusRequest): readonly number[] {
  const head = { method, target, headers, protocol: 'HTTP/1.1', clientAddress: '192.0.2.1', id: 'corpus' }
  const transaction = waf.begin(head)
  if (transaction.requestHeaders().kind === 'pass') transaction.requestBody(Buffer.from(body, 'latin1'))
  return transaction.verdict.kind === 'block' ? transaction.matches.map(({ id }) => id) : []
}

function describe({ method, target, headers, body }: CorpusRequest, ids: readonly number[]): string {
  const fields = headers.map(([name, value]) => `${name}: ${value}`).join(' | ')
  return `${ids.join(',')} ${method} ${target} || ${body.slice(0, 600)} || ${fields}`
}

function print(rows: readonly Row[]): void {
  console.log('| | source | kind | requests | refused | | rules |')
  console.log('| --- | --- | --- | --: | --: | --: | --- |')
  for (const row of [...rows, ...totals(rows)]) {
    const told = row.rules.slice(0, 4).map(([id, times]) => `${id} (${times})`)
    const share = ((100 * row.refused) / row.requests).toFixed(2)
    console.log(
      `| ${row.kind} | ${row.source} | ${row.kindOfAttack} | ${row.requests} | ${row.refused} | ${share} % | ${told.join(', ')} |`,
    )
    for (const miss of row.misses) console.log(`    ${miss}`)
  }
}

function totals(rows: readonly Row[]): readonly Row[] {
  return (['attacks', 'harmless'] as const).flatMap((kind) => {
    const own = rows.filter((row) => row.kind === kind)
    if (own.length === 0) return []
    const sum = (count: (row: Row) => number) => own.reduce((total, row) => total + count(row), 0)
    return [
      {
        kind,
        source: 'all',
        kindOfAttack: '',
        requests: sum(({ requests }) => requests),
        refused: sum(({ refused }) => refused),
        rules: [],
        misses: [],
      },
    ]
  })
}
