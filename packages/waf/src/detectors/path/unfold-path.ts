/** Whether anything in a value could be another spelling of a point or a slash. */
export function mayHidePath(value: string): boolean {
  return hidden.test(value)
}

const hidden = new RegExp(
  String.raw`%(?:2[5ef]|3\d|5c|%|[cef]|u|bg|0|1)|[\0-\x1f\xc0\xc1\xe0\xf0\xf8\xfc]|0x[25]|\\[ux\\.]|\?[./\\?]|\.\?|\.\.(?:2f|5c)|\.\\\.`,
  'i',
)

const control = new RegExp(String.raw`[\0-\x1f]`, 'g')
const mostRounds = 3

/**
 * The path that the laxest of servers would make of a value: percent-encoding undone as often as it was done, overlong UTF-8,
 * the `%u` of IIS, hexadecimal written out, and what some file systems read over between two points. Each step is one pass.
 */
export function unfoldPath(value: string): string {
  let path = value
  for (let round = 0; round < mostRounds && path.includes('%'); round++) {
    const decoded = decodeRound(path)
    if (decoded === path) break
    path = decoded
  }
  return path
    .replace(rawOverlongPoint, '.')
    .replace(rawOverlongSlash, '/')
    .replace(/(?:0x|\\x|\\u00)2e/gi, '.')
    .replace(/(?:0x|\\x|\\u00)(?:2f|5c)|(?<=\.\.)(?:2f|5c)/gi, '/')
    .replace(control, '')
    .replace(/(?<![.])\.\\\.(?![.])/g, '..')
    .replace(/(?:(?:\.\?|\?\.|\?\?)[/\\]){2,}/g, withPoints)
}

/** Points that a file system takes for any character: two such steps at least, for a query may be called `??/`. */
function withPoints(steps: string): string {
  return steps.replaceAll('?', '.')
}

function decodeRound(path: string): string {
  return path
    .replace(/%%(3\d)%{1,2}([346][\da-f])/gi, decodeNibbles)
    .replace(/%u([\da-f]{4})/gi, decodeWide)
    .replace(overlongPoint, '.')
    .replace(overlongSlash, '/')
    .replace(/%([0-7][\da-f])/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
}

// Lead bytes that a character of ASCII never needs, percent-encoded; the last byte is the character's low six bits.
const overlongLead = '%(?:c0|e0%80|f0%80%80|f8%80%80%80|fc%80%80%80%80)'
const overlongPoint = new RegExp(`%?${overlongLead}(?:%[26ae]e|%5e|%fe|\\.)|%e0%40%ae`, 'gi')
const overlongSlash = new RegExp(
  `${overlongLead}%(?:af|2f|5c|9v|qf)|%c1%(?:9c|1c|af|pc|8s|81%9c)|%bg%qf|%e0%81%9c`,
  'gi',
)
const rawOverlongPoint = /(?:\xc0|\xe0\x80|\xf0\x80\x80)\xae/g
const rawOverlongSlash =
  /(?:\xc0|\xe0\x80|\xf0\x80\x80|\xf8\x80\x80\x80|\xfc\x80\x80\x80\x80)\xaf|\xc1[\x9c\xaf]/g

/** `%%32%66`: the two digits of an escape, each escaped. */
function decodeNibbles(_: string, first: string, second: string): string {
  return `%${Buffer.from(first + second, 'hex').toString('latin1')}`
}

// What best-fit tables of Windows and of old servers make of these characters.
const widePoints = new Set([0x2e, 0xff0e, 0x2024])
const wideSlashes = new Set([
  0x2f, 0x5c, 0x2044, 0x2215, 0x2216, 0xff0f, 0xff3c, 0xf025, 0xefc8, 0xeff0, 0xf022,
])

function decodeWide(text: string, code: string): string {
  const character = Number.parseInt(code, 16)
  if (widePoints.has(character)) return '.'
  return wideSlashes.has(character) ? '/' : text
}
