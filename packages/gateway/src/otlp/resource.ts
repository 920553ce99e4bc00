import type { OtlpSettings } from './settings.ts'
import { toAttributes } from './values.ts'

/** Who sends: OTLP's resource and instrumentation scope, as objects of its JSON. */
export interface Sender {
  readonly resource: object
  readonly scope: object
}

/** Describes this process; `instance` is unique among all that ever ran. */
export function toSender(
  { service, attributes }: Pick<OtlpSettings, 'service' | 'attributes'>,
  process: { readonly host: string; readonly version: string; readonly instance: string },
): Sender {
  const { host, version, instance } = process
  return {
    resource: {
      attributes: toAttributes({
        ...attributes,
        'service.name': service,
        'service.version': version,
        'service.instance.id': instance,
        'host.name': host,
      }),
    },
    scope: { name: 'gateward', version },
  }
}
