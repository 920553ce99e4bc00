/** Fewest words in a row that make a sentence: no argument of a command and no name of a file has so many. */
const fewestWords = 4

/** A word, and what parts it from the next where they stand in one sentence. */
const word = /[A-Za-z\x80-\xff][A-Za-z'\x80-\xff]*([,:]? (?=[A-Za-z\x80-\xff]))?/g

/**
 * Where the words of a sentence have been read that begins in a value; -1 where the value has none. What stands behind them is
 * talked about, as in documentation, tickets and mail: the grammar that would run it breaks at a name behind a name.
 *
 * @param isPart whether a word is one of that grammar, so that no sentence goes on over it
 */
export function sentenceEnd(
  text: string,
  isPart?: (word: string) => boolean,
  fewest: number = fewestWords,
): number {
  let words = 0
  word.lastIndex = 0
  for (let found = word.exec(text); found !== null; found = word.exec(text)) {
    const [whole, space] = found
    const isBreak = isPart?.(space === undefined ? whole : whole.slice(0, -space.length)) === true
    words = isBreak ? 0 : words + 1
    if (words >= fewest) return word.lastIndex
    if (space === undefined) words = 0
  }
  return -1
}

/** Whether a place in a value stands behind a sentence. */
export function isBehindSentence(text: string, at: number): boolean {
  return at > shortestSentence && sentenceEnd(text.slice(Math.max(0, at - longestLookback), at)) !== -1
}

const shortestSentence = 9
const longestLookback = 600

/** Whether a value reads as text that people or programs write for people: sentences, or the lines of a stack of calls. */
export function isRunningText(text: string): boolean {
  return text.includes(' ') && (sentenceEnd(text) !== -1 || stackLine.test(text))
}

const stackLine = /[\r\n]\s{1,8}at [\w$.<>]{3,200}\(|[\r\n]\s{1,8}File "[^"]{1,200}", line \d/
