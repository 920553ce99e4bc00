import { bytesOfText, formatLogLine, type WafMatch } from '@gateward/waf'
import type { Inspected } from './inspected.ts'
import type { Mask } from './mask.ts'

/**
 * The matches of an exchange as lines of an Apache error log with ModSecurity in it: what blocked as `Access denied`, in shadow
 * too with the word for a warning, everything else as `Warning`.
 */
export function errorLines(inspected: Inspected, mask: Mask): string {
  const { exchange, matches, block, enforced, time } = inspected
  const { client, request } = exchange
  const prefix = `[${apacheTime(time)}] [security2:error] [pid ${process.pid}] [client ${client.text}]`
  const blocking = enforced ? matches.findLast(({ id }) => id === block?.ruleId) : undefined
  const context = {
    hostname: request.host,
    uri: bytesOfText(request.path === '' ? mask.pairs(request.target) : request.path),
    id: exchange.id,
    clientAddress: client.text,
  }
  return matches
    .map((match) => {
      const action = match === blocking ? { status: block?.status ?? 403, phase: match.phase } : undefined
      return `${prefix} ${formatLogLine(maskMatch(match, mask), { ...context, ...(action && { denied: action }) })}\n`
    })
    .join('')
}

/** A match without what must not be written. */
export function maskMatch(match: WafMatch, mask: Mask): WafMatch {
  return { ...match, data: mask.data(match.variable, match.data), msg: mask.data('', match.msg) }
}

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
export const months: readonly string[] = [
  'Jan',
  'Feb',
  'Mar',
  'Apr',
  'May',
  'Jun',
  'Jul',
  'Aug',
  'Sep',
  'Oct',
  'Nov',
  'Dec',
]

/** `Sat Nov 28 17:33:00.123456 2026`, in the time zone of the machine as Apache writes it. */
function apacheTime(time: number): string {
  const date = new Date(time)
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(':')
  const fraction = String(date.getMilliseconds()).padStart(3, '0')
  return `${days[date.getDay()]} ${months[date.getMonth()]} ${twoDigits(date.getDate())} ${clock}.${fraction}000 ${date.getFullYear()}`
}

export function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}
