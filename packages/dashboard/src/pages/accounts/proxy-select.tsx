import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { api } from '../../api/client.js'
import { useTexts } from '../../i18n/index.js'
import { DETAIL } from './detail-texts.js'

/** By which way its requests go. */
export function ProxySelect({
  value,
  onChange,
  placeholder,
}: {
  value: string | null
  onChange: (choice: string | null) => void
  placeholder?: string
}) {
  const { t } = useTexts(DETAIL)
  const { data } = useQuery({ queryKey: ['proxies'], queryFn: async () => (await api.GET('/api/proxies')).data })
  return (
    <Select
      label={t('proxy')}
      value={value}
      onChange={onChange}
      {...(placeholder === undefined ? { allowDeselect: false } : { placeholder, clearable: true })}
      searchable
      data={[
        { value: 'global', label: t('proxyGlobal') },
        { value: 'direct', label: t('proxyDirect') },
        { value: 'auto', label: t('proxyAuto') },
        ...(data?.proxies.map(({ id, name }) => ({ value: id, label: name })) ?? []),
      ]}
    />
  )
}
