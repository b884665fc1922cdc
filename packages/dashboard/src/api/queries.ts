import { QueryClient, useQueryClient, type QueryKey } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { ApiError } from './client.js'
import { useLive, type LiveTopic } from './live.js'

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      refetchOnWindowFocus: false,
      retry: (count, error) => count < 2 && !(error instanceof ApiError && error.status < 500),
    },
  },
})

/** Reads some queries anew when the gateway says that something of a topic changed; at most so often. */
export function useRefreshOn(topic: LiveTopic, key: QueryKey, everyMs = 500): void {
  const client = useQueryClient()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const soon = (): void => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined
      void client.invalidateQueries({ queryKey: key })
    }, everyMs)
  }
  useLive(topic, soon)
  useLive('reset', soon)
  useEffect(() => () => clearTimeout(timer.current), [])
}
