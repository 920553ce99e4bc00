import type { ByteString } from '../../language/bytes.ts'
import type { Detection } from '../detection.ts'
import { detectionAt } from '../detection.ts'
import { firstMatch } from '../first-match.ts'

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

/** Literals of text that are multiplied, joined or handed to what FreeMarker has built in: `'a'*5`, `'a'~'b'`, `"a"?upper_case`. */
const literals =
  /^[\s=(-]{0,9}(?:(?:'[^'{}]{0,40}'|"[^"{}]{0,40}")\s{0,9}(?:\*\s{0,9}\d|%\s{0,9}[\d('"]|[~+]\s{0,9}['"])|(?:'[^'{}]{0,40}'|"[^"{}]{0,40}"|\d[\d.]{0,9})\s{0,9}\)?\?[a-z]\w{0,20})/

/** What stands in a block before the expression that it computes: `{% set x = 7*7 %}`, `{%- if 7*7 == 49 -%}`. */
const blockHead =
  /^[-+~\s]{0,9}(?:(?:set|let|assign)\s{1,9}\w{1,40}\s{0,9}=|(?:if|elif|elsif|unless|print|do|echo)\b)/

// A date and an identifier in braces (RFC 9562) compute nothing.
const noArithmetic =
  /^[\s'"]{0,4}(?:(?:19|20)\d\d-\d\d-\d\d|\d{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12})/i

// What a template has no other use for than to leave it.
const ways =
  // oxlint-disable-next-line no-control-regex -- a command in backticks has none
  /__\w{1,40}__|\.class\.(?:protectionDomain|classLoader|forName|methods|module|getResource)\b|^\s{0,9}\.(?:data_model|version|globals|main|namespace|vars|(?:current_|main_)?template_name)\b|^[-!\s]{0,9}(?:import|from)\s{1,9}(?:os|sys|subprocess|socket|pty|commands|builtins)\b|^[-\s]{0,9}(?:load\s{1,9}log\b|(?:include|extends|import|source)\s{1,9}['"]\/)|^\s{0,9}::\w|\b(?:constructor|prototype|__proto__|getClass|forName|getRuntime|ProcessBuilder|ScriptEngine|newInstance|getDeclared\w{1,20}|popen|subprocess|mainModule|child_process|lipsum|cycler|joiner|_self|registerUndefinedFilterCallback|getFilter|freemarker|execute\s{0,4}\(|Execute|ObjectConstructor|JythonRuntime|classLoader|ClassLoader|memberAccess|allowStaticMethodAccess|ognl|xwork|phpversion|passthru|shell_exec|file_get_contents|file_put_contents|globals|get_flashed_messages|url_for|application\.__|request\.(?:application|environ|args|cookies|headers|values|form|META|getSession|getServletContext|getAttribute|server)|session\.(?:__|items)|config\.(?:items|from_object|__|SECRET)|self\.(?:_|template)|dump\(|(?<!-)debug\s{0,4}(?:\}|%)|settings\.SECRET_KEY|process\.(?:env|exit|mainModule|binding)|global\.(?:process|require)|require\s{0,9}\(|import\s{0,9}\(|eval\s{0,9}\(|exec\s{0,9}\(|system\s{0,9}\(|spawn\s{0,9}\(|alert\s{0,9}\(|prompt\s{0,9}\(|confirm\s{0,9}\(|open\s{0,9}\(|File\.(?:open|read|new)|Dir\.|IO\.(?:popen|read)|Kernel\.|Process\.|java\.(?:lang|util|io|net)|javax\.|T\s{0,9}\(|new\s{1,9}(?:java|javax|freemarker|org)\b|#(?:rt|cmd|context|_memberAccess|request|response|parameters)\b|@java\.|include\s{0,9}\(|source\s{0,9}\(|range\s{0,9}\(\s{0,9}\d|fetch\s{0,9}\(|readFile|mro\b|subclasses\b|attr\s{0,9}\(\s{0,9}['"]|storages\.0\.signer|app\.request\.|constant\s{0,9}\(\s{0,9}['"]|attribute\s{0,9}\(\s{0,9}\w{1,30}\s{0,9},|handler\.(?:settings|application|request)\b|pageContext\b|applicationScope\b|sessionScope\b|requestScope\b|initParam\b|facesContext\b|servletContext\b)|\?(?:new|eval|api|interpret)\b|%x[\s({[|'"]|`[^`\0-\x08\x0e-\x1f]{1,100}`|\|\s{0,9}attr\s{0,9}\(|\|\s{0,9}(?:system|exec|passthru|shell_exec)\s{0,9}(?:\}|\|)|\|\s{0,9}(?:map|filter|sort|reduce|system|exec|passthru)\b\s{0,9}\(\s{0,9}['"]|\bconfig\s{0,9}\}\}|\bself\s{0,9}\}\}|\brequest\s{0,9}\}\}/

// Lookups of Log4j, and the spellings that hide one.
const lookup =
  /^\s{0,9}(?:jndi|[a-z]{0,5}:?:?-|(?:lower|upper|env|sys|java|main|ctx|date|base64(?:de|en)coder|base64|bundle|script|dns|url(?:de|en)coder|url|localhost|docker|k8s|spring|web|marker|sd|log4j|event|map|:)\s{0,9}:)|^[^}$]{0,60}\$\{(?:[^}${]{0,40}:|::-)/i

function isTelling(expression: string, delimiter: string): boolean {
  const computed = delimiter === '{%' ? expression.replace(blockHead, '') : expression
  if (arithmetic.test(computed))
    return !noArithmetic.test(computed) && !(delimiter === '{' && range.test(computed))
  if (delimiter.length > 1 && literals.test(computed)) return true
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
  /\{(?:math\s{1,9}equation|function\s{1,9}name|eval\s{1,9}var)\s{0,9}=|\{(?:var_dump|print_r|phpinfo|shell_exec)\s{0,9}\(|\{include\s{1,9}(?:file\s{0,9}=\s{0,9})?['"]?(?:string|eval|file|data|php):/,
  /\{php\}|\{\/php\}|\{literal\}|\{Smarty_|\{\$smarty\.|\{(?:system|exec|passthru|fetch)\s{0,9}[( ]['"]/,
  /(?<![\w.])@(?:DateTime\.(?:Utc)?Now\b|Html\.(?:Raw|Partial|Action)\s{0,9}\(|Environment\.\w)|@System\.|@\(\s{0,9}\d{1,9}\s{0,9}[-+*]\s{0,9}\d|@\{\s{0,9}(?:var|int|string)\s/,
  /#\{\s{0,9}(?:root|global|function\s{0,9}\(|session|self)\b/,
]
