import { defineProblem, type Diagnostic, type Problem, type Steps } from '@gateward/kernel'
import type { Contract, Operation, SecurityScheme } from '@gateward/openapi'
import { guardCatalog } from '../guards/catalog.ts'
import type { GuardServices } from '../guards/guard.ts'
import type { ServedVersion } from '../versions/served-version.ts'
import { allowedMethods, methodNotAllowed, optionsStep } from './allow.ts'
import { createApiMatcher, createOpenMatcher, type ApiMatcher } from './api-matcher.ts'
import { checkExtension } from './check-extension.ts'
import { assemblePlan, compileSteps } from './compile-plan.ts'
import type { GuardTable } from './guard-table.ts'
import { PathEntry } from './path-entry.ts'
import { readTemplate, type TemplateSegment } from './path-template.ts'
import type { Destination, Plan, Step } from './site.ts'

/** What the plans of one API are compiled from. */
export interface ApiInput {
  /** What it is called in events and numbers. */
  readonly name: string
  /** Its name in the configuration. */
  readonly family: string
  readonly version: ServedVersion | undefined
  /** `undefined`: any path and method is served. */
  readonly contract: Contract | undefined
  /** Canonical, without a slash at its end; empty: none. */
  readonly basePath: string
  readonly destination: Destination
  readonly table: GuardTable
  readonly services: GuardServices
  readonly report: (diagnostic: Diagnostic) => void
}

/** Compiles an API: a plan for each operation of its contract, and those for all that matches none. */
export function compileApi(input: ApiInput): Steps<ApiMatcher> {
  return new ApiCompiler(input).compile()
}

interface Path {
  readonly template: string
  readonly segments: readonly TemplateSegment[]
  readonly operations: Operation[]
}

class ApiCompiler {
  readonly #input: ApiInput
  readonly #plans: Plan[] = []

  constructor(input: ApiInput) {
    this.#input = input
  }

  *compile(): Steps<ApiMatcher> {
    const { contract, basePath } = this.#input
    if (contract === undefined) return createOpenMatcher(basePath, this.#openPlan())
    const paths: { readonly segments: readonly TemplateSegment[]; readonly entry: PathEntry }[] = []
    for (const path of this.#collectPaths(contract)) {
      paths.push({ segments: path.segments, entry: this.#compilePath(path) })
      yield
    }
    return createApiMatcher(basePath, paths, this.#notFoundPlan(), this.#plans)
  }

  /** Operations by path; paths that differ in the names of their variables alone are one. */
  #collectPaths(contract: Contract): readonly Path[] {
    const paths = new Map<string, Path>()
    for (const operation of contract.operations) {
      const { template } = operation
      const reading = readTemplate(template)
      if (reading.kind === 'mistake') {
        this.#reportAt(operation, 'path-template', `the path ${template} ${reading.message}`, reading.fix)
        continue
      }
      const { segments } = reading
      const shape = JSON.stringify(segments)
      const path = paths.get(shape)
      if (path === undefined) paths.set(shape, { template, segments, operations: [operation] })
      else path.operations.push(operation)
    }
    return [...paths.values()]
  }

  #compilePath({ template, operations }: Path): PathEntry {
    const methods = operations.map(({ method }) => method)
    const plans = new Map<string, Plan>()
    for (const operation of operations) {
      const { method } = operation
      if (plans.has(method)) {
        const message = `${method} ${template} is there twice, under other names of its variables`
        this.#reportAt(operation, 'duplicate-operation', message, 'remove one of the two')
      }
      plans.set(method, this.#operationPlan(operation, methods))
    }
    const get = plans.get('GET')
    if (get !== undefined && !plans.has('HEAD')) plans.set('HEAD', get)
    const allowed = allowedMethods(methods)
    const refusal = methodNotAllowed(template, allowed)
    const steps = this.#steps(this.#input.table, undefined, methods)
    if (!plans.has('OPTIONS')) {
      const answering = [...steps, optionsStep(guardCatalog.length, allowed)]
      plans.set('OPTIONS', this.#refusingPlan(template, answering, refusal))
    }
    return new PathEntry(plans, this.#refusingPlan(template, steps, refusal))
  }

  #operationPlan(operation: Operation, methods: readonly string[]): Plan {
    const { name, family, basePath, destination, report } = this.#input
    const mistakes = checkExtension(operation)
    mistakes.forEach(report)
    const table = mistakes.length > 0 ? this.#input.table : this.#input.table.forOperation(operation, report)
    // Guards would tell the same mistakes once more.
    const steps = mistakes.length > 0 ? [] : this.#steps(table, operation, methods)
    const template = basePath + operation.template
    const route = { api: name, family, operationId: operation.id, template, operation }
    const plan = assemblePlan(route, steps, destination, table)
    this.#plans.push(plan)
    return plan
  }

  #openPlan(): Plan {
    const { name, family, version, basePath, destination, table, services, report } = this.#input
    const template = `${basePath}/*`
    const route = { api: name, family, operationId: '(any)', template, operation: undefined }
    const place = {
      api: name,
      family,
      version,
      operation: undefined,
      unmatched: false,
      pathMethods: undefined,
    }
    const steps = compileSteps({ ...place, securitySchemes: noSchemes, table, services, report })
    return assemblePlan(route, steps, destination, table)
  }

  #notFoundPlan(): Plan {
    const steps = this.#steps(this.#input.table, undefined, undefined)
    return this.#refusingPlan(undefined, steps, defineProblem('NOT_FOUND', 'the contract has no such path'))
  }

  #refusingPlan(template: string | undefined, steps: readonly Step[], problem: Problem): Plan {
    const { name, family, basePath, table } = this.#input
    const path = template === undefined ? '(none)' : basePath + template
    const route = { api: name, family, operationId: '(none)', template: path, operation: undefined }
    return assemblePlan(route, steps, { kind: 'problem', problem }, table)
  }

  #steps(
    table: GuardTable,
    operation: Operation | undefined,
    pathMethods: readonly string[] | undefined,
  ): readonly Step[] {
    const { name, family, version, contract, services, report } = this.#input
    const place = { api: name, family, version, operation, unmatched: operation === undefined, pathMethods }
    const securitySchemes = contract?.securitySchemes ?? noSchemes
    return compileSteps({ ...place, securitySchemes, table, services, report })
  }

  #reportAt(operation: Operation, code: string, message: string, fix: string): void {
    this.#input.report({ code, severity: 'error', message, fix, position: operation.position })
  }
}

const noSchemes: ReadonlyMap<string, SecurityScheme> = new Map()
