import { Button, Group, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/client.js'
import { useFormat } from '../../i18n/format.js'
import { useCommon, useTexts } from '../../i18n/index.js'
import { inOrder, QuotaBar } from '../../parts/quota-bar.js'
import { askFirst, sayDone, sayFailed } from '../../parts/say.js'
import { useNow } from '../../parts/use-now.js'
import { nameOf, type Account } from './choose.js'
import { KEY } from './data.js'
import { DETAIL } from './detail-texts.js'
import { Facts, Part } from './detail-part.js'

/** All windows of all limits, credits, and resets to spend. */
export function QuotaDetail({ account }: { account: Account }) {
  const { t } = useTexts(DETAIL)
  const common = useCommon()
  const format = useFormat()
  const now = useNow()
  const client = useQueryClient()
  const { quota } = account
  const spend = useMutation({
    mutationFn: async () => {
      const { data } = await api.POST('/auth/accounts/{id}/reset-credits/consume', {
        params: { path: { id: account.id } },
        body: { redeem_request_id: crypto.randomUUID() },
      })
      if (data === undefined || !data.success) throw new Error(data?.message ?? '')
      sayDone(data.message)
    },
    onSettled: () => client.invalidateQueries({ queryKey: KEY }),
  })
  if (quota === undefined || quota === null) {
    return (
      <Part title={t('quota')}>
        <Text size="sm" c="dimmed">
          {t('quotaNone')}
        </Text>
      </Part>
    )
  }
  const { credits } = quota
  const resets = quota.reset_credits_available ?? 0
  return (
    <Part
      title={t('quota')}
      action={
        quota.told_at === null ? null : (
          <Text size="xs" c="dimmed">
            {t('quotaAbout', { when: format.relative(quota.told_at, now) })}
          </Text>
        )
      }
    >
      <Stack gap="sm">
        {inOrder(quota.windows).map((window) => (
          <QuotaBar key={`${window.limit}/${window.slot}`} window={window} detailed />
        ))}
        {account.quotaVerifyRequired === true ? (
          <Text size="xs" c="dimmed">
            {t('verify')}
          </Text>
        ) : null}
        <Group justify="space-between" align="flex-end" gap="sm">
          <Facts
            facts={[
              [
                t('credits'),
                credits === null || !credits.has_credits
                  ? t('creditsNone')
                  : credits.unlimited
                    ? t('creditsUnlimited')
                    : (credits.balance ?? t('unknown')),
              ],
              [t('resets'), format.number(resets)],
            ]}
          />
          {resets > 0 ? (
            <Button
              size="xs"
              variant="default"
              loading={spend.isPending}
              onClick={() =>
                askFirst({
                  title: t('spendTitle'),
                  children: <Text size="sm">{t('spendAbout', { name: nameOf(account) })}</Text>,
                  confirm: t('spend'),
                  cancel: common.t('act.cancel'),
                  danger: false,
                  run: () => spend.mutateAsync().catch((error: unknown) => sayFailed(error)),
                })
              }
            >
              {t('spend')}
            </Button>
          ) : null}
        </Group>
      </Stack>
    </Part>
  )
}
