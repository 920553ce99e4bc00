import { DiagnosticError } from '@gateward/kernel'
import { loadContract, type Operation } from '@gateward/openapi'
import type { Guard, GuardServices } from '../../guards/guard.ts'
import { validationGuard } from '../../guards/validation/guard.ts'
import { validationSettings } from '../../guards/validation/settings.ts'
import { PathTrie } from '../../site/path-trie.ts'
import { readTemplate } from '../../site/path-template.ts'
import { adminOperations } from '../contract.ts'
import { apiRoot, type EndpointId } from '../contract/endpoints.ts'
import type { AdminOperation } from '../contract/operation.ts'
import { adminDocument } from '../document.ts'

/** One operation, compiled from the contract as an API behind the gate would be. */
export interface CompiledEndpoint {
  readonly id: EndpointId
  readonly definition: AdminOperation
  readonly operation: Operation
  /** The gateway's own validation guard. */
  readonly guard: Guard
}

/** Finds the operation of a request. */
export interface EndpointTable {
  readonly document: Buffer
  /** `undefined`: there is no such path. An empty `endpoint`: the path has other methods, `allowed`. */
  find(method: string, path: string): FoundEndpoint | undefined
}

interface FoundEndpoint {
  readonly endpoint: CompiledEndpoint | undefined
  readonly allowed: readonly string[]
  readonly pathParameters: readonly string[]
}

/** Compiles the admin API's own contract with the same compiler and the same guard as every other API's. */
export async function compileEndpoints(version: string, services: GuardServices): Promise<EndpointTable> {
  const document = JSON.stringify(adminDocument(version))
  const { contract, diagnostics } = await loadContract({ text: document, file: 'admin.openapi.json' })
  if (contract === undefined) throw new DiagnosticError(diagnostics)
  const paths = new PathTrie<Map<string, CompiledEndpoint>>()
  for (const operation of contract.operations) {
    const reading = readTemplate(apiRoot + operation.template)
    if (reading.kind === 'mistake') throw new Error(`${operation.template} ${reading.message}`)
    const methods = paths.enter(reading.segments, () => new Map())
    const id = operation.id as EndpointId
    const guard = compileGuard(operation, contract.securitySchemes, services)
    methods.set(operation.method, { id, definition: adminOperations[id], operation, guard })
  }
  return {
    document: Buffer.from(document),
    find(method, path) {
      const pathParameters: string[] = []
      const methods = paths.find(path, 0, pathParameters)
      if (methods === undefined) return undefined
      const endpoint = methods.get(method === 'HEAD' ? 'GET' : method)
      return { endpoint, allowed: [...methods.keys()], pathParameters }
    },
  }
}

function compileGuard(
  operation: Operation,
  securitySchemes: Parameters<typeof validationGuard.compile>[0]['securitySchemes'],
  services: GuardServices,
): Guard {
  const guard = validationGuard.compile({
    settings: validationSettings.parse({ showPointers: true, answers: 'off' }),
    api: '(admin)',
    operation,
    unmatched: false,
    securitySchemes,
    services,
    report: (diagnostic) => {
      throw new DiagnosticError([diagnostic])
    },
  })
  if (guard === undefined) throw new Error(`nothing checks ${operation.id}`)
  return guard
}
