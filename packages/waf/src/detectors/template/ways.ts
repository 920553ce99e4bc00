/** Names and calls by which an expression leaves its template: of objects, modules, the environment, the host. */
const names = [
  String.raw`constructor|prototype|__proto__|getClass|forName|getRuntime|ProcessBuilder|ScriptEngine|newInstance`,
  String.raw`getDeclared\w{1,20}|popen|subprocess|mainModule|child_process|lipsum|cycler|joiner|_self`,
  String.raw`registerUndefinedFilterCallback|getFilter|freemarker|execute\s{0,4}\(|Execute|ObjectConstructor`,
  String.raw`JythonRuntime|classLoader|ClassLoader|memberAccess|allowStaticMethodAccess|ognl|xwork|phpversion`,
  String.raw`passthru|shell_exec|file_get_contents|file_put_contents|globals|get_flashed_messages|url_for`,
  String.raw`application\.__`,
  String.raw`request\.(?:application|environ|args|cookies|headers|values|form|META|getSession|getServletContext|getAttribute|server)`,
  String.raw`session\.(?:__|items)|config\.(?:items|from_object|__|SECRET)|self\.(?:_|template)|dump\(`,
  String.raw`(?<!-)debug\s{0,4}(?:\}|%)|settings\.SECRET_KEY|process\.(?:env|exit|mainModule|binding)`,
  String.raw`global\.(?:process|require)|require\s{0,9}\(|import\s{0,9}\(|eval\s{0,9}\(|exec\s{0,9}\(`,
  String.raw`system\s{0,9}\(|spawn\s{0,9}\(|alert\s{0,9}\(|prompt\s{0,9}\(|confirm\s{0,9}\(|open\s{0,9}\(`,
  String.raw`File\.(?:open|read|new)|Dir\.|IO\.(?:popen|read)|Kernel\.|Process\.|java\.(?:lang|util|io|net)`,
  String.raw`javax\.|T\s{0,9}\(|new\s{1,9}(?:java|javax|freemarker|org)\b`,
  String.raw`#(?:rt|cmd|context|_memberAccess|request|response|parameters)\b|@java\.|include\s{0,9}\(`,
  String.raw`source\s{0,9}\(|range\s{0,9}\(\s{0,9}\d|fetch\s{0,9}\(|readFile|mro\b|subclasses\b`,
  String.raw`attr\s{0,9}\(\s{0,9}['"]|storages\.0\.signer|app\.request\.|constant\s{0,9}\(\s{0,9}['"]`,
  String.raw`attribute\s{0,9}\(\s{0,9}\w{1,30}\s{0,9},|handler\.(?:settings|application|request)\b|pageContext\b`,
  String.raw`applicationScope\b|sessionScope\b|requestScope\b|initParam\b|facesContext\b|servletContext\b`,
].join('|')

/** Signs of the same, which no word begins: dunders, what FreeMarker has built in, filters that call, modules that are imported. */
const marks = [
  String.raw`__\w{1,40}__|\.class\.(?:protectionDomain|classLoader|forName|methods|module|getResource)\b`,
  String.raw`^\s{0,9}\.(?:data_model|version|globals|main|namespace|vars|(?:current_|main_)?template_name)\b`,
  String.raw`^[-!\s]{0,9}(?:import|from)\s{1,9}(?:os|sys|subprocess|socket|pty|commands|builtins)\b`,
  String.raw`^[-\s]{0,9}(?:load\s{1,9}log\b|(?:include|extends|import|source)\s{1,9}['"]\/)|^\s{0,9}::\w`,
  String.raw`\?(?:new|eval|api|interpret)\b|%x[\s({[|'"]|\x60[^\x60\0-\x08\x0e-\x1f]{1,100}\x60|\|\s{0,9}attr\s{0,9}\(`,
  String.raw`\|\s{0,9}(?:system|exec|passthru|shell_exec)\s{0,9}(?:\}|\|)`,
  String.raw`\|\s{0,9}(?:map|filter|sort|reduce|system|exec|passthru)\b\s{0,9}\(\s{0,9}['"]|\bconfig\s{0,9}\}\}`,
  String.raw`\bself\s{0,9}\}\}|\brequest\s{0,9}\}\}`,
].join('|')

/** What a template has no other use for than to leave it. */
export const ways = new RegExp(`\\b(?:${names})|${marks}`)
