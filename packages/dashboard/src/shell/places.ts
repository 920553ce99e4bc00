/** A page, where it is and what it is called. */
export interface PlaceEntry {
  readonly path: string
  readonly name: string
  /** Only those with the role admin have it. */
  readonly forAdmins?: true
}

/** Every page that can be gone to, in the order in which people look: what happens, who calls, what guards it, how it is run. */
export const places: readonly { readonly group: string; readonly entries: readonly PlaceEntry[] }[] = [
  {
    group: 'Traffic',
    entries: [
      { path: '/', name: 'Overview' },
      { path: '/requests', name: 'Requests' },
      { path: '/threats', name: 'Threats' },
      { path: '/alerts', name: 'Alerts' },
    ],
  },
  {
    group: 'Services',
    entries: [
      { path: '/apis', name: 'APIs' },
      { path: '/versions', name: 'Versions' },
      { path: '/consumers', name: 'Consumers' },
      { path: '/limits', name: 'Limits' },
    ],
  },
  {
    group: 'Protection',
    entries: [
      { path: '/waf', name: 'WAF' },
      { path: '/data', name: 'Data classes' },
      { path: '/keyring', name: 'Keyring' },
    ],
  },
  {
    group: 'Gateway',
    entries: [
      { path: '/configuration', name: 'Configuration' },
      { path: '/audit', name: 'Audit' },
      { path: '/accounts', name: 'Accounts', forAdmins: true },
    ],
  },
]
