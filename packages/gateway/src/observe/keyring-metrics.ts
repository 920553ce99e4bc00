import { Counter, Gauge, type Registry } from 'prom-client'

/** What metrics need of a data key. */
interface MeasuredKey {
  readonly id: string
  readonly purpose: string
  readonly state: string
  /** Milliseconds. */
  readonly age: number
  readonly messages: number
  readonly limit: number
  readonly values: number
}

/** The age and use of data keys as metrics; keys that are destroyed are not shown. */
export class KeyringMetrics {
  readonly #age: Gauge
  readonly #used: Gauge
  readonly #values: Gauge
  readonly #faults: Counter

  constructor(registry: Registry) {
    const registers = [registry]
    const labelNames = ['purpose', 'key', 'state']
    this.#age = new Gauge({
      name: 'gateward_keyring_key_age_seconds',
      help: 'Seconds since a data key was made.',
      labelNames,
      registers,
    })
    this.#used = new Gauge({
      name: 'gateward_keyring_key_messages_ratio',
      help: 'Messages that a data key has encrypted, of those it may: 1 is the end.',
      labelNames,
      registers,
    })
    this.#values = new Gauge({
      name: 'gateward_keyring_key_values',
      help: 'Values of the store that are under a data key.',
      labelNames,
      registers,
    })
    this.#faults = new Counter({
      name: 'gateward_keyring_faults_total',
      help: 'What failed in the keyring while the gateway ran, such as a provider that was not there.',
      labelNames: ['code'],
      registers,
    })
  }

  /** Shows the keys as they are now, and no others. */
  show(keys: readonly MeasuredKey[]): void {
    for (const gauge of [this.#age, this.#used, this.#values]) gauge.reset()
    for (const { id, purpose, state, age, messages, limit, values } of keys) {
      if (state === 'destroyed') continue
      const labels = { purpose, key: id, state }
      this.#age.set(labels, age / 1_000)
      this.#used.set(labels, messages / limit)
      this.#values.set(labels, values)
    }
  }

  countFault(code: string): void {
    this.#faults.inc({ code })
  }
}
