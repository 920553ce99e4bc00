import { createHmac, randomBytes } from 'node:crypto'
import type { ClassifiedParameter } from '@gateward/openapi'
import type { Exchange } from '../exchange/exchange.ts'

/** The path of a request as others may read it: segments that the contract classifies show their class instead. */
export function shownPath({ request: { path }, route }: Exchange): string {
  const classified = route.operation?.parameters.classified
  if (classified === undefined || !classified.some(isInPath)) return path
  const segments = path.split('/')
  for (const parameter of classified.filter(isInPath))
    segments[segments.length - parameter.segmentFromEnd] = `(${parameter.field.class})`
  return segments.join('/')
}

/**
 * What names the object of a request, for telling objects apart: the variables of its path, or, where the contract
 * classifies one of them, a hash of them that nobody can make who is not this process.
 */
export function shownObject({ pathParameters, route }: Exchange): string {
  if (pathParameters.length === 0) return ''
  const text = pathParameters.join('/')
  if (!route.operation?.parameters.classified.some(isInPath)) return text
  return createHmac('sha256', hashKey).update(text).digest('base64url')
}

function isInPath({ in: place, segmentFromEnd }: ClassifiedParameter): boolean {
  return place === 'path' && segmentFromEnd > 0
}

const hashKey = randomBytes(32)
