import type { Diagnostic } from '@gateward/kernel'
import type { LoadedDocument } from '../1-load/loaded-document.ts'
import { grammarOf } from '../grammar/grammar.ts'
import type { ObjectName } from '../grammar/objects.ts'
import type { Found } from '../grammar/walk.ts'
import { Walker } from '../grammar/walk.ts'
import { fragmentPointer, pointerTokens, valueAt } from '../pointer/json-pointer.ts'
import { isCircular } from '../pointer/resolve.ts'
import { Report } from './report.ts'
import type { CheckContext, Rule } from './rule.ts'
import { article, checkFields } from './rules/fields.ts'
import { checkExample, checkExamples } from './rules/examples.ts'
import { checkHeaderNames } from './rules/header-names.ts'
import { checkMediaType } from './rules/media-type.ts'
import { checkMismatch } from './rules/mismatch.ts'
import { checkOpenApi } from './rules/open-api.ts'
import { checkOperation } from './rules/operation.ts'
import { checkParameter } from './rules/parameter.ts'
import { checkPathItem } from './rules/path-item.ts'
import { checkPaths } from './rules/paths.ts'
import { checkReference } from './rules/reference.ts'
import { checkResponses } from './rules/responses.ts'
import { checkSecurityRequirement } from './rules/security-requirement.ts'
import { checkSecurityScheme } from './rules/security-scheme.ts'
import { checkServer } from './rules/server.ts'

const rules: Readonly<Partial<Record<ObjectName, Rule>>> = {
  OpenAPI: checkOpenApi,
  Paths: checkPaths,
  PathItem: checkPathItem,
  Operation: checkOperation,
  Parameter: checkParameter,
  Responses: checkResponses,
  Response: checkHeaderNames,
  Header: checkExamples,
  Example: checkExample,
  MediaType: checkMediaType,
  SecurityScheme: checkSecurityScheme,
  SecurityRequirement: checkSecurityRequirement,
  Server: checkServer,
}

/** What the schema compiler checks itself. */
const schemaParts: ReadonlySet<ObjectName> = new Set(['Schema', 'Discriminator', 'XML'])

/**
 * Checks the structure of a document against the specification. What changes the meaning is an error; what is
 * ignored is a warning. Schemas are left to the schema compiler.
 */
export function checkDocument(document: LoadedDocument): readonly Diagnostic[] {
  const report = new Report(document)
  new Checker(document, report).run()
  return report.finish()
}

class Checker {
  readonly #context: CheckContext
  readonly #walker: Walker
  readonly #pending: { readonly pointer: string; readonly type: ObjectName }[] = []

  constructor(document: LoadedDocument, report: Report) {
    this.#context = { document, report, operationIds: new Map() }
    this.#walker = new Walker(grammarOf(document.dialect), {
      object: (found) => this.#check(found),
      reference: (found, reference) => this.#follow(found, reference),
      mismatch: (value, shape, pointer, owner) => {
        const isSchema = shape.kind === 'object' && shape.name === 'Schema'
        // Those of the components need not be used anywhere, and then nobody else looks at them.
        const ofSchemas = schemaParts.has(owner) || (isSchema && owner !== 'Components')
        if (!ofSchemas) checkMismatch(value, shape, pointer, this.#context)
      },
    })
  }

  run(): void {
    const { root } = this.#context.document
    this.#walker.walk(root, 'OpenAPI', '')
    for (let next = this.#pending.pop(); next !== undefined; next = this.#pending.pop()) {
      this.#walker.walk(valueAt(root, pointerTokens(next.pointer) ?? []), next.type, next.pointer)
    }
  }

  #check(found: Found): void {
    if (schemaParts.has(found.type.name)) return
    checkFields(found, this.#context)
    rules[found.type.name]?.(found, this.#context)
  }

  #follow(found: Found, reference: string): void {
    const { name } = found.type
    if (name !== 'Schema') checkReference(found, this.#context)
    const pointer = reference.startsWith('#') ? fragmentPointer(reference.slice(1)) : undefined
    if (pointer === undefined) return
    if (isCircular(this.#context.document.root, pointer)) {
      this.#context.report.error(found.pointer, {
        code: 'circular-reference',
        message: `"${reference}" leads to references only, never to ${article(name)}`,
        fix: 'let one of the references be the thing itself',
      })
      return
    }
    this.#pending.push({ pointer, type: name })
  }
}
