import { AddressSet } from './address-set.ts'
import { parsePrefix } from './address.ts'
import { readDataLines } from './data-file.ts'
import type { Matcher, OperatorContext, OperatorFactory } from './operator.ts'

/** `@ipMatch`: the value is one of the addresses, or in one of the prefixes, between commas. */
export const ipMatch: OperatorFactory = (argument, context) => addressMatcher(argument.split(','), context)

/** `@ipMatchFromFile`: as `@ipMatch`, with an address or prefix a line. */
export const ipMatchFromFile: OperatorFactory = (argument, context) => {
  const lines = readDataLines(argument, context)
  return lines === undefined ? undefined : addressMatcher(lines, context)
}

function addressMatcher(texts: readonly string[], context: OperatorContext): Matcher {
  const ranges = texts.flatMap((text) => {
    const range = parsePrefix(text.trim())
    if (range === undefined) reportAddress(text.trim(), context)
    return range ?? []
  })
  const addresses = new AddressSet(ranges)
  return { macro: false, test: (value) => addresses.has(value) }
}

function reportAddress(text: string, context: OperatorContext): void {
  context.report({
    code: 'operator-argument',
    severity: 'error',
    message: `"${text}" is no IP address and no prefix of one`,
    fix: 'write an address such as 192.0.2.1, or a prefix such as 192.0.2.0/24 or 2001:db8::/32',
  })
}
