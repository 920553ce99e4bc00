import type { ByteString } from '../language/bytes.ts'
import { isCardNumber, isInsuranceNumber, isSocialSecurityNumber, isTaxpayerNumber } from './check-digits.ts'
import type { OperatorFactory } from './operator.ts'
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
    const finder = new RegExp(regex.regexp.source, `${regex.regexp.flags}g`)
    return {
      macro: false,
      regex,
      test(value, _scope, captures) {
        const found = findNumber(value, finder, isNumber)
        if (found !== undefined) captures?.set(0, found)
        return found !== undefined
      },
    }
  }
}

/** The first thing found that is a number; a search goes on one byte further, for digits may stand before a real number. */
function findNumber(
  value: ByteString,
  finder: RegExp,
  isNumber: (text: string) => boolean,
): ByteString | undefined {
  finder.lastIndex = 0
  for (let match = finder.exec(value); match !== null; match = finder.exec(value)) {
    if (isNumber(match[0])) return match[0] as ByteString
    // What is longer than any number is left behind whole, so that the search stays linear.
    finder.lastIndex = match[0].length > longestNumber ? finder.lastIndex : match.index + 1
  }
  return undefined
}
