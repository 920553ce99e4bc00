import type { ByteString } from '../../language/bytes.ts'
import type { Detection } from '../detection.ts'
import { detectionAt } from '../detection.ts'
import { firstMatch } from '../first-match.ts'
import { ways } from './ways.ts'

/** The delimiters of template languages, each with what closes it. */
const opening =
  /\{\{|\{%|\$\{|#\{|<%|\*\{|~\{|%\{|@\{|@\(|\{(?=[\d(]|['"](?!\w{0,40}['"]\s{0,9}:)|php\}|system\(|exec\()/g
const longestExpression = 400

/**
 * Finds an expression of a template language whose value nobody asked for: arithmetic on literals, a way to classes,
 * to the environment or to commands. A name to be filled in, as in `Hello {{name}}`, is none.
 */
export function detectTemplateExpression(value: ByteString): Detection | undefined {
  if (!/[{}[(%#@]/.test(value)) return undefined
  opening.lastIndex = 0
  for (let found = opening.exec(value); found !== null; found = opening.exec(value)) {
    const start = found.index + found[0].length
    // The same delimiter again begins an expression of its own, so that no byte is read more often than there are delimiters.
    const ahead = value.slice(start, start + longestExpression)
    const next = ahead.indexOf(found[0])
    const expression = next === -1 ? ahead : ahead.slice(0, next)
    if (found[0] === '${' && lookup.test(ahead) && !isSetting(value, ahead))
      return detectionAt(value, found.index)
    if (isTelling(expression, found[0])) return detectionAt(value, found.index)
  }
  return firstMatch(value, directives)
}

const arithmetic =
  /^[\s=\-"'(]{0,9}(?:\d{1,15}|'\d{1,9}'|"\d{1,9}")[\s)]{0,9}(?:\*{1,2}|[-+/%])[\s(-]{0,9}(?:\d{1,15}|'\d{1,9}'|"\d{1,9}")\s{0,9}(?:\)|\.|\||[-+*/]\s{0,9}\d|-?%?\}|%>|\]|=?"|[=!<>]=|$)/

/** A number that a filter computes from, and text that a function of Go is given: `{{7|add:7}}`, `{{print "a" "b"}}`. */
const ofLiterals =
  /^[\s-]{0,9}\d{1,15}\s{0,3}\|\s{0,3}(?:add|plus|times|minus|multiply|mod|pow)\w{0,8}\s{0,3}[:(]\s{0,3}['"-]?\d|^[\s-]{0,9}(?:print(?:f|ln)?|html|js|urlquery|len)(?:\s{1,3}(?:"[^"{}]{0,40}"|\d{1,9})){1,4}[\s-]{0,9}\}/

/** Literals of text that are multiplied, joined or handed to what FreeMarker has built in: `'a'*5`, `'a'~'b'`, `"a"?upper_case`. */
const literals =
  /^[\s=(-]{0,9}(?:(?:'[^'{}]{0,40}'|"[^"{}]{0,40}")\s{0,9}(?:\*\s{0,9}\d|%\s{0,9}[\d('"]|[~+]\s{0,9}['"])|(?:'[^'{}]{0,40}'|"[^"{}]{0,40}"|\d[\d.]{0,9})\s{0,9}\)?\?[a-z]\w{0,20})/

/** What stands in a block before the expression that it computes: `{% set x = 7*7 %}`, `{%- if 7*7 == 49 -%}`. */
const blockHead =
  /^[-+~\s]{0,9}(?:(?:set|let|assign)\s{1,9}\w{1,40}\s{0,9}=|(?:if|elif|elsif|unless|print|do|echo)\b)/

// A date and an identifier in braces (RFC 9562) compute nothing.
const noArithmetic =
  /^[\s'"]{0,4}(?:(?:19|20)\d\d-\d\d-\d\d|\d{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12})/i

// Lookups of Log4j, and the spellings that hide one.
const lookup =
  /^\s{0,9}(?:jndi|[a-z]{0,5}:?:?-|(?:lower|upper|env|sys|java|main|ctx|date|base64(?:de|en)coder|base64|bundle|script|dns|url(?:de|en)coder|url|localhost|docker|k8s|spring|web|marker|sd|log4j|event|map|:)\s{0,9}:)|^[^}$]{0,60}\$\{(?:[^}${]{0,40}:|::-)/i

function isTelling(expression: string, delimiter: string): boolean {
  const computed = delimiter === '{%' ? expression.replace(blockHead, '') : expression
  if (arithmetic.test(computed))
    return !noArithmetic.test(computed) && !(delimiter === '{' && range.test(computed))
  if (delimiter.length > 1 && (literals.test(computed) || ofLiterals.test(computed))) return true
  if ((delimiter === '{{' || delimiter === '#{') && method.test(expression)) return true
  const close = expression.search(closings[delimiter] ?? /\}/)
  // Noise has these signs too, and what was written to be run is closed.
  if (close === -1 && mustClose.has(delimiter) && !/^[=@!-]/.test(expression)) return false
  return ways.test(close === -1 ? expression : expression.slice(0, close + 2))
}

const mustClose: ReadonlySet<string> = new Set(['<%', '{%', '{'])

// The lines of a piece of code that are to be shown: {12-18}
const range = /^\d{1,4}-\d{1,4}[,}]/

/** A variable of the environment, as files of settings name what they are given, which have more lines than one. */
function isSetting(value: string, ahead: string): boolean {
  return variable.test(ahead) && value.includes('\n')
}

const variable = /^env:[A-Z][A-Z\d_]{1,60}\}(?![\w${:])/

/** A method called on a literal or on what a name stands for. */
const method =
  /^\s{0,9}(?:['"][^'"{}]{0,40}['"]|[a-z]\w{0,40}(?:\.\w{1,40}){0,4})\s{0,9}\.\s{0,9}[a-z]\w{1,40}\s{0,9}\(/i

const closings: Readonly<Record<string, RegExp>> = { '{{': /\}\}/, '{%': /%\}/, '<%': /%>/, '@(': /\)/ }

const directives: readonly RegExp[] = [
  // Delimiters of several languages in one another, by which a scanner sees which of them breaks; Thymeleaf between brackets.
  /\$\{\{<%|\{\{?<%\[|\[[[(]\s{0,9}(?:\$\{\s{0,9})?\d{1,9}\s{0,9}\*\s{0,9}\d{1,9}\s{0,9}\}?[\])]/,
  // Macros that a server of files runs, and tags that run what is between them: {.exec|cmd.}   {if-A:…}   {tag:field runphp='yes'}
  /\{\.\s{0,9}(?:exec|cookie|load|save|append|delete|rename|copy|mkdir|add to log|break|set|inc|force ansi|dequote|chop|from table)\b\s{0,9}\||\brunphp\s{0,9}=/i,
  // Velocity, FreeMarker, Smarty, Razor, Pug.
  /#set\s{0,9}\(\s{0,9}\$|#(?:include|parse|evaluate)\s{0,9}\(\s{0,9}["'$]|\$class\.inspect|\$\w{1,40}\.(?:getClass|class\.inspect|class\.forName|get(?:ServletContext|Session|Request|Response|ClassLoader)\()|#foreach\s{0,9}\(\s{0,9}\$|#macro\s{0,9}\(\s{0,9}\w{1,40}\s{1,9}\$/,
  /\[#(?:assign|import|include|list)\s|<#(?:assign|import|include|list|function|macro)\b|<@(?:freemarker|include)|\$\{[^}$]{0,80}\?(?:new|eval)\b|["'\w)]\?new\s{0,9}\(/,
  /\{(?:math\s{1,9}equation|function\s{1,9}name|eval\s{1,9}var)\s{0,9}=|\{(?:fetch|include|config_load)\s{1,9}file\s{0,9}=\s{0,9}['"]?(?:\/|\.\.\/|[a-z]{3,8}:\/\/)|\{(?:var_dump|print_r|phpinfo|shell_exec)\s{0,9}\(|\{include\s{1,9}(?:file\s{0,9}=\s{0,9})?['"]?(?:string|eval|file|data|php):/,
  // Dust and patTemplate.
  /\{@(?:math\s{1,9}key|if\s{1,9}cond)\s{0,9}=|<patTemplate:\w/i,
  /\{php\}|\{\/php\}|\{literal\}|\{Smarty_|\{\$smarty\.|\{(?:system|exec|passthru|fetch)\s{0,9}[( ]['"]/,
  /(?<![\w.])@(?:DateTime\.(?:Utc)?Now\b|Html\.(?:Raw|Partial|Action)\s{0,9}\(|Environment\.\w)|@System\.|@\(\s{0,9}\d{1,9}\s{0,9}[-+*]\s{0,9}\d|@\{\s{0,9}(?:var|int|string)\s/,
  /#\{\s{0,9}(?:root|global|function\s{0,9}\(|session|self)\b/,
]
