import type { ByteString } from '../../language/bytes.ts'
import type { Detection } from '../detection.ts'
import { firstMatch } from '../first-match.ts'
import { withPlainCharacters } from '../plain-characters.ts'

const point = String.raw`(?:\.|%(?:25){0,3}2e|%c0%(?:ae|2e)|%e0%(?:40|80)%ae|%u002e|%uff0e|\xc0\xae|\\u002e|\\x2e)`
const slash = String.raw`(?:[/\\]|%(?:25){0,3}(?:2f|5c)|%c0%(?:af|2f|9v|qf|5c)|%c1%(?:9c|1c|af|pc|8s)|%e0%80%af|%u(?:2215|2216|002f|005c|eff0)|%bg%qf|\xc0\xaf|\xc1\x9c|\\u002f|\\x2f)`
const filler = String.raw`(?:;[^/\\]{0,40}|\0|%00|%0[ad]|[\r\n])?`
const hop = `${point}{2}${filler}${slash}`

const files = String.raw`(?:etc${slash}{1,4}(?:passwd|shadow|group|hosts|issue|hostname|fstab|crontab|sudoers|mysql|apache2|nginx|ssh|resolv\.conf|motd|profile|environment|my\.cnf|php)|proc${slash}{1,4}(?:self|version|cpuinfo|net|\d+|cmdline|mounts)|(?:windows|winnt)${slash}{1,4}(?:win\.ini|system|repair|php\.ini|my\.ini|debug|panther)|win\.ini|boot\.ini|system\.ini|web-inf${slash}|meta-inf${slash}|web\.config|wp-config\.php|\.htpasswd|\.htaccess|\.ssh${slash}|id_rsa|\.git${slash}(?:config|head)|\.env(?![\w])|\.aws${slash}|\.bash_history|\.svn${slash}|\.ds_store|var${slash}{1,4}(?:log|www|run|mail|lib)${slash}|usr${slash}{1,4}local${slash}|applicationhost\.config|appsettings\.json)`

// Steps up, which prose about paths has too: they count where no white space stands before them.
const steps: readonly RegExp[] = [
  // Two, however they are written: ../../   ..%2f..%2f   ....//....//   ..;/..;/
  new RegExp(`${hop}[^?#\\s]{0,40}?${hop}`, 'i'),
  new RegExp(`(?:${point}{3,8}${slash}{1,8}){2}`, 'i'),
  /\.\.;[^/\\\s]{0,40}[/\\]|\.\.(?:\0|%00)|(?:^|[/\\])\.{4,8}[/\\]{2}/i,
  // One, as the first step of a path or in the middle of one.
  /^\.\.[/\\]\S*$/,
  /^[^\s:?#]{0,1000}[/\\]\.\.(?:[/\\]|$)/,
]

const disguises: readonly RegExp[] = [
  // One step up, written so that a filter should not see it.
  /(?:%(?:25){0,3}2e|%c0%ae|%u002e|%uff0e|\xc0\xae|\\u002e|\\x2e){2}(?:[/\\]|%|\\u|\xc0)|\.\.(?:%(?:25){0,3}(?:2f|5c)|%c0%|%c1%|%u221|%e0%80%af|\xc0\xaf)/i,
  // One step up to a file worth it.
  new RegExp(`${hop}(?:[\\w.-]{1,60}${slash}){0,6}${files}`, 'i'),
]

const places: readonly RegExp[] = [
  // A file of the system, as the whole value or glued to what precedes it.
  new RegExp(
    `^(?:~|file:(?:///?)?(?:localhost)?)?(?:[a-z]:)?(?:${slash}\\.?){0,8}${files}[^\\s]{0,500}\\s{0,9}$`,
    'i',
  ),
  new RegExp(
    `^[a-z]:${slash}{1,4}(?:windows|winnt|boot\\.ini|inetpub|users${slash}|program)[^\\s]{0,500}\\s{0,9}$`,
    'i',
  ),
  /[=|:]\/{1,3}etc\/(?:passwd|shadow|hosts)\b|^\/?etc\/(?:passwd|shadow)\b/i,
  /^\\\\[\w.-]{1,255}\\[\w$]/,
  // Streams of PHP and others that read what a path must not name.
  /^(?:php:\/\/(?:filter|input|fd|memory|temp|stdin)|(?:expect|phar|zip|glob|ogg|rar|ssh2|compress\.\w{2,6}):\/\/|file:\/{1,3}[^\s]|netdoc:|jar:(?:https?|file))/i,
  /(?:\0|%00)[^\s]{0,20}\.(?:jpe?g|png|gif|html?|txt|pdf|php)$|%00\.(?:jpe?g|png|gif|html?|txt|pdf)/i,
]

/** Finds a path that leaves the folder it was to stay in, in every spelling that some server or library decodes. */
export function detectPathTraversal(value: ByteString): Detection | undefined {
  if (!/[./\\%:]/.test(value)) return undefined
  const plain = withPlainCharacters(value)
  if (!mayClimb.test(plain)) return firstMatch(plain, places)
  const climbed = firstMatch(plain, disguises) ?? firstMatch(plain, steps)
  if (climbed !== undefined && !/\s/.test(plain.slice(0, plain.indexOf(climbed.evidence)))) return climbed
  return firstMatch(plain, disguises) ?? firstMatch(plain, places)
}

const mayClimb = /\.\.|%|\xc0|\\[ux]/
