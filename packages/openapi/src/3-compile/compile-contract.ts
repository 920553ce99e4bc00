import type { Diagnostic, Steps } from '@gateward/kernel'
import type { LoadedDocument } from '../1-load/loaded-document.ts'
import { Report } from '../2-check/report.ts'
import type { Contract, Operation, RequestBody, ResponseContract } from '../contract.ts'
import { methodFields } from '../grammar/methods.ts'
import { isRecord } from '../pointer/is-record.ts'
import { childPointer } from '../pointer/json-pointer.ts'
import type { Resolved } from '../pointer/resolve.ts'
import { resolve } from '../pointer/resolve.ts'
import { textOf } from '../pointer/text-of.ts'
import { checkOwnServers, compileBasePath } from './base-path.ts'
import { compileContent } from './bodies/content.ts'
import { readFields } from './fields/read-fields.ts'
import { findDeclaration } from './fields/find-declaration.ts'
import { compileParameters } from './parameters/compile-parameters.ts'
import type { NamedValue } from './parameters/named-value.ts'
import { compileResponses } from './responses.ts'
import type { SchemaCompiler } from './schema/schema-compiler.ts'
import { createSchemaCompiler } from './schema/schema-compiler.ts'
import { compileSecurity, compileSecuritySchemes } from './security.ts'

/** Compiles a checked document; the mistakes that only show now come with it. */
export function* compileContract(document: LoadedDocument): Steps<{
  readonly contract: Contract
  readonly diagnostics: readonly Diagnostic[]
}> {
  const report = new Report(document)
  const schemas = createSchemaCompiler(document)
  yield
  const contract = yield* new ContractCompiler(document, schemas, report).compile()
  return { contract, diagnostics: [...report.finish(), ...schemas.diagnostics] }
}

/** One operation before it is compiled: everything is named by pointers, references followed. */
interface Found {
  readonly template: string
  readonly method: string
  readonly item: Resolved
  readonly operation: Resolved
}

class ContractCompiler {
  readonly document: LoadedDocument
  readonly schemas: SchemaCompiler
  readonly report: Report
  readonly compiled = new Map<string, NamedValue>()
  readonly responses = new Map<string, ResponseContract>()
  readonly #bodies = new Map<string, RequestBody>()
  readonly #ids = new Set<string>()
  #basePath = ''

  constructor(document: LoadedDocument, schemas: SchemaCompiler, report: Report) {
    this.document = document
    this.schemas = schemas
    this.report = report
  }

  *compile(): Steps<Contract> {
    const { root, dialect, file } = this.document
    const info = isRecord(root['info']) ? root['info'] : {}
    this.#basePath = compileBasePath(this.document, this.report)
    const operations: Operation[] = []
    for (const found of this.#findOperations()) {
      operations.push(this.#compileOperation(found))
      yield
    }
    if (operations.length === 0) {
      const message = 'the document declares no operation, so that every request is refused'
      this.report.warning('', { code: 'no-operations', message, fix: 'add "paths"' })
    }
    return {
      title: textOf(info['title'] ?? file),
      version: textOf(info['version'] ?? ''),
      dialect,
      file,
      basePath: this.#basePath,
      operations,
      securitySchemes: compileSecuritySchemes(this.document),
      declaration: (pointer) => findDeclaration(this.document, pointer),
    }
  }

  *#findOperations(): Generator<Found> {
    const { root } = this.document
    for (const template of Object.keys(isRecord(root['paths']) ? root['paths'] : {})) {
      const item = template.startsWith('x-') ? undefined : resolve(root, childPointer('/paths', template))
      if (item === undefined) continue
      checkOwnServers(item.value['servers'], item.pointer, this.#basePath, this.report)
      for (const [method, pointer] of methodsOf(item)) {
        const operation = resolve(root, pointer)
        if (operation !== undefined) yield { template, method, item, operation }
      }
    }
  }

  #compileOperation({ template, method, item, operation }: Found): Operation {
    const { value, pointer } = operation
    checkOwnServers(value['servers'], pointer, this.#basePath, this.report)
    const [extension, extensionPointer] = extensionOf(item, operation)
    return {
      id: this.#idOf(value['operationId'], `${method} ${template}`),
      method,
      template,
      security: compileSecurity(value['security']) ?? compileSecurity(this.document.root['security']),
      deprecated: value['deprecated'] === true,
      parameters: compileParameters({ template, item: item.pointer, operation: pointer }, this),
      requestBody: this.#compileRequestBody(pointer),
      fields: readFields(this.document.root, { item: item.pointer, operation: pointer }),
      ...compileResponses(pointer, this),
      extension,
      extensionPosition:
        extensionPointer === undefined ? undefined : this.document.positionOf(extensionPointer),
      position: this.document.positionOf(pointer),
    }
  }

  /** Paths that share their operations by reference share the `operationId` too: the first keeps it. */
  #idOf(operationId: unknown, place: string): string {
    const named = typeof operationId === 'string' && operationId !== '' && !this.#ids.has(operationId)
    const id = named ? operationId : place
    this.#ids.add(id)
    return id
  }

  #compileRequestBody(operation: string): RequestBody | undefined {
    const body = resolve(this.document.root, childPointer(operation, 'requestBody'))
    if (body === undefined) return undefined
    const known = this.#bodies.get(body.pointer)
    if (known !== undefined) return known
    const compiled = { required: body.value['required'] === true, ...compileContent(body, 'request', this) }
    this.#bodies.set(body.pointer, compiled)
    return compiled
  }
}

function* methodsOf({ value, pointer }: Resolved): Generator<readonly [string, string]> {
  for (const field of Object.keys(value)) {
    if (methodFields.has(field)) yield [field.toUpperCase(), childPointer(pointer, field)]
  }
  const additional = value['additionalOperations']
  for (const method of isRecord(additional) ? Object.keys(additional) : []) {
    yield [method, childPointer(childPointer(pointer, 'additionalOperations'), method)]
  }
}

/** The operation's `x-gateward` over its path's, and where the more specific of both stands. */
function extensionOf(
  item: Resolved,
  operation: Resolved,
): readonly [Readonly<Record<string, unknown>> | undefined, string | undefined] {
  const key = 'x-gateward'
  const general = isRecord(item.value[key]) ? item.value[key] : undefined
  const own = isRecord(operation.value[key]) ? operation.value[key] : undefined
  if (general === undefined && own === undefined) return [undefined, undefined]
  const owner = own === undefined ? item : operation
  return [{ ...general, ...own }, childPointer(owner.pointer, key)]
}
