import { defineProblem } from '@gateward/kernel'
import type { BodySchema, ClassifiedField, Operation, TransformPart } from '@gateward/openapi'
import { maskMark } from '../../data-classes/mask.ts'
import { transformBody } from '../../data-classes/transform-body.ts'
import type { AnsweredExchange, Exchange } from '../../exchange/exchange.ts'
import { TouchedData, type DataAction } from '../../exchange/touched-data.ts'
import type { WholeBody } from '../../exchange/whole-body.ts'
import {
  defineGuard,
  pass,
  type Guard,
  type GuardInput,
  type ItemVisitor,
  type Refusal,
  type Verdict,
} from '../guard.ts'
import { compileCiphers, type FieldCiphers } from './compile-ciphers.ts'
import { isSealed } from './field-cipher.ts'
import { reencryptSchema } from './reencrypt-declaration.ts'
import { compileParameters, type ReplaceParameters } from './replace-parameters.ts'
import { fieldEncryptionSettings, type FieldEncryptionSettings } from './settings.ts'

/**
 * Lets the service see what the contract classifies only encrypted. It stands next to the upstream: everything before it
 * sees the values as the client sent them, and as they were before the service had them.
 */
export const fieldEncryptionGuard = defineGuard<FieldEncryptionSettings>({
  name: 'field-encryption',
  settings: fieldEncryptionSettings,
  extension: {
    reencrypt: reencryptSchema.describe('How the objects that the operation lists are written back.'),
  },
  compile,
})

function compile(input: GuardInput<FieldEncryptionSettings>): Guard | undefined {
  const { unmatched, operation, settings } = input
  if (unmatched || operation === undefined) return undefined
  const ciphers = compileCiphers(input, operation)
  if (
    ![...ciphers.values()].some(({ protection, field }) => protection !== 'off' || field.index !== undefined)
  )
    return undefined
  const encryption = new OperationEncryption(operation, ciphers, settings)
  return {
    ...(encryption.replacesParameters ? { onRequest: (exchange) => encryption.parameters(exchange) } : {}),
    ...(operation.requestBody?.classified.length
      ? {
          onRequestBody: (exchange, body) => encryption.request(exchange, body),
          onRequestItems: (exchange, item) => encryption.requestItems(exchange, item),
        }
      : {}),
    ...(operation.responses.some(({ classified }) => classified.length > 0)
      ? {
          onResponseBody: (exchange, body) => encryption.answer(exchange, body),
          onResponseItems: (exchange, item) => encryption.answerItems(exchange, item),
        }
      : {}),
  }
}

class OperationEncryption {
  readonly #operation: Operation
  readonly #ciphers: FieldCiphers
  readonly #replaceParameters: ReplaceParameters | undefined
  readonly #tenantClaim: string | undefined
  readonly #isEnforced: boolean

  constructor(operation: Operation, ciphers: FieldCiphers, settings: FieldEncryptionSettings) {
    this.#operation = operation
    this.#ciphers = ciphers
    this.#replaceParameters = compileParameters(operation, ciphers)
    this.#tenantClaim = settings.tenant
    this.#isEnforced = settings.mode === 'enforce'
  }

  get replacesParameters(): boolean {
    return this.#replaceParameters !== undefined
  }

  parameters(exchange: Exchange): Verdict {
    if (!this.#isEnforced) return { kind: 'pass', note: 'would replace parameters' }
    const tenant = this.#tenantOf(exchange)
    if (tenant === undefined) return noTenant
    return this.#replaceParameters?.(exchange, tenant) === false ? sealedParameter : pass
  }

  request(exchange: Exchange, body: WholeBody): Verdict {
    const schema = this.#operation.requestBody?.match(body.contentType ?? '')
    if (schema?.classified === undefined) return pass
    const tenant = this.#tenantOf(exchange)
    if (tenant === undefined) return noTenant
    const sealing = this.#seal(exchange, tenant)
    const outcome = transformBody(body, schema, this.#isEnforced, sealing.transform)
    if (outcome.kind === 'refused')
      return { kind: 'refuse', problem: defineProblem('MALFORMED_BODY', `body   ${outcome.reason}`) }
    return sealing.refused ?? this.#told('encrypted', sealing.count)
  }

  requestItems(exchange: Exchange, { classified }: BodySchema): ItemVisitor | Refusal | undefined {
    if (classified === undefined) return undefined
    const tenant = this.#tenantOf(exchange)
    if (tenant === undefined) return noTenant
    const sealing = this.#seal(exchange, tenant)
    return {
      visit: (item) => {
        const value = classified.transform(item, sealing.transform)
        return sealing.refused ?? { kind: 'item', value }
      },
      note: () => this.#note(sealing.count, 'encrypted'),
    }
  }

  answer(exchange: AnsweredExchange, body: WholeBody): Verdict {
    const schema = this.#operation.response(exchange.answer.status)?.match(body.contentType ?? '')
    if (schema?.classified === undefined) return pass
    const tenant = this.#tenantOf(exchange)
    if (tenant === undefined) return noTenant
    const opening = this.#open(exchange, tenant)
    const outcome = transformBody(body, schema, this.#isEnforced, opening.transform)
    if (outcome.kind === 'refused')
      return { kind: 'refuse', problem: defineProblem('RESPONSE_INVALID', `the answer is ${outcome.reason}`) }
    return this.#told('decrypted', opening.count)
  }

  answerItems(exchange: AnsweredExchange, { classified }: BodySchema): ItemVisitor | Refusal | undefined {
    if (classified === undefined) return undefined
    const tenant = this.#tenantOf(exchange)
    if (tenant === undefined) return noTenant
    const opening = this.#open(exchange, tenant)
    return {
      visit: (item) => ({ kind: 'item', value: classified.transform(item, opening.transform) }),
      note: () => this.#note(opening.count, 'decrypted'),
    }
  }

  #seal(exchange: Exchange, tenant: string): Sealing {
    const sealing: Sealing = {
      count: 0,
      refused: undefined,
      transform: (part, field, owner) => {
        const cipher = this.#ciphers.get(field)
        if (cipher === undefined || part === null) return part
        sealing.refused ??= isSealed(part) ? sealedValue : isMasked(part) ? maskedValue : undefined
        if (sealing.refused !== undefined) return part
        if (field.index !== undefined && owner !== undefined) owner[field.index] = cipher.index(part, tenant)
        if (cipher.protection !== 'off') this.#touch(exchange, field, 'encrypted')
        sealing.count++
        return cipher.seal(part, tenant)
      },
    }
    return sealing
  }

  #open(exchange: AnsweredExchange, tenant: string): Opening {
    const opening: Opening = {
      count: 0,
      transform: (part, field, owner) => {
        const cipher = this.#ciphers.get(field)
        if (cipher === undefined) return part
        if (field.index !== undefined && owner !== undefined) delete owner[field.index]
        if (!isSealed(part)) return cipher.open(part, tenant)
        opening.count++
        const opened = cipher.open(part, tenant)
        this.#touch(exchange, field, 'decrypted')
        return opened
      },
    }
    return opening
  }

  // In doubt about whose data it is nothing is encrypted under a common name, and nothing opened.
  #tenantOf({ principal }: Exchange): string | undefined {
    if (this.#tenantClaim === undefined) return ''
    const claim = principal.kind === 'known' ? principal.claims[this.#tenantClaim] : undefined
    return typeof claim === 'string' && claim !== '' ? claim : undefined
  }

  // In shadow nothing is done with the values.
  #touch(exchange: Exchange, field: ClassifiedField, action: DataAction): void {
    if (this.#isEnforced) (exchange.touched ??= new TouchedData()).add(field.class, action)
  }

  #told(what: string, count: number): Verdict {
    const note = this.#note(count, what)
    return note === undefined ? pass : { kind: 'pass', note }
  }

  #note(count: number, what: string): string | undefined {
    return count === 0 ? undefined : `${this.#isEnforced ? what : `would have ${what}`} ${count} fields`
  }
}

/** The sealing of one request's fields, how many it were, and why no more of them are. */
interface Sealing {
  count: number
  refused: Refusal | undefined
  readonly transform: TransformPart
}

/** The opening of one answer's fields, and how many it were. */
interface Opening {
  count: number
  readonly transform: TransformPart
}

// A client that sends back what it was shown would overwrite the value with its mask.
function isMasked(part: unknown): boolean {
  return typeof part === 'string' && part.includes(maskMark)
}

const sealedValue: Refusal = invalid('a classified field holds an encrypted value')
const sealedParameter: Verdict = invalid('a classified parameter holds an encrypted value')
const maskedValue: Refusal = invalid('a classified field holds a mask instead of a value')

const noTenant: Refusal = {
  kind: 'refuse',
  problem: defineProblem('FORBIDDEN', 'the caller has no claim that names its tenant'),
}

function invalid(reason: string): Refusal {
  return { kind: 'refuse', problem: defineProblem('VALIDATION_ERROR', reason) }
}
