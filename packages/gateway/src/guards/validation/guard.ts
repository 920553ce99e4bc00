import { defineGuard, type Guard, type GuardInput } from '../guard.ts'
import { compileAnswerCheck } from './answer-check.ts'
import { compileParameterCheck } from './parameter-check.ts'
import { compileRequestBodyCheck } from './request-body-check.ts'
import { reportUnsanitizable } from './report-unsanitizable.ts'
import { validationSettings, type ValidationSettings } from './settings.ts'
import { wellFormedBodies } from './well-formed-bodies.ts'

/**
 * Holds requests and answers to the contract: every parameter, the media type and the body. What the contract does
 * not declare is refused. Without a contract, bodies only have to be what their media type says.
 */
export const validationGuard = defineGuard<ValidationSettings>({
  name: 'validation',
  settings: validationSettings,
  compile,
})

function compile(input: GuardInput<ValidationSettings>): Guard | undefined {
  if (input.unmatched) return undefined
  const { operation, settings, version } = input
  if (operation === undefined) return wellFormedBodies(settings)
  reportUnsanitizable(operation, (diagnostic) => input.report(diagnostic))
  const checkParameters = compileParameterCheck(operation, settings, version?.query)
  const { checkHead, onRequestBody, onRequestItems } = compileRequestBodyCheck(operation, settings)
  return {
    onRequest: (exchange) => checkParameters(exchange) ?? checkHead(exchange),
    ...(onRequestBody === undefined ? {} : { onRequestBody }),
    ...(onRequestItems === undefined ? {} : { onRequestItems }),
    ...compileAnswerCheck(operation, settings),
  }
}
