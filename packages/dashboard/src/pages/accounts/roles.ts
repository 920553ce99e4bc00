/** What an account or a token may be, from the least to the most. */
export const roles = ['viewer', 'operator', 'security', 'admin'] as const
