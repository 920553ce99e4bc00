import type { ByteString } from '../language/bytes.ts'
import { isCardNumber, isInsuranceNumber, isSocialSecurityNumber, isTaxpayerNumber } from './check-digits.ts'
import type { OperatorFactory } from './operator.ts'
import type { RuleRegExp } from '../regex/compile-regex.ts'
import { compileRegexArgument } from './regex-argument.ts'

/** `@verifyCC`: what the regular expression finds is the number of a payment card. */
export const verifyCreditCard = verifier(isCardNumber)

/** `@verifySSN`: what the regular expression finds is a social security number of the United States. */
export const verifySocialSecurityNumber = verifier(isSocialSecurityNumber)

/** `@verifyCPF`: what the regular expression finds is a Brazilian taxpayer number. */
export const verifyTaxpayerNumber = verifier(isTaxpayerNumber)

/** `@verifySVNR`: what the regular expression finds is an Austrian social insurance number. */
export const verifyInsuranceNumber = verifier(isInsuranceNumber)

const longestNumber = 64

function verifier(isNumber: (text: string) => boolean): OperatorFactory {
  return (argument, context) => {
    const regex = compileRegexArgument(argument, context)
    if (regex === undefined) return undefined
    return {
      macro: false,
      regex,
      test(value, _scope, captures) {
        const found = findNumber(value, regex.regexp, isNumber)
        if (found !== undefined) captures?.set(0, found)
        return found !== undefined
      },
    }
  }
}

/** The first thing found that is a number; a search goes on one byte further, for digits may stand before a real number. */
function findNumber(
  value: ByteString,
  finder: RuleRegExp,
  isNumber: (text: string) => boolean,
): ByteString | undefined {
  let match = finder.execFrom(value, 0)
  while (match !== null) {
    if (isNumber(match[0])) return match[0] as ByteString
    // What is longer than any number is left behind whole, so that the search stays linear.
    const step = match[0].length > longestNumber ? match[0].length : 1
    match = finder.execFrom(value, match.index + step)
  }
  return undefined
}
