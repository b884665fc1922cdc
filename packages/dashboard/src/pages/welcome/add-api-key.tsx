import { Anchor, Button, PasswordInput, Select, Stack, TextInput } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, ApiError } from '../../api/client.js'
import { useTexts } from '../../i18n/index.js'
import { Loaded } from '../../parts/page.js'
import { sayDone } from '../../parts/say.js'
import { TEXTS } from './texts.js'

/** The shortest way to an API key of a provider; everything else about it is said on the page of providers. */
export function AddApiKey({ onDone }: { onDone: () => void }) {
  const { t } = useTexts(TEXTS)
  const catalog = useQuery({
    queryKey: ['api-keys', 'catalog'],
    queryFn: async () => (await api.GET('/auth/api-keys/catalog')).data?.providers,
  })
  const [provider, setProvider] = useState('openai')
  const [apiKey, setApiKey] = useState('')
  const [baseUrl, setBaseUrl] = useState('')
  const add = useMutation({
    mutationFn: async () =>
      api.POST('/auth/api-keys', {
        body: { provider, ...(apiKey === '' ? {} : { apiKey }), ...(baseUrl === '' ? {} : { baseUrl }) },
      }),
    onSuccess() {
      setApiKey('')
      setBaseUrl('')
      sayDone(t('keyAdded', { provider }))
      onDone()
    },
  })
  const wrong = add.error instanceof ApiError ? add.error : undefined
  const errorAt = (pointer: string): string | undefined => (wrong?.pointer === pointer ? wrong.message : undefined)
  const elsewhere =
    wrong !== undefined && !['/apiKey', '/baseUrl'].includes(wrong.pointer ?? '') ? wrong.message : undefined
  return (
    <Loaded query={catalog} skeleton={190}>
      {(providers) => {
        const preset = providers.find(({ id }) => id === provider)
        return (
          <form
            onSubmit={(event) => {
              event.preventDefault()
              add.mutate()
            }}
          >
            <Stack gap="sm" maw={440} align="flex-start">
              <Select
                w="100%"
                label={t('provider')}
                placeholder={t('providerSearch')}
                searchable
                allowDeselect={false}
                data={providers.map(({ id, title }) => ({ value: id, label: title }))}
                value={provider}
                onChange={(value) => {
                  setProvider(value ?? 'openai')
                  setBaseUrl('')
                  add.reset()
                }}
                error={elsewhere}
              />
              {preset?.baseUrl === null || preset?.local === true ? (
                <TextInput
                  w="100%"
                  label={t('baseUrl')}
                  placeholder={preset.baseUrl ?? 'https://api.example.com/v1'}
                  value={baseUrl}
                  onChange={(event) => setBaseUrl(event.currentTarget.value.trim())}
                  error={errorAt('/baseUrl')}
                />
              ) : null}
              <PasswordInput
                w="100%"
                label={t('apiKey')}
                autoComplete="off"
                value={apiKey}
                onChange={(event) => setApiKey(event.currentTarget.value.trim())}
                error={errorAt('/apiKey')}
                description={<KeysAt address={preset?.keysAt ?? null} />}
              />
              <Button type="submit" leftSection={<IconKey size={16} />} loading={add.isPending}>
                {t('keyAdd')}
              </Button>
            </Stack>
          </form>
        )
      }}
    </Loaded>
  )
}

function KeysAt({ address }: { address: string | null }) {
  const { t } = useTexts(TEXTS)
  if (address === null || !/^https?:\/\//.test(address)) return null
  return (
    <Anchor href={address} target="_blank" rel="noopener noreferrer" size="xs" underline="always">
      {t('keysAt', { address: new URL(address).host })}
    </Anchor>
  )
}
