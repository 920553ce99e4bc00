import { defineProblem } from '@gateward/kernel'
import type { BodySchema, Operation, ResponseContract, Violation } from '@gateward/openapi'
import type { AnsweredExchange } from '../../exchange/exchange.ts'
import type { WholeBody } from '../../exchange/whole-body.ts'
import { pass, type Guard, type ItemVisitor, type Verdict } from '../guard.ts'
import { BodyTypes } from './body-types.ts'
import { readBodyValue } from './read-body-value.ts'
import { schemaViolations } from './schema-violations.ts'
import type { ValidationSettings } from './settings.ts'
import { describeViolations } from './violations-problem.ts'

/** Compiles the check of an operation's answers; nothing where it is off. */
export function compileAnswerCheck(
  operation: Operation,
  settings: ValidationSettings,
): Pick<Guard, 'onResponse' | 'onResponseBody' | 'onResponseItems'> {
  if (settings.answers === 'off') return {}
  const check = new AnswerCheck(operation, settings)
  return {
    onResponse: (exchange) => check.head(exchange),
    onResponseBody: (exchange, body) => check.body(exchange, body),
    onResponseItems: (_exchange, item) => check.items(item),
  }
}

class AnswerCheck {
  readonly #operation: Operation
  readonly #settings: ValidationSettings
  readonly #types = new Map<ResponseContract, BodyTypes>()

  constructor(operation: Operation, settings: ValidationSettings) {
    this.#operation = operation
    this.#settings = settings
  }

  head({ answer }: AnsweredExchange): Verdict {
    // What the gateway itself answers is no business of the contract; 304 repeats an answer that was checked.
    if (answer.source !== 'upstream' || answer.status === 304) return pass
    const response = this.#operation.response(answer.status)
    if (response === undefined) return this.#verdict(`status ${answer.status} is not declared`)
    if (answer.body.kind === 'none' || isEmpty(answer.body)) return pass
    if (response.empty) return this.#verdict(`a body that status ${answer.status} does not declare`)
    const contentType = answer.headers.get('content-type')
    if (contentType === undefined) return this.#verdict('a body without a Content-Type')
    if (this.#typesOf(response).find(contentType) !== undefined) return pass
    return this.#verdict(`a Content-Type that status ${answer.status} does not declare`)
  }

  body({ answer }: AnsweredExchange, body: WholeBody): Verdict {
    const response = this.#operation.response(answer.status)
    if (response === undefined || body.toBytes().length === 0) return pass
    const declared = this.#typesOf(response).find(body.contentType ?? '')
    if (declared === undefined || !isChecked(declared.schema.format)) return pass
    const reading = readBodyValue(body, declared, this.#settings)
    if (reading.kind === 'refused') return this.#verdict(`body   ${reading.reason}`)
    const violations = schemaViolations(declared.schema, reading.value)
    return violations.length === 0 ? pass : this.#verdict(this.#describe(violations))
  }

  /** Tells of the first item that does not keep the contract; the others would say the same. */
  items(schema: BodySchema): ItemVisitor {
    let number = 0
    let note: string | undefined
    return {
      visit: (value) => {
        const index = number++
        const violations = note === undefined && schema.constrained ? schema.validate(value) : []
        if (violations.length === 0) return { kind: 'item', value }
        const verdict = this.#verdict(`item ${index}   ${this.#describe(violations)}`)
        if (verdict.kind === 'refuse') return verdict
        if (verdict.kind === 'pass') note = verdict.note
        return { kind: 'item', value }
      },
      note: () => note,
    }
  }

  #describe(violations: readonly Violation[]): string {
    return describeViolations(violations, this.#settings.maxViolations)
  }

  #verdict(what: string): Verdict {
    const note = `answer: ${what}`
    if (this.#settings.answers === 'report') return { kind: 'pass', note }
    return { kind: 'refuse', problem: defineProblem('RESPONSE_INVALID', note) }
  }

  #typesOf(response: ResponseContract): BodyTypes {
    let types = this.#types.get(response)
    if (types === undefined) {
      types = new BodyTypes((contentType) => response.match(contentType))
      this.#types.set(response, types)
    }
    return types
  }
}

function isEmpty(body: AnsweredExchange['answer']['body']): boolean {
  return body.kind === 'whole' && body.bytes.length === 0
}

// Forms are for requests; XML and binary answers are the service's own.
function isChecked(format: string): boolean {
  return format === 'json' || format === 'ndjson' || format === 'text'
}
