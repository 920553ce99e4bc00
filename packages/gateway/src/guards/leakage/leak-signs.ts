/** What an answer can show of a service's inside; the names are those of the settings. */
export type LeakKind = 'stackTraces' | 'sqlErrors' | 'privateKeys' | 'secrets' | 'paths' | 'addresses'

/** How one kind of leak is recognised. */
export interface LeakSign {
  readonly kind: LeakKind
  /** Texts of which at least one stands in every match, so that most answers are never matched at all. */
  readonly anchors: readonly string[]
  readonly pattern: RegExp
}

const digits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
const sqlExceptions = [
  'Syntax',
  'Integrity',
  'Timeout',
  'Grammar',
  'Recoverable',
  'Transient',
  'NonTransient',
  'Data',
  'Feature',
]
const windowsFolders = [
  'Users',
  'Windows',
  'inetpub',
  'Program',
  'Project',
  'src',
  'dev',
  'work',
  'app',
  'www',
  'build',
]

// Bodies are looked at as they are sent: in JSON a line feed is written \n, a quote \", a slash perhaps \/.
// Every pattern begins with a literal or a bounded class, and no repeat holds another that could take the same text, so that time is linear.

const stackTraces: readonly LeakSign[] = [
  sign(
    'stackTraces',
    ['.js:', '.ts:', '.mjs:', '.cjs:', '.mts:', '.jsx:', '.tsx:'],
    /(?:^|\n|\\n|[">]|&nbsp;)[ \t]{0,20}at (?:[^\n"<>\\]|\\\/|<anonymous>){1,300}?\.[cm]?[jt]sx?:\d{1,7}:\d{1,7}/,
  ),
  sign('stackTraces', ['node:internal'], /\(?node:internal(?:[\w/]|\\\/){1,100}:\d{1,7}:\d{1,7}/),
  sign(
    'stackTraces',
    ['.java:', '.kt:', '.scala:', '.groovy:', '(Native Method)', '(Unknown Source)'],
    /(?:\\t|\b)at [\w$.<>/]{3,300}\((?:[\w$-]{1,100}\.(?:java|kt|scala|groovy):\d{1,7}|Native Method|Unknown Source)\)/,
  ),
  sign('stackTraces', ['in thread "', 'in thread \\"'], /Exception in thread \\?"/),
  sign('stackTraces', ['Traceback (most'], /Traceback \(most recent call last\)/),
  sign('stackTraces', ['.py"', '.py\\"'], /File \\?"(?:[^"\n\\]|\\\/){1,300}\.py\\?", line \d/),
  sign('stackTraces', ['.cs:line', '.vb:line', '.fs:line'], /\.(?:cs|vb|fs):line \d/),
  sign('stackTraces', ['inner exception stack'], /--- End of inner exception stack trace ---/),
  sign(
    'stackTraces',
    [' at System.', ' at Microsoft.'],
    /(?:\n|\\n|\\r)[ ]{1,8}at (?:System|Microsoft)\.[\w.`<>+]{1,300}\(/,
  ),
  sign('stackTraces', ['.php('], /#\d{1,3} [^\s"]{1,300}\.php\(\d{1,7}\)/),
  sign('stackTraces', ['.php on line', '.php<'], /\.php(?:<\\?\/b>)? on line (?:<b>)?\d/),
  sign('stackTraces', ['.rb:'], /\.rb:\d{1,7}:in ['`‘\u00e2]/),
  sign('stackTraces', ['goroutine '], /goroutine \d{1,9} \[[a-z ,0-9]{1,60}\]:/),
  sign('stackTraces', ['panic: '], /panic: runtime error: /),
  sign('stackTraces', ['panicked at '], /thread '[^'\n]{1,100}' (?:\(\d{1,9}\) )?panicked at /),
]

const sqlErrors: readonly LeakSign[] = [
  sign('sqlErrors', ['error in your SQL syntax'], /You have an error in your SQL syntax/),
  sign('sqlErrors', ['SQLSTATE'], /SQLSTATE(?:\[[A-Z0-9]{1,10}\]|[ :=]{1,3}[0-9A-Z]{5}\b)/),
  sign(
    'sqlErrors',
    [
      'ER_ACCESS',
      'ER_BAD',
      'ER_CANT',
      'ER_CON',
      'ER_DATA',
      'ER_DUP',
      'ER_LOCK',
      'ER_NO_',
      'ER_PARSE',
      'ER_ROW',
      'ER_TABLE',
      'ER_TRUNC',
      'ER_WRONG',
    ],
    /\bER_[A-Z]{2,20}_[A-Z_]{2,60}/,
  ),
  sign('sqlErrors', ['Duplicate entry '], /Duplicate entry '[^'\n]{0,300}' for key /),
  sign(
    'sqlErrors',
    ['at or near '],
    /(?:syntax error|unterminated quoted string|unterminated quoted identifier) at or near \\?"/,
  ),
  sign('sqlErrors', ['violates '], /violates (?:unique|foreign key|not-null|check|exclusion) constraint/),
  sign(
    'sqlErrors',
    ['does not exist'],
    /(?:column|relation|function|operator|type|role|database) \\?"[^"\n\\]{1,200}\\?" (?:of relation \\?"[^"\n\\]{1,200}\\?" )?does not exist/,
  ),
  sign('sqlErrors', ['Unclosed quotation'], /Unclosed quotation mark (?:after|before) the character string/),
  sign('sqlErrors', ['Incorrect syntax near'], /Incorrect syntax near (?:the keyword )?'/),
  sign('sqlErrors', ['Conversion failed when'], /Conversion failed when converting /),
  sign('sqlErrors', ['[ODBC', 'OLE DB Provider'], /\[Microsoft\]\[ODBC|Microsoft OLE DB Provider for /),
  sign('sqlErrors', ['ORA-'], /\bORA-\d{5}\b/),
  sign(
    'sqlErrors',
    ['not properly ended', 'not properly terminated'],
    /(?:SQL command not properly ended|quoted string not properly terminated)/,
  ),
  sign('sqlErrors', ['SQLITE_'], /\bSQLITE_[A-Z]{4,20}\b/),
  sign('sqlErrors', [': syntax error'], /near \\?"[^"\n\\]{1,200}\\?": syntax error/),
  sign('sqlErrors', ['constraint failed'], /(?:UNIQUE|FOREIGN KEY|NOT NULL|CHECK) constraint failed/),
  sign('sqlErrors', ['no such '], /no such (?:table|column|function): \w/),
  sign('sqlErrors', ['E11000'], /\bE11000 duplicate key/),
  sign(
    'sqlErrors',
    [
      'SqlException',
      'SQLException',
      ...sqlExceptions.map((name) => `SQL${name}`),
      'PSQLException',
      'MySqlException',
      'PG::',
      'psycopg',
      'sqlite3.',
      'pymysql.',
      'mysql_',
      'pg_query',
      'SequelizeDatabaseError',
      'PrismaClient',
      'QueryFailedError',
      'MongoServerError',
    ],
    /(?:\w\.(?:SqlException|SQLException|SQL(?:Syntax|Integrity|Timeout|Grammar|Recoverable|Transient|NonTransient|Data|Feature)[A-Za-z]{0,60}Exception|PSQLException|MySqlException)|\bPG::[A-Z][A-Za-z]{2,60}|psycopg\d?\.(?:errors?\.)?[A-Z]\w{1,60}|sqlite3\.[A-Z]\w{1,60}Error|pymysql\.err|mysql_(?:fetch|num|query|connect)\w{0,20}\(|pg_query\(|SequelizeDatabaseError|PrismaClient\w{1,40}Error|QueryFailedError|MongoServerError)/,
  ),
]

const privateKeys: readonly LeakSign[] = [
  sign('privateKeys', [' PRIVATE KEY-----'], /-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY-----/),
]

const secrets: readonly LeakSign[] = [
  sign('secrets', ['AKIA', 'ASIA'], /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/),
  sign('secrets', ['AIza'], /\bAIza[0-9A-Za-z_-]{35}(?![0-9A-Za-z_-])/),
  sign(
    'secrets',
    ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_'],
    /\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{22,255})\b/,
  ),
  sign('secrets', ['glpat-'], /\bglpat-[A-Za-z0-9_-]{20,64}/),
  sign(
    'secrets',
    ['xoxa-', 'xoxb-', 'xoxe-', 'xoxo-', 'xoxp-', 'xoxr-', 'xoxs-'],
    /\bxox[abeoprs]-[0-9A-Za-z-]{10,250}/,
  ),
  sign('secrets', ['hooks.slack.com'], /hooks\.slack\.com(?:\\?\/)services(?:\\?\/)T[A-Z0-9]{6,14}/),
  sign('secrets', ['k_live_'], /\b[sr]k_live_[0-9A-Za-z]{16,250}/),
  sign('secrets', ['npm_'], /\bnpm_[A-Za-z0-9]{36}\b/),
  sign('secrets', ['AccountKey='], /AccountKey=[A-Za-z0-9+/=]{40,100}/),
  sign(
    'secrets',
    ['postgres', 'mysql', 'mariadb', 'mongodb', 'redis', 'amqp', 'mssql', 'sqlserver'],
    /\b(?:postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|rediss?|amqps?|mssql|sqlserver)(?:\+[a-z0-9]{1,20})?:(?:\\?\/){2}[^\s:@/"\\]{0,100}:[^\s@/"\\]{1,200}@/,
  ),
]

const paths: readonly LeakSign[] = [
  sign(
    'paths',
    [
      '/home',
      '/Users',
      '/root',
      '/var',
      '/usr',
      '/opt',
      '/srv',
      '/app',
      '/tmp',
      '/workspace',
      '/mnt',
      '/build',
      '/code',
    ],
    /(?:^|[\s"'`(=>[,]|file:(?:\\?\/){2})(?:\\?\/)(?:home|Users|root|var|usr|opt|srv|app|tmp|workspace|mnt|build|code)(?:\\?\/)[\w.@+/\\-]{1,300}\.(?:[cm]?[jt]sx?|py[co]?|rb|php|phtml|java|kt|go|rs|cs|c|cc|cpp|h|ex|pl|sh|jar|war|class|so|conf|cfg|ini|ya?ml|toml|env|log|sql|db|sqlite3?|pem|key|crt|sock)\b/,
  ),
  sign(
    'paths',
    ['/etc', '/proc', 'node_modules', 'site-packages', 'dist-packages'],
    /(?:^|[\s"'`(=>])(?:\\?\/)(?:etc(?:\\?\/)(?:passwd|shadow|hosts|nginx|apache2|ssl|ssh|kubernetes)\b|proc(?:\\?\/)(?:self|\d{1,7})(?:\\?\/))|(?:\\?\/)(?:node_modules|site-packages|dist-packages)(?:\\?\/)/,
  ),
  sign(
    'paths',
    windowsFolders.flatMap((folder) => [`:\\${folder}`, `:\\\\${folder}`]),
    /(?:^|[\s"'`(=>])[A-Za-z]:\\{1,2}(?:Users|Windows|inetpub|Program Files|ProgramData|Projects?|src|dev|work|app|www|build)\b[^\n"']{0,20}\\/,
  ),
]

const addresses: readonly LeakSign[] = [
  sign(
    'addresses',
    [...digits.map((digit) => `10.${digit}`), '172.', '192.168.', '169.254.', '127.'],
    /(?<![\d.])(?:10\.\d{1,3}|172\.(?:1[6-9]|2\d|3[01])|192\.168|169\.254|127\.\d{1,3})\.\d{1,3}\.\d{1,3}:\d{2,5}(?!\d)/,
  ),
  sign('addresses', ['localhost:'], /\blocalhost:\d{2,5}(?!\d)/),
  sign(
    'addresses',
    ['.internal', '.svc.cluster.local', '.intranet', '.corp', '.lan'],
    /[A-Za-z0-9]\.(?:internal|svc\.cluster\.local|intranet|corp|lan)(?![\w.-])/,
  ),
  sign(
    'addresses',
    ['ECONN', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH'],
    /\b(?:ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH) [\w.:-]{2,255}/,
  ),
]

/** Every sign, the most telling kinds first. */
export const leakSigns: readonly LeakSign[] = [
  ...stackTraces,
  ...sqlErrors,
  ...privateKeys,
  ...secrets,
  ...paths,
  ...addresses,
]

function sign(kind: LeakKind, anchors: readonly string[], pattern: RegExp): LeakSign {
  return { kind, anchors, pattern }
}
