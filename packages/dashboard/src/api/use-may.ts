import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import { useAdmin } from './queries.ts'

type Role = AdminAnswer<'getSession'>['account']['role']

const roles: readonly Role[] = ['viewer', 'operator', 'security', 'admin']

/** Whether whoever looks has at least this role: what one may not do is not offered. The gateway decides all the same. */
export function useMay(role: Role): boolean {
  const { data } = useAdmin('getSession', {}, { retry: false })
  return data !== undefined && roles.indexOf(data.account.role) >= roles.indexOf(role)
}
