import { closest } from '@gateward/kernel'
import type { ByteString } from '../language/bytes.ts'
import type { OperatorCall } from '../language/rule.ts'
import { noMatch, unconditionalMatch } from './always.ts'
import { detectors } from './detect.ts'
import { ipMatch, ipMatchFromFile } from './ip-match.ts'
import { eq, ge, gt, le, lt } from './numbers.ts'
import type { CompiledOperator, OperatorContext, OperatorFactory } from './operator.ts'
import { pm, pmFromFile } from './phrases.ts'
import { rxOutsideText } from './rx-outside-text.ts'
import { rx, rxGlobal } from './rx.ts'
import { beginsWith, contains, containsWord, endsWith, streq, within } from './text.ts'
import { validateByteRange, validateUrlEncoding, validateUtf8Encoding } from './validate.ts'
import {
  verifyCreditCard,
  verifyInsuranceNumber,
  verifySocialSecurityNumber,
  verifyTaxpayerNumber,
} from './verify.ts'

const operators: Readonly<Record<string, OperatorFactory>> = {
  beginsWith,
  contains,
  containsWord,
  endsWith,
  eq,
  ge,
  gt,
  ipMatch,
  ipMatchF: ipMatchFromFile,
  ipMatchFromFile,
  le,
  lt,
  noMatch,
  pm,
  pmf: pmFromFile,
  pmFromFile,
  rx,
  rxGlobal,
  rxOutsideText,
  streq,
  strmatch: contains,
  unconditionalMatch,
  validateByteRange,
  validateUrlEncoding,
  validateUtf8Encoding,
  verifyCC: verifyCreditCard,
  verifyCPF: verifyTaxpayerNumber,
  verifySSN: verifySocialSecurityNumber,
  verifySVNR: verifyInsuranceNumber,
  within,
  ...detectors,
}

/** Operators of other engines that are refused, and why. */
const refused: ReadonlyMap<string, string> = new Map([
  ['fuzzyhash', 'it compares files with a library that is not part of this engine'],
  ['geolookup', 'the engine keeps no database of places'],
  ['gsblookup', 'the lists it asks are no longer published'],
  ['inspectfile', 'rules run no programs'],
  ['ipmatchfromdataset', 'lists are kept in files, which @ipMatchFromFile names'],
  ['pmfromdataset', 'lists are kept in files, which @pmFromFile names'],
  ['rbl', 'a request never waits for the name servers of others'],
  ['restpath', 'rules know no routes; @rx names parts of a path'],
  ['rsub', 'rules do not rewrite what passes'],
  ['validatedtd', 'documents are read without their external definitions'],
  ['validatehash', 'links are not signed by this engine'],
  ['validatenid', 'of the numbers of persons @verifySSN, @verifyCPF and @verifySVNR are known'],
  ['validateschema', 'documents are read without their external definitions'],
])

const byName: ReadonlyMap<string, OperatorFactory> = new Map(
  Object.entries(operators).map(([name, factory]) => [name.toLowerCase(), factory]),
)

/** The names of all operators as they are usually written. */
export const operatorNames: readonly string[] = Object.keys(operators)

/**
 * Compiles the operator of a rule. Mistakes go to `context.report`; an unknown or refused name, and an argument of which nothing
 * can be made, give undefined. The rule's `!` is the caller's: `test` answers without it.
 */
export function compileOperator(call: OperatorCall, context: OperatorContext): CompiledOperator | undefined {
  const name = call.name.toLowerCase()
  const factory = byName.get(name)
  if (factory === undefined) {
    reportName(call.name, context)
    return undefined
  }
  const matcher = factory(call.argument as ByteString, context)
  return matcher === undefined ? undefined : { name, ...matcher }
}

function reportName(name: string, context: OperatorContext): void {
  const reason = refused.get(name.toLowerCase())
  const nearest = closest(name, operatorNames)
  context.report({
    code: reason === undefined ? 'unknown-operator' : 'refused-operator',
    severity: 'error',
    message: reason === undefined ? `there is no operator @${name}` : `@${name} is refused: ${reason}`,
    fix:
      reason !== undefined
        ? 'leave the rule out'
        : nearest === undefined
          ? 'see the list of operators'
          : `did you mean @${nearest}?`,
  })
}
