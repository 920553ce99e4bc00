import type { ByteString } from '../../language/bytes.ts'
import type { Detection } from '../detection.ts'
import { detectionAt } from '../detection.ts'
import { firstMatch } from '../first-match.ts'

const patterns: readonly RegExp[] = [
  // An axis, as no prose and no other language writes it: ancestor-or-self::node().
  /\b(?:ancestor|parent|child|descendant|following|preceding|self|attribute|namespace)(?:-or-self|-sibling)?::(?:\*|@|node\(|text\(|comment\(|[A-Za-z])/,
  // A function over nodes: count(//user), name(/*[1]), substring(//a[1]/b,1,1).
  /\b(?:string-length|starts-with|ends-with|substring(?:-before|-after)?|contains|count|name|local-name|namespace-uri|translate|normalize-space|string|number|boolean|concat|sum|not)\((?!\*\)(?!\s{0,9}[=<]))\s{0,9}(?:\(\s{0,9})?(?:\/\/|\/\*|\*\s{0,9}[),[]|\.\.?\/|@\w+\s{0,9}[),]|parent::|child::|\/[A-Za-z])/,
  // A literal or predicate ended, then another query: '] | //user   "]/..  ' and //x
  /['"]?[ \t]{0,9}\][ \t]{0,9}(?:\|\s{0,9}\/|\/\/?(?:\*|@|\.\.|[a-z]+\[))/,
  /['"]\s{0,9}(?:(?:or|and)\s{1,9}(?:\/\/|\/\*|\.\.?\/)|\|\s{0,9}\/[/*])/i,
  // A test of where the query stands, or a constant: ' or .='   ' or @*='x   1 or true()
  /['"]\s{0,9}(?:or|and)\s{1,9}(?:\.{1,2}|@[\w*]{1,40}|(?:self|parent|child)::[\w*()]{1,40})\s{0,9}!?=\s{0,9}['"]/i,
  /^[\w'")\s]{0,20}(?:or|and)\s{1,9}(?:not\s{0,9}\(\s{0,9})?(?:true|false)\(\)/i,
  /\bdoc(?:-available)?\(\s{0,9}(?:concat\(\s{0,9})?["'](?:https?|file|ftp):/i,
  /^\s{0,9}(?:\/\/@?\*|\/\*\[|\.\.\/\*)(?:\[|\/|$)|\)\s{0,9}or\s{1,9}contains\(\s{0,9}\w{1,40}\s{0,9},/,
  /(?:\/\/|\/)[A-Za-z_*][\w-]{0,40}\[[^\]]{0,80}(?:=|\bposition\(\)|\blast\(\))/,
]

/** A literal ended and a call that a predicate has; filters of OData have the same calls, behind literals of their own. */
const call =
  /['"]\s{0,9}(?:or|and)\s{1,9}(?:position|last|true|false|count|name|local-name|string-length|contains|starts-with|node|text)\(/gi
const mostCalls = 64

/** Where a call stands behind a literal that the value did not open itself. */
function findCall(value: string): Detection | undefined {
  call.lastIndex = 0
  let isOpen = false
  let read = 0
  for (let count = 0; count < mostCalls; count++) {
    const found = call.exec(value)
    if (found === null) return undefined
    const quote = value.charCodeAt(found.index)
    for (; read < found.index; read++) if (value.charCodeAt(read) === quote) isOpen = !isOpen
    if (!isOpen) return detectionAt(value, found.index)
  }
  return undefined
}

// What pages report about the element that somebody clicked: one path from the root or from an element with an id, by position.
const placeOfElement =
  /^(?:\/\/\*\[@id=(?:"[\w :.-]{0,100}"|'[\w :.-]{0,100}')\]|(?=\/html))(?:\/{1,2}[a-z][a-z\d-]{0,30}(?:\[\d{1,4}\])?){0,60}$/i

// A whole path that the words before it name: "XPath //div[@class='a']/span[1] finds nothing".
const namedPath = /^[\w ,.:]{2,400}\w:? \/{1,2}[a-z*][\w-]{0,40}\[[^\]]{1,80}\]/i

/** Finds a value that changes the XPath query it is put into: another axis, a function over nodes, a predicate that ends. */
export function detectXPathInjection(value: ByteString): Detection | undefined {
  if (!/[(/:\]@=]/.test(value) || placeOfElement.test(value)) return undefined
  const found = firstMatch(value, patterns) ?? findCall(value)
  return found !== undefined && namedPath.test(value) ? undefined : found
}
