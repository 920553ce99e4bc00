import type { BodySchema, TransformPart } from '@gateward/openapi'
import type { WholeBody } from '../exchange/whole-body.ts'
import { transformForm } from './classified-form.ts'
import { transformJson } from './classified-json.ts'
import type { ClassifiedOutcome } from './classified-outcome.ts'

/**
 * Transforms the classified parts of a body by its format: JSON, JSON lines, or a form.
 *
 * @param change whether the body becomes what the parts became; else they are only looked at
 */
export function transformBody(
  body: WholeBody,
  schema: BodySchema,
  change: boolean,
  transform: TransformPart,
): ClassifiedOutcome {
  const isForm = schema.format === 'form' || schema.format === 'multipart'
  // A form in an answer is not read, and what is not JSON is refused below.
  return isForm && schema.readForm !== undefined
    ? transformForm(body, schema, change, transform)
    : transformJson(body, schema, change, transform)
}
