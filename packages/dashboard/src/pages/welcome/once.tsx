import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useLocation } from 'wouter'
import { api } from '../../api/client.js'

const WELCOMED_AS = 'dragoman-welcomed'

/** Nobody is led to the introduction a second time. */
export function welcomed(): void {
  localStorage.setItem(WELCOMED_AS, 'yes')
}

/** Leads from the overview of a gateway that has nothing yet to the introduction, once. */
export function WelcomeOnce() {
  const [location, go] = useLocation()
  const wanted = location === '/' && localStorage.getItem(WELCOMED_AS) === null
  const { data } = useQuery({
    queryKey: ['connect'],
    queryFn: async () => (await api.GET('/admin/connect')).data,
    enabled: wanted,
  })
  useEffect(() => {
    if (!wanted || data === undefined) return
    welcomed()
    if (data.is_new) go('/welcome', { replace: true })
  }, [wanted, data])
  return null
}
