import { Badge, VisuallyHidden } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { api } from '../api/client.js'
import { useRefreshOn } from '../api/queries.js'
import { useFormat } from '../i18n/format.js'
import { useCommon } from '../i18n/index.js'

const KEY = ['unread-errors']
/** More than that is said as "99+". */
const MOST = 99

/** How many errors nobody has looked at, beside the name of their page; nothing when there are none. */
export function UnreadErrors() {
  const { t } = useCommon()
  const { number } = useFormat()
  const { data } = useQuery({
    queryKey: KEY,
    queryFn: async () => (await api.GET('/admin/error-logs/count')).data,
  })
  useRefreshOn('errors', KEY)
  const unread = data?.unread ?? 0
  if (unread === 0) return null
  const shown = unread > MOST ? `${MOST}+` : number(unread)
  return (
    <Badge size="sm" color="red" variant="filled">
      <span aria-hidden="true">{shown}</span>
      <VisuallyHidden>{t('shell.unread', { count: unread })}</VisuallyHidden>
    </Badge>
  )
}
