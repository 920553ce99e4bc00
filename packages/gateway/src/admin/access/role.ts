import { roles, type Role } from '../../store/account-store.ts'
import type { Access } from '../contract/operation.ts'

/** Whether somebody with this role may call an operation; `undefined`: nobody is logged in. */
export function mayCall(access: Access, role: Role | undefined): boolean {
  if (access === 'public') return true
  if (role === undefined) return false
  return access === 'session' || roles.indexOf(role) >= roles.indexOf(access)
}

/** The lesser of two roles: a token can do no more than the account that made it. */
export function lesserRole(left: Role, right: Role): Role {
  return roles.indexOf(left) <= roles.indexOf(right) ? left : right
}
