/** What the published schema of OCSF 1.3.0 demands of the classes that are written, for tests without a checkout of it. */
interface ClassRules {
  readonly category: number
  readonly activities: readonly number[]
  readonly required: readonly string[]
  /** Groups of which at least one must be there. */
  readonly oneOf: readonly (readonly string[])[]
  readonly known: readonly string[]
}

const base = [
  'activity_id',
  'category_uid',
  'class_uid',
  'type_uid',
  'severity_id',
  'time',
  'message',
  'status_id',
  'status_detail',
  'metadata',
  'duration',
  'unmapped',
]

const classes: Readonly<Record<number, ClassRules>> = {
  2004: {
    category: 2,
    activities: [0, 1, 2, 3, 99],
    required: ['finding_info'],
    oneOf: [],
    known: ['finding_info', 'evidences', 'action_id', 'disposition_id', 'resources'],
  },
  3002: {
    category: 3,
    activities: [0, 1, 2, 3, 4, 5, 6, 99],
    required: ['user'],
    oneOf: [['service', 'dst_endpoint']],
    known: ['user', 'service', 'dst_endpoint', 'src_endpoint', 'http_request', 'is_cleartext'],
  },
  4002: {
    category: 4,
    activities: [0, 1, 2, 3, 4, 5, 6, 7, 8, 99],
    required: ['dst_endpoint'],
    oneOf: [['http_request', 'http_response']],
    known: ['dst_endpoint', 'src_endpoint', 'http_request', 'http_response'],
  },
  6003: {
    category: 6,
    activities: [0, 1, 2, 3, 4, 99],
    required: ['actor', 'api', 'src_endpoint'],
    oneOf: [],
    known: ['actor', 'api', 'src_endpoint', 'dst_endpoint', 'http_request', 'resources'],
  },
}

/** What is not as the schema says; an empty list: the event is valid. */
export function ocsfMistakes(event: Readonly<Record<string, unknown>>): readonly string[] {
  const rules = classes[Number(event['class_uid'])]
  if (rules === undefined) return ['class_uid']
  const activity = Number(event['activity_id'])
  const metadata = event['metadata'] as
    { version?: string; product?: { name?: string; vendor_name?: string } } | undefined
  const has = (name: string): boolean => event[name] !== undefined
  return [
    ...[...base.slice(0, 6), 'metadata', ...rules.required].filter((name) => !has(name)),
    ...rules.oneOf.filter((names) => !names.some(has)).map((names) => names.join(' or ')),
    ...Object.keys(event).filter((name) => has(name) && ![...base, ...rules.known].includes(name)),
    ...(event['category_uid'] === rules.category ? [] : ['category_uid']),
    ...(rules.activities.includes(activity) ? [] : ['activity_id']),
    ...(event['type_uid'] === Number(event['class_uid']) * 100 + activity ? [] : ['type_uid']),
    ...([0, 1, 2, 3, 4, 5, 6, 99].includes(Number(event['severity_id'])) ? [] : ['severity_id']),
    ...(Number.isSafeInteger(event['time']) ? [] : ['time']),
    ...(metadata?.version === '1.3.0' && metadata.product?.name !== undefined ? [] : ['metadata']),
    ...objectMistakes(event),
  ]
}

function objectMistakes(event: Readonly<Record<string, unknown>>): readonly string[] {
  const api = event['api'] as { operation?: string } | undefined
  const finding = event['finding_info'] as { uid?: string; title?: string } | undefined
  const actor = event['actor'] as Readonly<Record<string, unknown>> | undefined
  const user = event['user'] as Readonly<Record<string, unknown>> | undefined
  const endpoints = ['src_endpoint', 'dst_endpoint'].filter((name) => {
    const endpoint = event[name] as Readonly<Record<string, unknown>> | undefined
    return (
      endpoint !== undefined &&
      !['ip', 'hostname', 'name', 'uid'].some((member) => endpoint[member] !== undefined)
    )
  })
  return [
    ...(api !== undefined && typeof api.operation !== 'string' ? ['api.operation'] : []),
    ...(finding !== undefined && (finding.uid === undefined || finding.title === undefined)
      ? ['finding_info']
      : []),
    ...(actor !== undefined &&
    !['user', 'process', 'app_name', 'app_uid', 'session'].some((name) => actor[name] !== undefined)
      ? ['actor']
      : []),
    ...(user !== undefined && !['name', 'uid', 'account'].some((name) => user[name] !== undefined)
      ? ['user']
      : []),
    ...endpoints,
  ]
}
