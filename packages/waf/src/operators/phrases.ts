import type { ByteString } from '../language/bytes.ts'
import { once } from '../regex/once.ts'
import { readDataLines } from './data-file.ts'
import type { Matcher, OperatorContext, OperatorFactory } from './operator.ts'
import { PhraseAutomaton } from './phrase-automaton.ts'

const longestPhrase = 4096
const allPhrasesBytes = 1 << 22

/** `@pm`: any of the phrases between spaces is in the value, in any letter case; `|0d 0a|` writes bytes. */
export const pm: OperatorFactory = (argument, context) => phraseMatcher(phrasesIn(argument), context)

/** `@pmFromFile`: as `@pm`, with a phrase a line from each of the files; empty lines and those that begin with `#` are none. */
export const pmFromFile: OperatorFactory = (argument, context) => {
  const lines = readDataLines(argument, context)
  return lines === undefined ? undefined : phraseMatcher(lines, context)
}

function phraseMatcher(phrases: readonly string[], context: OperatorContext): Matcher | undefined {
  const bytes = phrases.reduce((sum, phrase) => sum + phrase.length, 0)
  const isTooLong = phrases.some((phrase) => phrase.length > longestPhrase)
  if (bytes === 0 || bytes > allPhrasesBytes || isTooLong) {
    context.report({
      code: 'operator-argument',
      severity: 'error',
      message: bytes === 0 ? 'there is no phrase to look for' : 'there are too many or too long phrases',
      fix: `write 1 byte to ${allPhrasesBytes} bytes of phrases, each of at most ${longestPhrase} bytes`,
    })
    return undefined
  }
  const automaton = once(() => new PhraseAutomaton(phrases as readonly ByteString[]))
  return {
    macro: false,
    phrases: phrases.filter(Boolean),
    test(value, _scope, captures) {
      const match = automaton().find(value)
      if (match === undefined) return false
      captures?.set(0, value.slice(match.start, match.end) as ByteString)
      return true
    },
  }
}

/** The phrases of an argument: what parts them are its own spaces, not those that a phrase has as bytes. */
function phrasesIn(argument: string): readonly string[] {
  return argument
    .replace(writtenBytes, (bytes) => bytes.replaceAll(' ', ''))
    .split(/\s+/)
    .map((phrase) => phrase.replace(writtenBytes, bytesOfDigits))
}

const writtenBytes = /\|(?:[0-9A-Fa-f]{2} ?)+\|/g

function bytesOfDigits(written: string): string {
  return Buffer.from(written.slice(1, -1), 'hex').toString('latin1')
}
