import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import type { EndpointId } from '@gateward/gateway/admin-endpoints'
import {
  keepPreviousData,
  QueryClient,
  useMutation,
  useQuery,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query'
import { callAdmin, type AdminError, type Answered, type Call } from './client.ts'

/** What was asked lately; a page that comes back shows it at once and asks again. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      retry: (failures, error) => failures < 2 && (error as AdminError).status === 0,
    },
  },
})

interface Repetition {
  /** Milliseconds between two times that it is asked. */
  readonly every?: number
  readonly retry?: boolean
  /** Shows the answer to the question before until this one is there: another stretch of time, say. */
  readonly keep?: boolean
  /** Asked once, and not again after each change or look away: what is signed is what was read. */
  readonly isSteady?: boolean
}

/** What an operation of the admin API answers, kept fresh. */
export function useAdmin<Id extends EndpointId>(
  id: Id,
  call: Omit<Call<Id>, 'signal'> = {},
  { every, retry, keep = false, isSteady = false }: Repetition = {},
): UseQueryResult<AdminAnswer<Id>, AdminError> {
  return useQuery<AdminAnswer<Id>, AdminError>({
    queryKey: [id, call],
    queryFn: async ({ signal }) => (await callAdmin(id, { ...call, signal })).value,
    ...(every === undefined ? {} : { refetchInterval: every }),
    ...(retry === undefined ? {} : { retry }),
    ...(keep ? { placeholderData: keepPreviousData } : {}),
    ...(isSteady ? { staleTime: 'static' as const, gcTime: 0 } : {}),
  })
}

/** As {@link useAdmin}, with the ETag that a change of it needs; asked anew each time that something opens. */
export function useAdminWithEtag<Id extends EndpointId>(
  id: Id,
  call: Omit<Call<Id>, 'signal'> = {},
): UseQueryResult<Answered<Id>, AdminError> {
  return useQuery<Answered<Id>, AdminError>({
    queryKey: [id, call, 'etag'],
    queryFn: ({ signal }) => callAdmin(id, { ...call, signal }),
    staleTime: Infinity,
    gcTime: 0,
  })
}

/** Changes something; afterwards everything that was asked is asked again. */
export function useChange<Id extends EndpointId>(
  id: Id,
): UseMutationResult<Answered<Id>, AdminError, Call<Id>> {
  return useMutation<Answered<Id>, AdminError, Call<Id>>({
    mutationFn: (call) => callAdmin(id, call),
    onSuccess: () => queries.invalidateQueries(),
  })
}
