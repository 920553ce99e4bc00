import type { ByteString } from '../../language/bytes.ts'
import type { Detection } from '../detection.ts'
import { detectionAt } from '../detection.ts'
import { firstMatch } from '../first-match.ts'
import { withPlainCharacters } from '../plain-characters.ts'
import { maySayPlace, sensitivePlaces, serverFile } from './server-files.ts'
import { mayHidePath, unfoldPath } from './unfold-path.ts'

const hop = String.raw`\.\.(?:;[^/\\\s]{0,40})?[/\\]`

// Steps up, which prose about paths has too: they count where no white space stands before them.
const steps: readonly RegExp[] = [
  // Two, or points and slashes doubled lest a filter take them out: ../../   ....//....//   ..;/..;/
  new RegExp(`${hop}[^?#\\s]{0,40}?${hop}`),
  /(?:\.{3,8}[/\\]{1,8}){2}|(?:^|[/\\])\.{4,8}[/\\]{2}/,
  /\.\.;[^/\\\s]{0,40}[/\\]/,
  // One, as the first step of a path or in the middle of one.
  /^\.\.[/\\]\S*$/,
  /^[^\s:?#]{0,1000}[/\\]\.\.(?:[/\\]|$)/,
  // So many points and slashes that only a file of the system can come after them.
  new RegExp(
    String.raw`^[./\\]{8,}(?:${serverFile}|etc|windows|winnt|boot|\w{1,20}\.(?:ini|conf|log|xml|php))`,
    'i',
  ),
]

// Steps to where one stands, so many that only a filter can be meant: ./././././
const idleSteps = /(?:\.[/\\]{1,3}){6}/
const stepToFile = new RegExp(`${hop}(?:[\\w.-]{1,60}[/\\\\]){0,6}[/\\\\.]{0,60}${serverFile}`, 'i')
const hiddenStep = /(?:^|[^.])\.\.[/\\]|\.{3,8}[/\\]{2}/
const nullByte =
  /(?:\0|%00)[^\s]{0,20}\.(?:jpe?g|png|gif|html?|txt|pdf|php)$|%00\.(?:jpe?g|png|gif|html?|txt|pdf)|\.\.(?:\0|%00)/i

/** Finds a path that leaves the folder it was to stay in, in every spelling that some server or library decodes. */
export function detectPathTraversal(value: ByteString): Detection | undefined {
  if (!/[./\\%:]/.test(value)) return undefined
  const plain = withPlainCharacters(value)
  return (
    findStep(plain) ??
    (mayHidePath(plain) ? findHiddenStep(plain) : undefined) ??
    findPlace(plain) ??
    firstMatch(plain, [nullByte, idleSteps])
  )
}

function findPlace(path: string): Detection | undefined {
  return maySayPlace.test(path) ? firstMatch(path, sensitivePlaces) : undefined
}

function findStep(path: string): Detection | undefined {
  if (!path.includes('..')) return undefined
  const climbed = firstMatch(path, steps)
  if (climbed !== undefined && !/\s/.test(path.slice(0, path.indexOf(climbed.evidence)))) return climbed
  return firstMatch(path, [stepToFile])
}

/** A step up that nobody saw before the spelling was undone; one is enough, for no honest path is written that way. */
function findHiddenStep(plain: string): Detection | undefined {
  const path = unfoldPath(plain)
  if (path === plain) return undefined
  const found = findStep(path) ?? findPlace(path)
  if (found !== undefined) return found
  const idleAt = path.search(idleSteps)
  if (idleAt !== -1) return detectionAt(path, idleAt)
  const hiddenAt = path.search(hiddenStep)
  if (hiddenAt === -1 || hiddenStep.test(plain) || /\s/.test(path.slice(0, hiddenAt))) return undefined
  return detectionAt(path, hiddenAt)
}
