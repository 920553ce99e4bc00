import { defineProblem } from '@gateward/kernel'
import type { Geography } from '../../geography/geography.ts'
import { guardOrder } from '../../guards/catalog.ts'
import { explain } from '../../observe/explain.ts'
import type { ExchangeRecord } from '../../observe/records/exchange-record.ts'
import { findRecord } from '../../observe/records/find-record.ts'
import { searchRecords } from '../../observe/records/search-records.ts'
import type { AdminAnswer } from '../contract.ts'
import type { AdminParts } from '../parts.ts'
import { compileExchangeFilter, refusalsOf } from './exchange-filter.ts'
import { refuse, type AdminRoutes } from './route.ts'

type Exchange = AdminAnswer<'listExchanges'>['exchanges'][number]
type Story = AdminAnswer<'getExchange'>
type Cell = Story['row'][number]

/** Exchanges of the past, and the whole decision about each. */
export function exchangeRoutes({
  geography,
  records,
}: AdminParts): Pick<AdminRoutes, 'listExchanges' | 'getExchange'> {
  return {
    async listExchanges({ query }) {
      const matches = compileExchangeFilter(query, geography)
      if (matches === undefined) return refuse(noNetwork)
      const archive = await records()
      const { search, limit = 100, cursor } = query
      // The one thing that people search most has an index of its own: the text of the files.
      if (search !== undefined && /^[0-9A-Z]{26}$/.test(search)) {
        const record = await findRecord(archive, search)
        return { body: { exchanges: record === undefined ? [] : [summarize(record, geography)] } }
      }
      const since = query.since === undefined ? undefined : new Date(query.since).toISOString()
      const page = await searchRecords(archive, {
        matches,
        isBeyond: ({ time }) => since !== undefined && time < since,
        limit,
        cursor,
      })
      return {
        body: {
          exchanges: page.records.map((record) => summarize(record, geography)),
          next: page.next,
          searchedDownTo: page.searchedDownTo,
        },
      }
    },

    async getExchange({ path: { id } }) {
      const record = await findRecord(await records(), id)
      return record === undefined ? refuse(noRecord) : { body: tell(record, geography) }
    },
  }
}

function summarize(record: ExchangeRecord, geography: Geography): Exchange {
  const { id, time, method, path, api, operation, status, client, configuration } = record
  const { code, consumer, label, tier, credential } = record
  const refusals = refusalsOf(record)
  const decisive = refusals.find(({ mode }) => mode === 'enforce') ?? refusals[0]
  return {
    id,
    time,
    method,
    path,
    api,
    operation,
    status,
    client,
    country: geography.locate(client).country,
    configuration,
    code,
    refusedBy: decisive?.guard,
    consumer,
    label,
    tier,
    credential,
    milliseconds: record.ms,
    upstreamMilliseconds: record.upstream_ms,
  }
}

function tell(record: ExchangeRecord, geography: Geography): Story {
  const text = (name: string) => (typeof record[name] === 'string' ? { [name]: record[name] } : {})
  return {
    exchange: summarize(record, geography),
    reason: record.reason,
    ...text('trace'),
    ...text('protocol'),
    ...text('query'),
    ...(typeof record['bytes'] === 'number' ? { bytes: record['bytes'] } : {}),
    ...(typeof record['whole'] === 'boolean' ? { whole: record['whole'] } : {}),
    row: guardOrder.map((guard) => toCell(record, guard)),
    upstreamAsked: record.upstream_ms !== undefined,
    text: explain(record, guardOrder),
  }
}

function toCell(record: ExchangeRecord, guard: string): Cell {
  const entries = record.guards.filter((entry) => entry.guard === guard)
  return {
    guard,
    state: stateOf(entries),
    verdicts: entries.map(({ phase, verdict, mode, note, code, us }) => ({
      phase,
      verdict,
      mode,
      note,
      code,
      microseconds: us,
    })),
  }
}

function stateOf(entries: ExchangeRecord['guards']): Cell['state'] {
  if (entries.length === 0) return 'never-asked'
  const decisive = entries.find(({ verdict, mode }) => verdict !== 'pass' && mode !== 'shadow')
  if (decisive !== undefined) return states[decisive.verdict]
  return entries.some(({ verdict }) => verdict !== 'pass') ? 'shadow' : 'passed'
}

const states = { pass: 'passed', refuse: 'refused', answer: 'answered', fault: 'failed' } as const

const noNetwork = defineProblem(
  'VALIDATION_ERROR',
  '`client` must be an address or a network: 203.0.113.7, 10.0.0.0/8 or 2001:db8::/32',
)
const noRecord = defineProblem(
  'NOT_FOUND',
  "no record of this request: it is older than what is kept (observe.records.maxSize), or another gateway's",
)
