import { Badge, Button, Group, Stack, Text, Textarea } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.js'
import { useTexts } from '../../i18n/index.js'
import { sayDone, sayFailed } from '../../parts/say.js'
import type { Account } from './choose.js'
import { KEY } from './data.js'
import { DETAIL } from './detail-texts.js'
import { Part } from './detail-part.js'

/** Cookies that its owner sets: their names are shown, their values never again. */
export function Cookies({ account }: { account: Account }) {
  const { t } = useTexts(DETAIL)
  const client = useQueryClient()
  const [written, setWritten] = useState('')
  const params = { path: { id: account.id } }
  const key = ['account-cookies', account.id]
  const names = useQuery({
    queryKey: key,
    enabled: account.hasCookies,
    queryFn: async () => (await api.GET('/auth/accounts/{id}/cookies', { params })).data?.cookies ?? [],
  })
  const change = useMutation({
    mutationFn: async (cookies: string | null) =>
      cookies === null
        ? (await api.DELETE('/auth/accounts/{id}/cookies', { params })).data?.cookies
        : (await api.POST('/auth/accounts/{id}/cookies', { params, body: { cookies } })).data?.cookies,
    onSuccess(cookies, sent) {
      client.setQueryData(key, cookies ?? [])
      setWritten('')
      if (sent !== null) sayDone(t('cookiesDone'))
      void client.invalidateQueries({ queryKey: KEY })
    },
    onError: (error) => sayFailed(error),
  })
  const shown = names.data ?? []
  return (
    <Part title={t('cookies')}>
      <Stack gap="sm">
        <Text size="xs" c="dimmed">
          {t('cookiesAbout')}
        </Text>
        <Group gap={6}>
          {shown.length === 0 ? (
            <Text size="sm" c="dimmed">
              {t('cookiesNone')}
            </Text>
          ) : (
            shown.map((name) => (
              <Badge key={name} variant="default" tt="none">
                {name}
              </Badge>
            ))
          )}
        </Group>
        <Textarea
          label={t('cookiesLabel')}
          placeholder="cf_clearance=…"
          autosize
          minRows={1}
          maxRows={4}
          value={written}
          onChange={(event) => setWritten(event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
        />
        <Group gap="xs">
          <Button
            size="xs"
            variant="default"
            disabled={written.trim() === ''}
            loading={change.isPending}
            onClick={() => change.mutate(written)}
          >
            {t('cookiesSet')}
          </Button>
          {account.hasCookies ? (
            <Button size="xs" variant="subtle" color="red" onClick={() => change.mutate(null)}>
              {t('cookiesClear')}
            </Button>
          ) : null}
        </Group>
      </Stack>
    </Part>
  )
}
