import type { ByteString } from '../../language/bytes.ts'
import type { Detection } from '../detection.ts'
import { detectionAt } from '../detection.ts'
import { firstMatch } from '../first-match.ts'
import { commonCommands, unmistakableCommands } from './commands.ts'

/**
 * Finds a value that, put into a shell's command line, would run another command: a separator or substitution followed by
 * a command with the arguments that commands have, through every disguise that a shell takes off again.
 */
export function detectShellCommand(value: ByteString): Detection | undefined {
  if (!/[;|&`$<>\n\r(){}/\\%]/.test(value)) return undefined
  return firstMatch(value, constructs) ?? findCommand(value)
}

const folders = String.raw`(?:/(?:etc|bin|usr|sbin|proc|var|tmp|dev|root|home|opt)/|[a-zA-Z]:\\|\\\\|~/|\./|\$\{?(?:HOME|PATH|PWD|SHELL))`

const constructs: readonly RegExp[] = [
  /\(\)\s{0,9}\{\s{0,9}(?::|_|\w{0,9})?\s{0,9};?\s{0,9}\}\s{0,9};/,
  /\/dev\/(?:tcp|udp)\/|\bnc(?:at)?\s{1,9}(?:-[a-z]{1,9}\s{1,9}){0,4}-[a-z]{0,5}[ec]\b|\b(?:ba|z|k|da)?sh\s{1,9}-[ic]\b|\bcmd(?:\.exe)?\s{1,9}\/[ckr]\b|\bpowershell(?:\.exe)?\s{1,9}-(?:e|enc|nop|c|w|ep|exec|command|file)/i,
  // The field separator and empty expansions, which hide where words part: cat$IFS/etc/passwd, w$@hoami, c${x}at.
  /\w\$\{?IFS\b|\$\{?IFS\}?[\w$/\\{]|\w\$[@*]\w|\w\$\{\w{0,9}\}[\w/]|\$\{(?:PATH|HOME|SHELL|PWD|LS_COLORS|OLDPWD)[:%#]|\$'\\(?:x[\da-f]{2}|\d{3})/i,
  // Braces with a command in them: {cat,/etc/passwd}.
  /\{(?:cat|ls|id|echo|wget|curl|nc|ping|uname|bash|sh|head|tail|rm|touch|whoami|nslookup|sleep|printf),[^\s{}]{0,80}\}/,
  // Words in pieces between slashes: /???/c?t, /b'i'n/cat, /bin/ca*.
  /(?:^|[\s;|&`$(=<])\/(?:(?:[?*]|[a-z]['"\\])[\w?*'"\\]{1,9}|[\w?*]{0,5}[?*][\w?*]{0,5})\/[\w?*['"\]\\]{2,}/i,
  /(?:^|[;|&`$(=<])\/(?:usr\/(?:local\/)?)?s?bin\/(?:[\w?*'"\\[\]-]{1,20})(?:$|[\s;|&`)'"$<>])/,
  // A command at the very start, with an argument that only a shell has a use for.
  new RegExp(
    String.raw`^\s{0,9}(?:cat|ls|head|tail|more|less|nl|tac|od|xxd|rm|cp|mv|find|grep|awk|sed|chmod|touch|type|dir|wget|curl|sh|bash|python\d?|perl|php|ruby|strings|file|stat|base64|ping|echo|sort|cut|dd|tee|vi|vim|nano)(?:\s{1,9}-{1,2}[\w=-]{1,20}){0,6}\s{1,9}["']?${folders}`,
  ),
  /^\s{0,9}(?:ping\s{1,9}-[cnw]\s{0,9}\d|(?:wget|curl)\s{1,9}(?:-\w{1,9}\s{1,9}){0,4}["']?(?:https?|ftp):|uname\s{1,9}-[a-z]|rm\s{1,9}-rf?\s|chmod\s{1,9}(?:\+x|[0-7]{3,4})\s|(?:perl|python\d?|php|ruby|node)\s{1,9}-[ecr]\s{1,9}['"]|ls\s{1,9}-[a-zA-Z]{1,6}\s{0,9}$|netstat\s{1,9}-|ifconfig\s{0,9}$|ipconfig(?:\s{1,9}\/all)?\s{0,9}$|net\s{1,9}(?:user|view|localgroup|share)\b)/i,
  // Functions of languages that start a command, or show that they would.
  /\b(?:shell_exec|passthru|proc_open|pcntl_exec|phpinfo|popen)\s{0,9}\(|\b(?:system|exec|assert|eval|create_function|call_user_func)\s{0,9}\(\s{0,9}(?:\$_(?:GET|POST|REQUEST|COOKIE|SERVER)|['"](?:id|ls|dir|whoami|cat|uname|pwd|ps|phpinfo|print|echo|system|base64_decode)|base64_decode|gzinflate|str_rot13|chr\()/,
  /\bos\.(?:system|popen|exec[lv]p?e?|spawn\w{1,3})\s{0,9}\(|\bsubprocess\.(?:run|Popen|call|check_output|check_call|getoutput)\s{0,9}\(|__import__\s{0,9}\(|\bRuntime\.getRuntime\s{0,9}\(|\bnew\s{1,9}ProcessBuilder\b|\brequire\s{0,9}\(\s{0,9}['"](?:node:)?child_process|>{1,2}\s{0,9}\/(?:tmp|var|dev|etc)\/|\bprocess\.mainModule\b|\bexecSync\s{0,9}\(|\bWScript\.Shell\b|\bKernel\.(?:exec|system|open)\b/,
  /\$_(?:GET|POST|REQUEST|COOKIE|SERVER|FILES|SESSION)\s{0,9}\[|<\?(?:php\b|=)/,
]

const separator = /(?:\$\(|[<>]\(|\|\|?|&&?|;|`|[\n\r]|%0[aAdD]|!\s)/g

/** Looks behind every separator for a command. */
function findCommand(value: string): Detection | undefined {
  separator.lastIndex = 0
  for (let found = separator.exec(value); found !== null; found = separator.exec(value)) {
    const start = found.index + found[0].length
    const command = readCommand(value, start)
    if (command !== undefined && isRun(value, found.index, found[0], command))
      return detectionAt(value, found.index)
  }
  return undefined
}

/** A command as a shell would read it. */
interface Command {
  /** Lower case, without quotes, backslashes, carets and the folder before it. */
  readonly name: string
  /** Whether any of those had to be taken off inside the name. */
  readonly disguised: boolean
  /** What follows the name, up to 80 characters. */
  readonly rest: string
  /** Whether white space stands before it. */
  readonly spaced: boolean
}

const prefix = /[\s('"]{0,9}(?:[A-Za-z_]\w{0,20}=\S{0,40}\s{1,9}){0,2}/y
const rawName = /(?:[\w.\-/~]|['"\\^](?=[\w'"\\^/])|\$[@*](?=\w)){1,64}/y

function readCommand(value: string, start: number): Command | undefined {
  prefix.lastIndex = start
  const before = prefix.exec(value)?.[0] ?? ''
  rawName.lastIndex = start + before.length
  const raw = rawName.exec(value)?.[0]
  if (raw === undefined) return undefined
  const plain = raw.replace(/['"\\^]|\$[@*]/g, '')
  const name = plain.slice(plain.lastIndexOf('/') + 1).toLowerCase()
  const at = rawName.lastIndex
  return {
    name,
    disguised: plain !== raw && !/^['"]|['"]$/.test(raw) && /[\\^]|(['"])\1|\w(['"])\w*\2\w/.test(raw),
    rest: value.slice(at, at + 80),
    spaced: /\s/.test(before),
  }
}

function isRun(value: string, at: number, sign: string, command: Command): boolean {
  const { name, rest } = command
  const common = commonCommands.has(name)
  if (!common && !unmistakableCommands.has(name)) return false
  if (/^\s*[=:[.]|^\s*\((?!\))|^\s+(?:is|are|was|and|or|the|to|of|for|in)\b/.test(rest)) return false
  // &copy; is a character of HTML.
  if (sign === '&' && rest.startsWith(';') && !command.spaced) return false
  if (command.disguised) return true
  // A new line begins sentences and lists; code in backticks is how prose quotes it.
  if (sign === '\n' || sign === '\r') return takesArguments(name, rest) && isFirstLine(value, at)
  if (sign === '`')
    return isSubstitution(value, at) && (!common || informants.has(name) || takesArguments(name, rest))
  if (takesArguments(name, rest) || (name === 'echo' && takesOneWord(rest))) return true
  const weak = command.spaced && (sign === ';' || sign === '&' || sign === '|')
  if (common && weak)
    return (
      informants.has(name) &&
      endsHere(rest, sign) &&
      /^[^\s]*\s*$/.test(value.slice(Math.max(0, at - 80), at))
    )
  if (!common && takesOneWord(rest)) return true
  return endsHere(rest, sign) && (!common || informants.has(name) || (sign !== '&' && name.length < 5))
}

/** Short commands that tell about a machine, and stand at the end of a value where somebody asks for it. */
const informants: ReadonlySet<string> = new Set([
  'dir',
  'ver',
  'env',
  'set',
  'id',
  'ps',
  'ls',
  'pwd',
  'df',
  'w',
  'vol',
])

/** Whether a line break is the first of the value, right behind one word: `name\nid`, not a letter of several lines. */
function isFirstLine(value: string, at: number): boolean {
  return at < 80 && !/[\s]/.test(value.slice(0, at))
}

/** One plain word, and then the end or another separator: `nslookup evil.example`. */
function takesOneWord(rest: string): boolean {
  return /^\s{1,9}[\w.(@:/-]{1,80}\s{0,9}(?:$|[;|&#`'")])/.test(rest)
}

/** An option, a path, an address, an expansion, a redirection: what follows a command and not a noun. */
function takesArguments(name: string, rest: string): boolean {
  if (name === 'net' && /^\s{1,9}(?:user|view|localgroup|share|use)\b/.test(rest)) return true
  return /^\s{1,9}(?:-{1,2}[\w?]|["']?(?:\/|\.{1,2}\/|~|\$|[A-Za-z]:\\|https?:|\*)|\d{1,3}(?:\.\d{1,3}){3}|\d{1,5}(?:\s{0,9}(?:[;|&#'"`)]|$))|[\w-]{1,40}\.(?:php|txt|sh|py|exe|com|net|org|ini|conf|log|xml|json|html?)\b|\/[a-z?]\b|["'])/.test(
    rest,
  )
}

/** Nothing but what closes a substitution, a literal or the line follows. */
function endsHere(rest: string, sign: string): boolean {
  return sign === '$(' ? /^\s{0,9}\)/.test(rest) : /^\s{0,9}(?:$|[;|&#`'")\n\r\0]|%00|\/\/)/.test(rest)
}

/** Whether a backtick opens a substitution in a value, rather than a piece of code that prose or a fence quotes. */
function isSubstitution(value: string, at: number): boolean {
  const close = value.slice(at + 1, at + longestSubstitution).indexOf('`')
  if (close <= 0 || value[at - 1] === '`') return false
  const before = value.slice(Math.max(0, at - 80), at)
  const after = value.slice(at + close + 2, at + close + 80)
  return !/[A-Za-z]{2,}\s/.test(before) && !/\s[A-Za-z]{2,}/.test(after)
}

const longestSubstitution = 300
