import { DiagnosticError } from '@gateward/kernel'
import { loadContract, type Operation } from '@gateward/openapi'
import type { Guard, GuardServices } from '../../guards/guard.ts'
import { validationGuard } from '../../guards/validation/guard.ts'
import { validationSettings } from '../../guards/validation/settings.ts'
import { PathTrie } from '../../site/path-trie.ts'
import { readTemplate } from '../../site/path-template.ts'
import { adminOperations } from '../contract.ts'
import { apiRoot, endpoints, type EndpointId } from '../contract/endpoints.ts'
import type { AdminOperation } from '../contract/operation.ts'
import { adminDocumentInSlices, adminRequestDocument, endpointOf } from '../document.ts'

/** One operation of the contract. */
export interface Endpoint {
  readonly id: EndpointId
  readonly definition: AdminOperation
  /** What holds a request to the contract; compiled when it is first asked for. */
  readonly checks: () => Promise<EndpointChecks>
}

/** One operation, compiled from the contract as an API behind the gate would be. */
interface EndpointChecks {
  readonly operation: Operation
  /** The gateway's own validation guard. */
  readonly guard: Guard
}

/** Finds the operation of a request. */
export interface EndpointTable {
  /** The contract as JSON; made when it is first asked for. */
  readonly document: () => Promise<Buffer>
  /** `undefined`: there is no such path. An empty `endpoint`: the path has other methods, `allowed`. */
  find(method: string, path: string): FoundEndpoint | undefined
}

interface FoundEndpoint {
  readonly endpoint: Endpoint | undefined
  readonly allowed: readonly string[]
  readonly pathParameters: readonly string[]
}

/**
 * The operations of the admin API. Each is compiled, with the same compiler and the same guard as every other API's, when
 * somebody who may call it first does: all of them at once would hold up the requests at the gate for half a second.
 */
export function createEndpointTable(version: string, services: () => GuardServices): EndpointTable {
  const paths = new PathTrie<Map<string, Endpoint>>()
  for (const id of Object.keys(endpoints) as EndpointId[]) {
    const { method, path } = endpointOf(id)
    const reading = readTemplate(apiRoot + path)
    if (reading.kind === 'mistake') throw new Error(`${path} ${reading.message}`)
    const checks = once(() => compileChecks(version, id, services()))
    paths
      .enter(reading.segments, () => new Map())
      .set(method, { id, definition: adminOperations[id], checks })
  }
  return {
    document: once(async () => Buffer.from(JSON.stringify(await adminDocumentInSlices(version)))),
    find(method, path) {
      const pathParameters: string[] = []
      const methods = paths.find(path, 0, pathParameters)
      if (methods === undefined) return undefined
      const endpoint = methods.get(method === 'HEAD' ? 'GET' : method)
      return { endpoint, allowed: [...methods.keys()], pathParameters }
    },
  }
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined
  return () => (made ??= make())
}

async function compileChecks(
  version: string,
  id: EndpointId,
  services: GuardServices,
): Promise<EndpointChecks> {
  const text = JSON.stringify(adminRequestDocument(version, id))
  const { contract, diagnostics } = await loadContract({ text, file: 'admin.openapi.json' })
  const operation = contract?.operations[0]
  if (contract === undefined || operation === undefined) throw new DiagnosticError(diagnostics)
  const guard = validationGuard.compile({
    settings: validationSettings.parse({ showPointers: true, answers: 'off' }),
    api: '(admin)',
    family: '(admin)',
    operation,
    unmatched: false,
    securitySchemes: contract.securitySchemes,
    services,
    report: (diagnostic) => {
      throw new DiagnosticError([diagnostic])
    },
  })
  if (guard === undefined) throw new Error(`nothing checks ${id}`)
  return { operation, guard }
}
