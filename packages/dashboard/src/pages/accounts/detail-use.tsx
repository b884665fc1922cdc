import { Button, Text } from '@mantine/core'
import { useFormat } from '../../i18n/format.js'
import { useCommon, useTexts } from '../../i18n/index.js'
import { askFirst } from '../../parts/say.js'
import { useNow } from '../../parts/use-now.js'
import { nameOf, type Account } from './choose.js'
import { ACTS, useAct } from './data.js'
import { DETAIL } from './detail-texts.js'
import { Facts, Part } from './detail-part.js'

/** What it has done since it was added, or since it was last counted from zero. */
export function UseDetail({ account }: { account: Account }) {
  const { t } = useTexts(DETAIL)
  const common = useCommon()
  const format = useFormat()
  const now = useNow()
  const act = useAct(account.id)
  const { usage, open } = account
  const images = usage.image_request_count
  return (
    <Part
      title={t('use')}
      action={
        <Button
          size="compact-sm"
          variant="subtle"
          onClick={() =>
            askFirst({
              title: t('resetTitle'),
              children: <Text size="sm">{t('resetAbout', { name: nameOf(account) })}</Text>,
              confirm: t('reset'),
              cancel: common.t('act.cancel'),
              run: async () => {
                await act.mutateAsync(ACTS.resetUsage)
              },
            })
          }
        >
          {t('reset')}
        </Button>
      }
    >
      <Facts
        facts={[
          [t('requests'), format.number(usage.request_count)],
          [t('failed'), format.number(usage.failed_count)],
          [t('input'), format.number(usage.input_tokens)],
          [t('cached'), format.number(usage.cached_tokens)],
          [t('output'), format.number(usage.output_tokens)],
          [t('reasoning'), format.number(usage.reasoning_tokens)],
          ...(images === 0 ? [] : ([[t('images'), format.number(images)]] as const)),
          [t('cost'), format.usd(usage.estimated_cost_usd)],
          [
            t('lastUsed'),
            usage.last_used === null
              ? common.t('state.never')
              : `${format.relative(usage.last_used, now)} (${format.dateTime(usage.last_used)})`,
          ],
          [t('openNow'), format.number(open)],
        ]}
      />
    </Part>
  )
}
