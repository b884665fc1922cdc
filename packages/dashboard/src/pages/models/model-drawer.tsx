import { Anchor, Badge, Button, Code, Drawer, Group, Select, SegmentedControl, Stack, Text, Title } from '@mantine/core'
import { IconArrowsSplit2, IconMessages, IconTag } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { Link } from 'wouter'
import { useFormat } from '../../i18n/format.js'
import { useCommon, useTexts } from '../../i18n/index.js'
import { Copy } from '../../parts/copy.js'
import type { Model } from './data.js'
import { dateOf, plansOf } from './model-table.js'
import classes from './models.module.css'
import { aboutName, useModalities } from './served-by.js'
import { TEXTS } from './texts.js'

/** Everything about one model, and the name to ask for it by. */
export function ModelDrawer({
  model,
  close,
  explain,
  alias,
}: {
  model: Model | undefined
  close(): void
  explain(name: string): void
  alias(target: string): void
}) {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  return (
    <Drawer
      opened={model !== undefined}
      onClose={close}
      position="right"
      size="md"
      title={model === undefined ? '' : t('detail.about', { name: model.name })}
      closeButtonProps={{ 'aria-label': common.t('act.close') }}
    >
      {model === undefined ? null : <Detail key={model.name} model={model} explain={explain} alias={alias} />}
    </Drawer>
  )
}

function Detail({ model, explain, alias }: { model: Model; explain(name: string): void; alias(target: string): void }) {
  const { t } = useTexts(TEXTS)
  const [name, setName] = useState(model.name)
  return (
    <Stack>
      <div>
        <Title order={2} size="h4" className={classes.word}>
          {model.displayName}
        </Title>
        <Text size="sm" c="dimmed" className={classes.word}>
          {aboutName(model, t)}
        </Text>
        {model.description === null || model.description === model.displayName ? null : (
          <Text size="sm" mt={4} className={classes.word}>
            {model.description}
          </Text>
        )}
      </div>
      <AskFor model={model} onName={setName} name={name} />
      <Group gap="xs">
        <Button size="xs" variant="default" leftSection={<IconArrowsSplit2 size={14} />} onClick={() => explain(name)}>
          {t('detail.explain')}
        </Button>
        <Button size="xs" variant="default" leftSection={<IconTag size={14} />} onClick={() => alias(name)}>
          {t('detail.addAlias')}
        </Button>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconMessages size={14} />}
          component={Link}
          href={`/playground?model=${encodeURIComponent(name)}`}
        >
          {t('detail.tryIt')}
        </Button>
      </Group>
      <Facts model={model} />
      <Price model={model} />
      <Serving model={model} />
    </Stack>
  )
}

const TIERS = ['', 'fast', 'flex'] as const

/** The name with the suffixes that somebody picks. */
function AskFor({ model, name, onName }: { model: Model; name: string; onName(name: string): void }) {
  const { t } = useTexts(TEXTS)
  const [effort, setEffort] = useState('')
  const [tier, setTier] = useState<string>('')
  const hasTiers = model.provider === 'codex'
  const pick = (nextEffort: string, nextTier: string): void => {
    setEffort(nextEffort)
    setTier(nextTier)
    onName([model.name, nextEffort, nextTier].filter((part) => part !== '').join('-'))
  }
  return (
    <Stack gap="xs">
      <Text size="sm" fw={500}>
        {t('detail.ask')}
      </Text>
      <div className={classes.asked}>
        <Code className={classes.word} data-testid="asked-name">
          {name}
        </Code>
        <Copy value={name} label={t('detail.copyName')} />
      </div>
      {model.efforts.length === 0 ? null : (
        <Select
          label={t('detail.effort')}
          data={[
            {
              value: '',
              label:
                model.defaultEffort === null
                  ? t('detail.effortNone')
                  : t('detail.effortDefault', { effort: model.defaultEffort }),
            },
            ...model.efforts.map((value) => ({ value, label: value })),
          ]}
          value={effort}
          onChange={(value) => pick(value ?? '', tier)}
          allowDeselect={false}
        />
      )}
      {hasTiers ? (
        <div>
          <Text size="sm" fw={500} mb={4}>
            {t('detail.tier')}
          </Text>
          <SegmentedControl
            fullWidth
            value={tier}
            onChange={(value) => pick(effort, value)}
            aria-label={t('detail.tier')}
            data={TIERS.map((value) => ({
              value,
              label: t(value === '' ? 'detail.tierStandard' : value === 'fast' ? 'detail.tierFast' : 'detail.tierFlex'),
            }))}
          />
        </div>
      ) : null}
      {model.efforts.length > 0 || hasTiers ? (
        <Text size="xs" c="dimmed">
          {t('detail.suffixes')}
        </Text>
      ) : null}
    </Stack>
  )
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <Title order={3} size="h5" mb={6}>
        {title}
      </Title>
      {children}
    </section>
  )
}

function Facts({ model }: { model: Model }) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const modalities = useModalities()
  const tokens = (count: number): string => t('detail.tokens', { number: format.number(count) })
  const { contextWindow, maxContextWindow, maxOutputTokens } = model
  const capabilities = model.capabilities.map((one) =>
    one in TEXTS.en.capability ? t(`capability.${one as keyof typeof TEXTS.en.capability}`) : one,
  )
  const rows: [string, string | null][] = [
    [t('detail.answersAs'), model.target],
    [t('column.context'), contextWindow === null ? null : tokens(contextWindow)],
    [
      t('detail.maxContext'),
      maxContextWindow === null || maxContextWindow === contextWindow ? null : tokens(maxContextWindow),
    ],
    [t('detail.maxOutput'), maxOutputTokens === null ? null : tokens(maxOutputTokens)],
    [t('column.efforts'), model.efforts.length === 0 ? null : model.efforts.join(', ')],
    [t('detail.capabilities'), capabilities.join(', ')],
    [t('column.input'), model.inputModalities === null ? null : modalities(model.inputModalities)],
    [t('column.plans'), model.provider === 'codex' ? plansOf(model, t('everyPlan')) : null],
    [t('column.source'), [t(`source.${model.source}`), dateOf(model, format.dateTime)].filter(Boolean).join(', ')],
  ]
  return (
    <Section title={t('detail.facts')}>
      <dl className={classes.pairs}>
        {rows.map(([name, value]) =>
          value === null ? null : (
            <Pair key={name} name={name}>
              {value}
            </Pair>
          ),
        )}
      </dl>
    </Section>
  )
}

function Pair({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  )
}

function Price({ model: { price } }: { model: Model }) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  return (
    <Section title={t('detail.price')}>
      {price === null ? (
        <Text size="sm" c="dimmed">
          {t('detail.noPrice')}
        </Text>
      ) : (
        <>
          <dl className={classes.pairs}>
            <Pair name={t('detail.priceIn')}>{format.usd(price.input)}</Pair>
            <Pair name={t('detail.priceCached')}>{format.usd(price.cached)}</Pair>
            <Pair name={t('detail.priceOut')}>{format.usd(price.output)}</Pair>
          </dl>
          <Text size="sm" c="dimmed" mt={4}>
            {t('detail.priceFrom', { date: format.date(price.from) })}
          </Text>
          {Object.entries(price.tiers ?? {}).map(([tier, told]) => (
            <Text key={tier} size="sm" c="dimmed">
              {typeof told === 'number'
                ? t('detail.priceTier', { tier, factor: format.number(told, 2) })
                : t('detail.priceTierOwn', {
                    tier,
                    input: format.usd(told.input),
                    cached: format.usd(told.cached),
                    output: format.usd(told.output),
                  })}
            </Text>
          ))}
        </>
      )}
    </Section>
  )
}

const SHOWN_KEYS = 20

function Serving({ model }: { model: Model }) {
  const { t } = useTexts(TEXTS)
  const { accounts, readyAccounts, keys } = model.servedBy
  if (model.kind === 'demo') return null
  return (
    <Section title={t('detail.serving')}>
      <Stack gap={6}>
        {model.provider === 'codex' ? (
          <Text size="sm">
            <Anchor component={Link} href="/accounts">
              {t('detail.servingAccounts')}
            </Anchor>
            {': '}
            {t('accounts', { count: accounts, ready: readyAccounts })}
          </Text>
        ) : null}
        {keys.slice(0, SHOWN_KEYS).map((key) => (
          <Group key={key.id} gap="xs">
            <Anchor component={Link} href="/api-keys" size="sm" className={classes.word}>
              {key.name}
            </Anchor>
            <Badge size="sm" variant="light" color={key.ready ? 'teal' : 'yellow'} tt="none">
              {key.ready ? t('detail.ready') : t('detail.resting')}
            </Badge>
          </Group>
        ))}
        {model.provider !== 'codex' && keys.length === 0 ? <Text size="sm">{t('nobody')}</Text> : null}
      </Stack>
    </Section>
  )
}
