import { setImmediate as nextTurn } from 'node:timers/promises'
import { z } from 'zod'
import { adminOperations } from './contract.ts'
import { apiRoot, endpoints, type EndpointId } from './contract/endpoints.ts'
import type { Access, AdminOperation } from './contract/operation.ts'

type JsonObject = Readonly<Record<string, unknown>>

/** The admin API's contract as an OpenAPI 3.1 document, made from the same schemas as the types. */
export function adminDocument(version: string): JsonObject {
  const ids = Object.keys(endpoints) as EndpointId[]
  return toDocument(
    version,
    ids.map((id) => [id, describe(id, adminOperations[id])] as const),
  )
}

/** The same document, made with a pause after each operation, so that requests at the gate do not wait for it. */
export async function adminDocumentInSlices(version: string): Promise<JsonObject> {
  const described: Described[] = []
  for (const id of Object.keys(endpoints) as EndpointId[]) {
    described.push([id, describe(id, adminOperations[id])])
    await nextTurn()
  }
  return toDocument(version, described)
}

/** What one operation takes: the contract with that operation alone, and without what it answers. */
export function adminRequestDocument(version: string, id: EndpointId): JsonObject {
  const { answer: _, ...taken } = adminOperations[id] as AdminOperation
  return toDocument(version, [[id, describe(id, taken)]])
}

type Described = readonly [id: EndpointId, operation: JsonObject]

function toDocument(version: string, operations: readonly Described[]): JsonObject {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const [id, operation] of operations) {
    const { method, path } = endpointOf(id)
    ;(paths[path] ??= {})[method.toLowerCase()] = operation
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Gateward admin API', version, description: introduction },
    servers: [{ url: apiRoot }],
    security: [{ session: [] }, { token: [] }],
    paths,
    components: { securitySchemes },
  }
}

/** Method and path of an operation, below the root of the API. */
export function endpointOf(id: EndpointId): { readonly method: string; readonly path: string } {
  const [method = '', path = ''] = endpoints[id].split(' ')
  return { method, path }
}

const introduction = [
  'What people and programs can see and change of a running gateway.',
  'A browser logs in and has a session cookie; it sends `X-Gateward: 1` with every request that is not a GET.',
  'A program sends a token: `Authorization: Bearer gw_admin_…`.',
  'Operations that change something take `?dryRun=true` and are written to the audit log.',
].join(' ')

const securitySchemes = {
  session: { type: 'apiKey', in: 'cookie', name: '__Host-gateward' },
  token: { type: 'http', scheme: 'bearer' },
}

function describe(id: EndpointId, operation: AdminOperation): JsonObject {
  const { summary, access, body, changes } = operation
  const parameters = [
    ...parametersOf(operation.path, 'path'),
    ...parametersOf(operation.query, 'query'),
    ...(changes === undefined ? [] : [dryRun]),
    ...(changes?.ifMatch === true ? [ifMatch] : []),
  ]
  return {
    operationId: id,
    summary,
    description: accessText(access),
    ...(access === 'public' ? { security: [] } : {}),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: toJsonSchema(body, 'input') } },
          },
        }),
    responses: responsesOf(operation),
  }
}

function accessText(access: Access): string {
  if (access === 'public') return 'Open to everybody who reaches the admin address.'
  if (access === 'session') return 'For everybody who is logged in.'
  return `For the role ${access} and those above it.`
}

const dryRun = {
  name: 'dryRun',
  in: 'query',
  description: 'Says what would be done, and does nothing.',
  schema: { type: 'boolean' },
}

const ifMatch = {
  name: 'If-Match',
  in: 'header',
  description: 'The ETag of the state that is changed; without it the request is refused with 428.',
  schema: { type: 'string', maxLength: 200 },
}

function parametersOf(schema: z.ZodObject | undefined, place: 'path' | 'query'): readonly JsonObject[] {
  return Object.entries(schema?.shape ?? {}).map(([name, value]) => {
    const { description, ...rest } = toJsonSchema(value as z.ZodType, 'input')
    const required = !(value as z.ZodType).safeParse(undefined).success
    return { name, in: place, required, description, schema: rest }
  })
}

function responsesOf({ answer, status, stream }: AdminOperation): JsonObject {
  const problem = { description: 'A problem (RFC 9457)', content: { 'application/problem+json': {} } }
  if (stream)
    return { '200': { description: 'Events', content: { 'text/event-stream': {} } }, default: problem }
  if (answer === undefined) return { '204': { description: 'Done' }, default: problem }
  const content = { 'application/json': { schema: toJsonSchema(answer, 'output') } }
  return { [status ?? 200]: { description: 'Done', content }, default: problem }
}

function toJsonSchema(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, override: withoutBounds })
  return rest
}

// `z.int()` writes the bounds of safe integers, which say nothing to a reader.
function withoutBounds({ jsonSchema }: { jsonSchema: { minimum?: number; maximum?: number } }): void {
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
}
