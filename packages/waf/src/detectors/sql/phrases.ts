import type { Detection } from '../detection.ts'
import type { SignedPatterns } from '../first-match.ts'
import { firstSigned } from '../first-match.ts'

/**
 * What only an attack on a database says, even where the grammar finds no statement: pieces that are cut off, written for a
 * dialect of few, or aimed at what a filter would take out of them.
 */
export function findPhrase(value: string): Detection | undefined {
  const plain = withoutComments(value)
  return mayHavePhrase(plain) ? firstSigned(plain, groups) : undefined
}

// One of these is in whatever the patterns below match; what has none of the signs needs one of few words.
const signs = /[('"=;@<>*#|&\d_]/
const bareWords = /union|select|drop|create|grant|backup|exec|declare|shutdown/i
const words =
  /select|sysdate|sleep|delay|benchmark|exec|union|convert|where|iif|case|declare|drop|create|grant|backup|schema|xp_|sp_|having|order by|begin|print|load_file|outfile|sysobjects|shutdown|@@|::|\bif\s?\(|copy|chr\(|char\(|waitfor|desc\s|0x\d|\d\s?=\s?\d|like['"\s(]|\d\s?(?:\|\||&&)/i
const conditions = /(?:^|[^a-z])(?:x?or|and)[^a-z]/i
const operators = /[=<>'"`)]|like/i

function mayHavePhrase(value: string): boolean {
  if (!signs.test(value)) return bareWords.test(value)
  return words.test(value) || (operators.test(value) && conditions.test(value))
}

// The words that a comment or a comma between quotes parts stand together again: uni/**/on sel/**/ect, un","ion.
function withoutComments(value: string): string {
  const whole = value.includes('/*') ? value.replace(/\/\*[^*]{0,80}\*\//g, '') : value
  return whole.includes(',') ? whole.replace(/(?<=[a-z])\\?"\s?,\s?\\?"(?=[a-z])/gi, '') : whole
}

const literal = String.raw`(?:\d{1,12}|'[^']{0,40}'?|"[^"]{0,40}"?|0x[\da-f]{1,40})`
const space = String.raw`[\s+]{0,9}`

const groups: readonly SignedPatterns[] = [
  // Waiting, in every dialect.
  {
    sign: /sysdate|sleep|benchmark|wai.?for|dbms_|utl_|drithsx|xmltype/i,
    patterns: [
      /(?:\b(?:pg_sleep|dbms_lock\.sleep|user_lock\.sleep|dbms_pipe\.receive_message|utl_inaddr\.get_host_\w+|utl_http\.request|ctxsys\.drithsx|xmltype)\s{0,9}(?:\(|$)|\bbenchmark\s{0,9}\(\s{0,9}\d{3,}|\bwai(?:t)?for\s{1,9}(?:delay|time)\s{0,9}['"\d(])/i,
      /(?:^|[\s'"(=,;+&|`-])(?<!await )sleep\s{0,9}\(\s{0,9}(?:\d{1,5}|__TIME__|\[\w{1,20}\])\s{0,9}\)\s{0,9}(?:=|['"#;),`-]|$)|\bnow\s{0,9}\(\s{0,9}\)\s{0,9}=\s{0,9}sysdate\s{0,9}\(/i,
    ],
  },
  // Union of what was chosen and what is asked for, whole or in pieces.
  {
    sign: /union/i,
    patterns: [
      /\bunion[\s+(]{1,9}(?:(?:all|distinct)[\s+(]{0,9})?select(?:[\s+(]{0,9}(?:\d|null\b|@|'|"|\*|char|concat|0x|all\b|\w{1,40}\s{0,9}[,(]|\w{1,40}\s{1,9}from\b|$)|\s{0,9}(?:--|#|\/\*))/i,
      /\bunion\s{1,9}all\s{1,9}select(?:char|concat|null|\s{1,9}[\w'"@(*]+\s{0,9}[,(])/i,
    ],
  },
  // Conditions that hold always or never.
  {
    sign: /(?<![a-z])(?:x?or|and)(?![a-z])|\|\||&&/i,
    patterns: [
      new RegExp(
        String.raw`(?:^|[\s'"()\d%;])(?:x?or|and|\|\||&&)${space}\(*${space}(${literal})${space}\)*${space}(?:=|<>|!=|<=>|like)${space}\(*${space}\1`,
        'i',
      ),
      // Of numbers alone: 1 || 1   0 && 1#
      /^\s{0,9}\(?-?\d{1,9}\)?\s{0,9}(?:\|\||&&)\s{0,9}\(?[!~-]?\d{1,9}\)?\s{0,9}(?:$|--|#|;|\/\*)/,
      /(?:^|[\s'"()%;+])(?:x?or|and)[\s+]{1,9}\(*([a-z]\w{0,20})\s{0,9}=\s{0,9}\1\)*\s{0,9}(?:$|--|#|;|\/\*)/i,
      /(?:^|[\s'"()%;+])(?:or|and)[\s+]{1,9}\(*[a-z]\w{0,20}\s{0,9}=\s{0,9}\w{1,20}\)*\s{0,9}(?:--|#|\/\*)/i,
      /['"`)]\s{0,9}(?:or|and)\s{1,9}(?:not\s{1,9})?\(?\s{0,9}(?:exists|true|false|null|\d{1,9}\s{0,9}[=<>]|['"]\w{0,20}['"]?\s{0,9}[=<>])/i,
    ],
  },
  // Where it stands by itself.
  {
    sign: /where/i,
    patterns: [
      /^\s{0,9}(?:as\s{1,9}\w{1,20}\s{1,9})?where\s{1,9}\d{1,9}\s{0,9}=\s{0,9}\d{1,9}\b/i,
      /['")]\s{0,9}(?:as\s{1,9}\w{1,20}\s{1,9})?where\s{1,9}['"(]{0,3}\w{1,20}['"]?\s{0,9}=\s{0,9}/i,
    ],
  },
  // An equation that something is computed from.
  {
    sign: /^[\s(]{0,10}\d[\d\s]{0,18}=/,
    patterns: [/^\s{0,9}\(?\d{1,9}\s{0,9}=\s{0,9}\d{1,9}\)?\s{0,9}[-+*/]\s{0,9}\d{1,9}\s{0,9}$/],
  },
  // A clause behind a condition.
  {
    sign: /having|order\s|group\s/i,
    patterns: [
      /(?:^|['")\s])(?:group\s{1,9}by\s{1,9}[\w.,\s]{1,80}?\s{1,9}having\s{1,9}\S|having\s{1,9}\d{1,9}\s{0,9}[=<>]|order\s{1,9}by\s{1,9}\d{1,4}\s{0,9}(?:--|#|,\s{0,9}\d|$))/i,
    ],
  },
  // What a condition computes.
  {
    sign: /=\s{0,9}(?:convert|cast|ctxsys|extractvalue|updatexml|\(\s{0,9}select)/i,
    patterns: [
      /\b(?:and|or|where|having)\s{1,9}\d{1,9}\s{0,9}=\s{0,9}(?:convert|cast|ctxsys|extractvalue|updatexml|\(\s{0,9}select)\b/i,
    ],
  },
  // A statement of SQL Server as the bytes of UTF-16, for a variable that is executed.
  { sign: /0x/i, patterns: [/(?:^|[^\w])0x(?:[2-7][\da-f]00){8}/i] },
  // Cases and questions about the server.
  {
    sign: /case\s|^\s{0,9}select|prepare\s/i,
    patterns: [
      /\bprepare\s{1,9}\w{1,20}\s{1,9}from\s{1,9}[@'"]|^\s{0,9}select\s{1,9}\d{1,12}\s{0,9}[-+*/%]\s{0,9}\d/i,
      /[),]\s{0,9}\(?\s{0,9}case\s{1,9}when\b[^;]{1,200}\bthen\b/i,
      /^\s{0,9}select\s{1,9}(?:case\s{1,9}when\b|(?:current_user|session_user|user|version|database|@@version|pg_sleep|sleep|benchmark)\b\s{0,9}(?:\(|;|$))/i,
    ],
  },
  // A statement behind another.
  {
    sign: /;/,
    patterns: [
      /;\s{0,9}(?:begin\s{1,9}\w|iif\s{0,9}\(|if\s{0,9}\(\s{0,9}(?:\d|\(|['"@]|select\b|substr|ascii|mid\b|ord\b|len|exists|not\s|system_user|is_|char|user|db_name|database)|exec\b|declare\s{1,9}@|shutdown\b|waitfor\b|print\s|desc\s{1,9}\w{1,40}\s{0,9};|truncate\s{1,9}|select[\s+(]{1,9}(?:\*|\w{1,30}[\s+]{0,9}\(|\d|['"@]|(?:case|if|pg_sleep|sleep)\b))/i,
    ],
  },
  // Procedures, variables and files of the server.
  {
    sign: /exec|xp_|sp_/i,
    patterns: [
      /\bexec(?:ute)?\s{1,9}(?:immediate\b|master\.|\(?\s{0,9}@|(?:master\.{1,2}|dbo\.)?[xs]p_)|\bexec\s{0,9}\(\s{0,9}['"@]|\b(?:xp_(?:cmdshell|reg\w{3,20}|dirtree|fileexist|makecab|ntsec\w{0,20}|availablemedia|loginconfig|terminate_process|servicecontrol)|sp_(?:executesql|oacreate|configure|makewebtask|password|addlogin|addsrvrolemember|helptext|executeexternalscript))\b/i,
    ],
  },
  // Where databases describe themselves.
  {
    sign: /sys|information_schema|mysql\.|pg_|sqlite_|_tables|v\$version|dba_users|@@/i,
    patterns: [
      /\b(?:information_schema|sys(?:objects|columns|users|databases|logins)|mysql\.(?:user|db|host)|pg_(?:catalog|shadow|user|tables|ls_dir|read_file)|sqlite_(?:master|version)|all_tables|user_tables|msysaccessobjects|v\$version|syscat\.|sysibm\.|dba_users|sys\.(?:databases|tables|user_objects))\b\s{0,9}(?:\.|\(|where|limit|--|#|;|\)|,|$|order)/i,
      /@@(?:version|hostname|servername|datadir|basedir|global|language|spid|microsoftversion|innodb_version|tmpdir)\b/i,
    ],
  },
  // Files and other servers.
  {
    sign: /(?:load_|utl_|lo_|pg_|dblink|open(?:row|data|query)|bulk|xmlagg|group_concat|extractvalue|updatexml|gtid_|json_|bin_to_|randomblob|elt)\w{0,20}[\s(]/i,
    patterns: [
      /\b(?:load_file|load_extension|utl_file|lo_(?:import|export|get|from_bytea)|pg_read_file|pg_ls_dir|dblink(?:_\w{1,20})?|openrowset|opendatasource|openquery|bulk\s{1,9}insert|xmlagg|group_concat|extractvalue|updatexml|gtid_subset|json_(?:keys|valid|extract)|bin_to_uuid|randomblob|elt)\s{0,9}\(\s{0,9}(?:['"0-9@(]|select|concat|chr|user|version|database|\w{1,20}\s{0,9}[,)])/i,
    ],
  },
  // Reading and writing of files.
  {
    sign: /outfile|dumpfile|copy\s|procedure\s|infile/i,
    patterns: [
      /\binto\s{1,9}(?:out|dump)file\s{0,9}['"]|\bcopy\s{1,9}\w{1,40}\s{1,9}(?:from|to)\s{1,9}['"]|\bprocedure\s{1,9}analyse\s{0,9}\(|\bload\s{1,9}data\s{1,9}(?:local\s{1,9})?infile\b/i,
    ],
  },
  // Statements that no value has at its start or behind its end.
  {
    sign: /drop|create|grant|alter|backup|insert|delete|update|shutdown/i,
    patterns: [
      /(?:^|['";)])\s{0,9}(?:drop\s{1,9}(?:table|database|user|function|view|schema|procedure|index|column)\s{1,9}(?:if\s{1,9}exists\s{1,9})?[\w.`"[\]]{1,60}\s{0,9}(?:;|--|#|,|\(|cascade|$)|create\s{1,9}(?:user|login|function|table|procedure|or\s{1,9}replace|alias)\s{1,9}\w{1,40}[\s(]{1,9}(?:identified|with|as|returns|\w{1,20}\s{1,9}(?:int|var|text|char))|grant\s{1,9}\w{1,20}\s{1,9}(?:to|on)\s{1,9}\w|alter\s{1,9}(?:table|user|database|login)\s{1,9}\w|backup\s{1,9}(?:database|log)\s|insert\s{1,9}into\s{1,9}\w{1,60}\s{0,9}(?:\(|values|select)|delete\s{1,9}from\s{1,9}\w{1,60}\s{0,9}(?:where|;|--|$)|update\s{1,9}\w{1,60}\s{1,9}set\s{1,9}\w{1,60}\s{0,9}=|shutdown\s{1,9}with)/i,
    ],
  },
  // Texts made of characters, converted or cut into them.
  {
    sign: /(?:cha?r|concat(?:_ws)?|cast|convert|substr(?:ing)?|mid|ascii|ord|unicode|hex|length|\bif)\s{0,9}\(/i,
    patterns: [
      /\b(?:char|chr|nchar)\s{0,9}\(\s{0,9}\d{2,3}\s{0,9}\)\s{0,9}(?:\+|\|\||,|%2b)\s{0,9}(?:char|chr|nchar)\s{0,9}\(|\bconcat(?:_ws)?\s{0,9}\(\s{0,9}(?:0x|char|user|version|database|@@|select|\()/i,
      /\b(?:cast|convert)\s{0,9}\(\s{0,9}(?:\w{1,30}\s{0,9},\s{0,9})?\(?\s{0,9}(?:select|union|char|chr|0x[\da-f]{6}|@@|user|database|version)\b/i,
      /\bif\s{0,9}\(\s{0,9}(?:\d{1,9}\s{0,9}[=<>]{1,2}\s{0,9}\d{1,9}|substr|ascii|mid|ord|length|select|\(select|now\s{0,9}\()/i,
      /\b(?:substr(?:ing)?|mid|ascii|ord|unicode|hex|length|bit_length)\s{0,9}\(\s{0,9}\(?\s{0,9}(?:select|user\s{0,9}\(|database\s{0,9}\(|version\s{0,9}\(|@@|current_user|password|\(select)/i,
    ],
  },
]
