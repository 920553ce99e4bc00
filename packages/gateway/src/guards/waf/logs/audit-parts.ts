import { textOf, type WafMatch } from '@gateward/waf'
import type { HeaderList } from '../../../exchange/header-list.ts'
import { maskMatch } from './error-lines.ts'
import type { Inspected } from './inspected.ts'
import type { Mask } from './mask.ts'

/** What an audit record may say of an exchange, masked, whatever its format. */
export interface AuditParts {
  readonly requestLine: string
  readonly requestFields: readonly Field[]
  readonly requestBody: string | undefined
  readonly status: number
  readonly answerFields: readonly Field[]
  readonly answerBody: string | undefined
  readonly matches: readonly WafMatch[]
}

export type Field = readonly [name: string, value: string]

const longestBody = 65_536

/** Collects what the parts named by their letters are made of. */
export function auditParts(inspected: Inspected, parts: string, mask: Mask): AuditParts {
  const { exchange, matches, requestBody, answerBody } = inspected
  const { request, answer } = exchange
  const wantsBody = parts.includes('C') || parts.includes('I')
  return {
    requestLine: `${request.method} ${maskTarget(request.target, mask)} ${request.protocol.toUpperCase()}`,
    requestFields: parts.includes('B') ? toFields(request.headers, mask) : [],
    requestBody: wantsBody ? toText(requestBody, request.headers.get('content-type'), mask) : undefined,
    status: answer?.status ?? 0,
    answerFields: parts.includes('F') && answer !== undefined ? toFields(answer.headers, mask) : [],
    answerBody: parts.includes('E')
      ? toText(answerBody, answer?.headers.get('content-type'), mask)
      : undefined,
    matches: parts.includes('H') || parts.includes('K') ? matches.map((match) => maskMatch(match, mask)) : [],
  }
}

function maskTarget(target: string, mask: Mask): string {
  const question = target.indexOf('?')
  return question === -1 ? target : `${target.slice(0, question)}?${mask.pairs(target.slice(question + 1))}`
}

function toFields({ flat }: HeaderList, mask: Mask): readonly Field[] {
  const fields: Field[] = []
  for (let index = 0; index < flat.length; index += 2) {
    const name = flat[index] ?? ''
    fields.push([name, mask.value(name, flat[index + 1] ?? '')])
  }
  return fields
}

function toText(body: Buffer | undefined, contentType: string | undefined, mask: Mask): string | undefined {
  if (body === undefined) return undefined
  const text = body.subarray(0, longestBody).toString('utf8')
  const isForm = contentType?.toLowerCase().includes('x-www-form-urlencoded') === true
  return isForm ? mask.pairs(text) : mask.text(text)
}

/** Bytes of a match as text. */
export function matchText(bytes: string): string {
  return textOf(bytes as Parameters<typeof textOf>[0])
}
