import { defineProblem, type Problem } from '@gateward/kernel'
import type { Opening } from '../exchange/exchange.ts'
import type { Reply } from '../exchange/reply.ts'
import type { RequestBodySource } from '../exchange/request-body.ts'
import { apiRoot } from './contract/endpoints.ts'
import type { AdminApi } from './http/api.ts'
import { sendAnswer, sendProblem } from './http/answer.ts'
import type { EndpointTable } from './http/compile-endpoints.ts'
import { isOwnHost } from './http/origin.ts'
import type { StaticFiles } from './http/static-files.ts'
import { isProbe, type Probes } from './probes.ts'

/** What the admin address is made of. */
export interface AdminHandlerOptions {
  readonly probes: Probes
  readonly api: AdminApi
  readonly endpoints: EndpointTable
  /** The built dashboard; `undefined`: there is none. */
  readonly files: StaticFiles | undefined
  /** The host names under which the address is reached. */
  readonly hosts: ReadonlySet<string>
}

/** Answers the admin address: probes and metrics, the API with its contract, and the dashboard. */
export function createAdminHandler(
  options: AdminHandlerOptions,
): (opening: Opening, body: RequestBodySource, reply: Reply) => void {
  const { probes, api, endpoints, files, hosts } = options
  return (opening, body, reply) => {
    const { path, host } = opening.request
    if (opening.defect !== undefined) sendProblem(reply, opening.defect, opening.id)
    else if (isProbe(path)) probes.answer(opening, reply)
    else if (!isOwnHost(host, hosts)) sendProblem(reply, foreignHost, opening.id)
    else if (path.startsWith(`${apiRoot}/`)) void api.handle(opening, body, reply)
    else if (!isRead(opening)) sendProblem(reply, wrongMethod, opening.id)
    else if (path === '/openapi.json') void sendDocument(endpoints, opening, reply)
    else sendFile(files, opening, reply)
  }
}

function isRead({ request: { method } }: Opening): boolean {
  return method === 'GET' || method === 'HEAD'
}

async function sendDocument(endpoints: EndpointTable, opening: Opening, reply: Reply): Promise<void> {
  try {
    sendAnswer(reply, 200, ['content-type', 'application/json'], await endpoints.document())
  } catch (thrown) {
    sendProblem(reply, broken(thrown), opening.id)
  }
}

function sendFile(files: StaticFiles | undefined, opening: Opening, reply: Reply): void {
  const { headers, path } = opening.request
  const plain = files?.find(path)
  const takesGzip = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(
    headers.getJoined('accept-encoding') ?? '',
  )
  const file = (takesGzip ? plain?.gzipped() : undefined) ?? plain
  if (file === undefined) sendProblem(reply, files === undefined ? noDashboard : notFound, opening.id)
  else if (headers.get('if-none-match') === file.etag) sendAnswer(reply, 304, file.headers, undefined)
  else sendAnswer(reply, 200, file.headers, file.bytes)
}

function broken(thrown: unknown): Problem {
  return defineProblem('INTERNAL_ERROR', String(thrown))
}

const wrongMethod = defineProblem('METHOD_NOT_ALLOWED', 'only GET and HEAD', {
  headers: [['allow', 'GET, HEAD']],
})
const notFound = defineProblem('NOT_FOUND', 'the admin address has no such file')
const noDashboard = defineProblem(
  'NOT_FOUND',
  'the dashboard was not built; the API is at /api/v1 and its contract at /openapi.json',
)
const foreignHost = defineProblem(
  'MISDIRECTED_REQUEST',
  'the admin address is not known under this host name; write it under admin.names',
)
