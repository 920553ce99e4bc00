import type { GatewardEvent, RequestEvent } from '../observe/events/event.ts'
import { exampleRefusal, exampleRequest } from '../observe/events/testing.ts'
import { nowhere, type Geography } from '../geography/geography.ts'

/** An attack that was put into the traffic. */
export interface Attack {
  readonly kind: string
  readonly api: string
  readonly start: number
  readonly end: number
  /** The names under which it may be found; the API and its operations are always among them. */
  readonly subjects: ReadonlySet<string>
}

export const day = 86_400_000
const minute = 60_000
const hour = 3_600_000

/** Random numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

interface Caller {
  readonly api: string
  readonly consumer: string
  readonly address: string
  readonly country: string
  /** Requests on an ordinary day. */
  readonly daily: number
  /** Whether it keeps office hours, those of an app, or none. */
  readonly rhythm: 'office' | 'evening' | 'machine'
  readonly operations: readonly string[]
  /** How many objects are its own. */
  readonly objects: number
  /** A machine that reads everything each night at this hour. */
  readonly exportsAt: number | undefined
}

const operationsOf: Readonly<Record<string, readonly string[]>> = {
  shop: [
    'listOrders',
    'getOrder',
    'createOrder',
    'getCart',
    'updateCart',
    'checkout',
    'getProduct',
    'search',
  ],
  partner: ['listStock', 'getStock', 'updateStock', 'getPrice'],
  mobile: ['login', 'getFeed', 'getProfile', 'updateProfile', 'like', 'getMessage', 'sendMessage'],
}

/** Operations that exist and that callers of the API hardly ever use. */
const unusedOperations = [
  'refund',
  'exportAll',
  'adminUsers',
  'setRole',
  'debug',
  'backup',
  'audit',
  'impersonate',
  'purge',
  'reindex',
  'metrics',
  'config',
]

/** APIs of the synthetic traffic. */
export const apis: readonly string[] = Object.keys(operationsOf)

/** Traffic of three APIs with hundreds of callers, the same for the same seed. */
export class SyntheticTraffic {
  readonly #random: () => number
  readonly #callers: readonly Caller[]
  readonly #countries = new Map<string, string>()
  /** Where the addresses of this traffic are. */
  readonly geography: Geography = {
    locate: (address) => {
      const country = this.#countries.get(address)
      return country === undefined ? nowhere : this.#place(country)
    },
  }
  readonly #places = new Map<string, ReturnType<Geography['locate']>>()

  constructor(seed: number) {
    this.#random = createRandom(seed)
    this.#callers = [
      ...this.#make('shop', 120, 'office', ['DE', 'DE', 'DE', 'FR', 'NL', 'AT'], 160),
      ...this.#make('partner', 20, 'machine', ['DE', 'US', 'IE'], 500),
      ...this.#make('mobile', 250, 'evening', ['DE', 'FR', 'ES', 'IT', 'PL', 'GB'], 50),
    ]
  }

  /** One day without attacks, in order of time. */
  ordinaryDay(start: number): GatewardEvent[] {
    const isWeekend = [0, 6].includes(new Date(start).getUTCDay())
    const requests = this.#callers.flatMap((caller) => this.#dayOf(caller, start, isWeekend))
    return this.#withRefusals(requests.sort((left, right) => left.time - right.time))
  }

  /** An ordinary day into which one attack of each kind was put. */
  attackedDay(start: number): { readonly events: GatewardEvent[]; readonly attacks: readonly Attack[] } {
    const attacks: Attack[] = []
    const requests: RequestEvent[] = []
    attackKinds.forEach((kind, index) => {
      // Spread over the day, so that none hides behind another.
      const begin = Math.round(start + ((index + 0.1 + 0.5 * this.#random()) / attackKinds.length) * day)
      const { api, subjects, made, end } = this.#attack(kind, begin)
      requests.push(...made)
      attacks.push({ kind, api, start: begin, end, subjects: new Set(subjects) })
    })
    const ordinary = this.ordinaryDay(start)
    const all = [...ordinary.filter((event) => event.kind === 'request'), ...requests]
    const events = this.#withRefusals(all.sort((left, right) => left.time - right.time))
    return { events, attacks }
  }

  #make(
    api: string,
    count: number,
    rhythm: Caller['rhythm'],
    countries: readonly string[],
    daily: number,
  ): readonly Caller[] {
    return Array.from({ length: count }, (_, number) => {
      const country = this.#pick(countries)
      const operations = operationsOf[api] ?? []
      return {
        api,
        consumer: `${api}-${number}`,
        address: this.#address(country),
        country,
        // A few do most of it, as everywhere.
        daily: daily * (0.3 + 2 * this.#random() ** 3),
        rhythm,
        operations: operations.filter(() => this.#random() < 0.9),
        objects: 5 + Math.floor(this.#random() * 40),
        exportsAt: rhythm === 'machine' && number < 2 ? 2 + number : undefined,
      }
    })
  }

  #dayOf(caller: Caller, start: number, isWeekend: boolean): RequestEvent[] {
    const quiet = isWeekend && caller.rhythm === 'office' ? 0.25 : 1
    const count = Math.round(caller.daily * quiet * (0.7 + 0.6 * this.#random()))
    const requests = Array.from({ length: count }, () =>
      this.#request(caller, start + this.#timeOfDay(caller.rhythm)),
    )
    // People come in sessions: some minutes of clicks around the same time.
    if (caller.rhythm !== 'machine')
      for (let index = 1; index < requests.length; index++)
        if (index % 8 !== 0)
          requests[index] = {
            ...(requests[index] as RequestEvent),
            time: (requests[index - 1] as RequestEvent).time + 20_000 * this.#random(),
          }
    if (caller.exportsAt !== undefined)
      for (let number = 0; number < 900; number++)
        requests.push(
          this.#request(caller, start + caller.exportsAt * hour + number * 900 + 300 * this.#random(), {
            operation: 'getStock',
            object: `stock-${number}`,
          }),
        )
    return requests.filter(({ time }) => time < start + day)
  }

  #timeOfDay(rhythm: Caller['rhythm']): number {
    if (rhythm === 'machine') return this.#random() * day
    const peak = rhythm === 'office' ? 13 : 19
    const spread = (this.#random() + this.#random() + this.#random() - 1.5) * (rhythm === 'office' ? 7 : 9)
    return ((peak + spread + 24) % 24) * hour
  }

  #request(caller: Caller, time: number, changes: Partial<RequestEvent> = {}): RequestEvent {
    const roll = this.#random()
    const failure: Partial<RequestEvent> =
      roll < 0.004
        ? { status: 401, code: 'UNAUTHENTICATED', consumer: undefined, credential: undefined }
        : roll < 0.007
          ? { status: 429, code: 'RATE_LIMITED' }
          : roll < 0.009
            ? { status: 502, code: 'UPSTREAM_ERROR' }
            : roll < 0.02
              ? { status: 404 }
              : {}
    return exampleRequest({
      time: Math.round(time),
      api: caller.api,
      operation: this.#pick(caller.operations),
      client: caller.address,
      block: caller.address,
      consumer: caller.consumer,
      credential: `key-${caller.consumer}`,
      object: this.#random() < 0.5 ? `${caller.consumer}/${Math.floor(this.#random() * caller.objects)}` : '',
      bytesOut: 200 + Math.floor(this.#random() ** 4 * 60_000),
      duration: 5 + 50 * this.#random(),
      ...failure,
      ...changes,
    })
  }

  #withRefusals(requests: readonly RequestEvent[]): GatewardEvent[] {
    return requests.flatMap((request): GatewardEvent[] => {
      const kind =
        request.status === 401
          ? 'authentication-failed'
          : request.status === 429
            ? 'limit-exceeded'
            : undefined
      return kind === undefined ? [request] : [request, exampleRefusal({ kind, time: request.time, request })]
    })
  }

  #attack(kind: AttackKind, start: number) {
    const api = this.#pick(apis)
    const callers = this.#callers.filter(
      (caller) => caller.api === api && caller.exportsAt === undefined && caller.daily > 20,
    )
    const victim = this.#pick(callers)
    const attacker = this.#address('BR')
    const series = (count: number, length: number, make: (index: number, time: number) => RequestEvent) =>
      Array.from({ length: count }, (_, index) => make(index, start + (index / count) * length))
    const asVictim = (time: number, changes: Partial<RequestEvent>) =>
      this.#request(victim, time, { status: 200, code: undefined, consumer: victim.consumer, ...changes })
    const asStranger = (time: number, address: string, changes: Partial<RequestEvent>) =>
      this.#request(victim, time, {
        client: address,
        block: address,
        consumer: undefined,
        credential: undefined,
        object: '',
        ...changes,
      })
    const refused = { status: 401, code: 'UNAUTHENTICATED', operation: 'login' } as const
    const made = {
      'credential-stuffing': () => series(900, 6 * minute, (_, time) => asStranger(time, attacker, refused)),
      'distributed-stuffing': () => {
        const addresses = Array.from({ length: 300 }, () =>
          this.#address(this.#pick(['BR', 'VN', 'RU', 'ID'])),
        )
        return series(900, 8 * minute, (index, time) =>
          asStranger(time, addresses[index % 300] ?? '', refused),
        )
      },
      'slow-guessing': () => series(360, 2 * hour, (_, time) => asStranger(time, attacker, refused)),
      enumeration: () =>
        series(500, 6 * minute, (index, time) =>
          asVictim(time, { operation: victim.operations[1] ?? '', object: `order-${index}` }),
        ),
      'slow-enumeration': () =>
        series(700, 2.5 * hour, (index, time) =>
          asVictim(time, { operation: victim.operations[1] ?? '', object: `order-${index}` }),
        ),
      scraping: () => series(120, 8 * minute, (_, time) => asVictim(time, { bytesOut: 900_000 })),
      flood: () =>
        series(6_000, 4 * minute, (_, time) => asStranger(time, attacker, { status: 200, code: undefined })),
      'limit-hammering': () =>
        series(700, 6 * minute, (_, time) => asVictim(time, { status: 429, code: 'RATE_LIMITED' })),
      'error-spike': () =>
        series(250, 6 * minute, (index, time) =>
          this.#request(callers[index % callers.length] ?? victim, time, {
            status: 503,
            code: 'UPSTREAM_UNAVAILABLE',
          }),
        ),
      scanning: () =>
        series(400, 5 * minute, (index, time) =>
          asStranger(time, attacker, {
            status: 404,
            code: 'NOT_FOUND',
            operation: '(none)',
            path: `/wp-${index}`,
          }),
        ),
      'impossible-travel': () => [
        asVictim(start, {}),
        ...series(15, 5 * minute, (_, time) =>
          asVictim(time + 10 * minute, { client: attacker, block: attacker }),
        ),
      ],
      'stolen-key-elsewhere': () => {
        const address = this.#address('NG')
        return series(25, 10 * minute, (_, time) => asVictim(time, { client: address, block: address }))
      },
      'unused-operations': () =>
        series(60, 5 * minute, (index, time) =>
          asVictim(time, { operation: unusedOperations[index % unusedOperations.length] ?? '', object: '' }),
        ),
      'odd-sequence': () =>
        series(80, 5 * minute, (index, time) =>
          asVictim(time, {
            operation: index % 2 === 0 ? (victim.operations[0] ?? '') : 'refund',
            object: '',
          }),
        ),
    }[kind]()
    const addresses = made.map(({ client }) => client)
    const end = Math.max(...made.map(({ time }) => time))
    return {
      api,
      made,
      end,
      subjects: [victim.consumer, `key-${victim.consumer}`, ...addresses, 'BR', 'VN', 'RU', 'ID', 'NG'],
    }
  }

  #place(country: string): ReturnType<Geography['locate']> {
    let place = this.#places.get(country)
    if (place === undefined) this.#places.set(country, (place = { ...nowhere, country }))
    return place
  }

  #address(country: string): string {
    const part = () => Math.floor(this.#random() * 254) + 1
    const address = `${part()}.${part()}.${part()}.${part()}`
    this.#countries.set(address, country)
    return address
  }

  #pick<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.#random() * items.length)] as Item
  }
}

const attackKinds = [
  'credential-stuffing',
  'distributed-stuffing',
  'slow-guessing',
  'enumeration',
  'slow-enumeration',
  'scraping',
  'flood',
  'limit-hammering',
  'error-spike',
  'scanning',
  'impossible-travel',
  'stolen-key-elsewhere',
  'unused-operations',
  'odd-sequence',
] as const

type AttackKind = (typeof attackKinds)[number]
