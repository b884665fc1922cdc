import { Badge, Group, List, Stack, Text } from '@mantine/core'
import { useFormat } from '../../i18n/format.js'
import { useTexts } from '../../i18n/index.js'
import type { Detail } from './data.js'
import { isKind } from './outcome.js'
import { TEXTS } from './texts.js'

/** The way that a request took: the rule, everybody who was asked, and what each of them said. */
export function Attempts({ of }: { of: Detail }) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  return (
    <Stack gap="xs">
      {of.why === null ? null : (
        <Text size="sm">
          {of.route === null ? '' : `${of.route}: `}
          {of.why}
        </Text>
      )}
      {of.fallbacks.length === 0 ? null : (
        <Text size="sm">
          {t('detail.fallbacks')}: {of.fallbacks.join('; ')}
        </Text>
      )}
      {of.move === null ? null : (
        <Text size="sm">{t('detail.move', { from: of.move.from.name, to: of.move.to.name, why: of.move.why })}</Text>
      )}
      {of.attempts.length === 0 ? null : (
        <List type="ordered" size="sm" spacing="xs" styles={{ itemWrapper: { alignItems: 'flex-start' } }}>
          {of.attempts.map((attempt, at) => (
            <List.Item key={`${at}${attempt.candidate}`}>
              <Group gap={6}>
                <Text size="sm" fw={600} component="span">
                  {attempt.candidate}
                </Text>
                {attempt.provider === null ? null : (
                  <Text size="sm" c="dimmed" component="span">
                    {attempt.provider}:{attempt.model}
                  </Text>
                )}
                <Badge
                  size="sm"
                  variant="light"
                  tt="none"
                  color={attempt.outcome === 'ok' ? 'teal' : 'red'}
                  styles={{ root: { height: 'auto' }, label: { whiteSpace: 'normal' } }}
                >
                  {attempt.outcome === 'ok'
                    ? t('detail.answered')
                    : isKind(attempt.outcome)
                      ? t(`kind.${attempt.outcome}`)
                      : attempt.outcome}
                  {attempt.status === null ? '' : ` ${attempt.status}`}
                </Badge>
                <Text size="sm" component="span" className="numbers">
                  {format.duration(attempt.ms)}
                </Text>
              </Group>
              {attempt.why === null ? null : (
                <Text size="xs" c="dimmed">
                  {t('detail.chosen')}: {attempt.why}
                </Text>
              )}
              {attempt.message === null ? null : (
                <Text size="xs">
                  {t('detail.said')}: {attempt.message}
                </Text>
              )}
            </List.Item>
          ))}
        </List>
      )}
    </Stack>
  )
}
