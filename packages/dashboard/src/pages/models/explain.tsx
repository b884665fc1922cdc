import { Alert, Autocomplete, Badge, Button, Group, Stack, Text, Title } from '@mantine/core'
import { IconArrowRight, IconArrowsSplit2, IconCheck, IconClock, IconX } from '@tabler/icons-react'
import { Fragment, useState, type ReactNode } from 'react'
import type { Schemas } from '../../api/client.js'
import { useTexts } from '../../i18n/index.js'
import { Loaded } from '../../parts/page.js'
import { useExplanation, type Model } from './data.js'
import classes from './models.module.css'
import { TEXTS } from './texts.js'

type Explanation = Schemas['Explanation']
type Reading = Explanation['route']['rules'][number]
type Target = Explanation['targets'][number]

/** Type a name, see the way it takes. */
export function Explain({
  name,
  ask,
  models,
}: {
  name: string | undefined
  ask(name: string): void
  models: readonly Model[]
}) {
  const { t } = useTexts(TEXTS)
  const [typed, setTyped] = useState(name ?? '')
  const told = useExplanation(name)
  return (
    <Stack>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          ask(typed.trim())
        }}
      >
        <Group gap="sm" align="flex-end">
          <Autocomplete
            flex="1 1 240px"
            maw={520}
            label={t('explain.name')}
            description={t('explain.about')}
            data={models.map((model) => model.name)}
            limit={12}
            value={typed}
            onChange={setTyped}
            onOptionSubmit={ask}
          />
          <Button type="submit" leftSection={<IconArrowsSplit2 size={16} />}>
            {t('explain.go')}
          </Button>
        </Group>
      </form>
      {name === undefined ? null : (
        <Loaded query={told} skeleton={360}>
          {(explanation) => (
            <Way
              explanation={explanation}
              ask={(other) => {
                setTyped(other)
                ask(other)
              }}
            />
          )}
        </Loaded>
      )}
    </Stack>
  )
}

function Way({ explanation, ask }: { explanation: Explanation; ask(name: string): void }) {
  const { t } = useTexts(TEXTS)
  const { route, nearest } = explanation
  return (
    <Stack>
      {route.problem === undefined ? (
        <Flow explanation={explanation} />
      ) : (
        <Alert color="orange" variant="light" title={t('explain.nowhere', { name: route.name })}>
          <Stack gap="xs">
            <Text size="sm" className={classes.word}>
              {route.problem}
            </Text>
            {nearest === undefined || nearest.length === 0 ? null : (
              <Group gap="xs">
                <Text size="sm">{t('explain.nearest')}</Text>
                {nearest.map((one) => (
                  <Button key={one} size="compact-sm" variant="default" onClick={() => ask(one)}>
                    {one}
                  </Button>
                ))}
              </Group>
            )}
          </Stack>
        </Alert>
      )}
      <Rules rules={route.rules} />
      {route.suffixes.length === 0 ? null : (
        <Text size="sm">{t('explain.suffixes', { suffixes: route.suffixes.join(' ') })}</Text>
      )}
      {route.leftOut.length === 0 ? null : (
        <section>
          <Title order={2} size="h5">
            {t('explain.leftOut')}
          </Title>
          {route.leftOut.map(({ step, reason }) => (
            <Text key={step} size="sm" className={classes.word}>
              {step}: {reason}
            </Text>
          ))}
        </section>
      )}
    </Stack>
  )
}

function Station({ title, children, isGoal = false }: { title: ReactNode; children: ReactNode; isGoal?: boolean }) {
  return (
    <div className={[classes.station, isGoal ? classes.goal : ''].join(' ')}>
      <Text size="xs" c="dimmed" fw={600} mb={4}>
        {title}
      </Text>
      {children}
    </div>
  )
}

function Arrow() {
  return (
    <div className={classes.arrow} aria-hidden>
      <IconArrowRight size={20} />
    </div>
  )
}

/** Name → rule → target → who answers, and the same for every fallback. */
function Flow({ explanation: { route, targets } }: { explanation: Explanation }) {
  const { t } = useTexts(TEXTS)
  const decided = route.rules.filter(({ outcome }) => outcome === 'decided')
  return (
    <section aria-label={t('explain.flow', { name: route.name })}>
      <Stack>
        <div className={classes.flow}>
          <Station title={t('explain.asked')}>
            <Text fw={600} className={classes.word}>
              {route.name}
            </Text>
            {route.suffixes
              .filter((suffix) => route.name.endsWith(suffix))
              .map((suffix) => (
                <Badge key={suffix} size="sm" variant="light" tt="none">
                  {suffix}
                </Badge>
              ))}
          </Station>
          {decided.map((reading, at) => (
            <Fragment key={at}>
              <Arrow />
              <Station title={t('explain.decided')}>
                <Text fw={600}>{t(`explain.rule.${reading.rule}`)}</Text>
                {at === decided.length - 1 ? null : (
                  <Text size="sm" className={classes.mono}>
                    → {reading.to}
                  </Text>
                )}
              </Station>
            </Fragment>
          ))}
          {targets[0] === undefined ? null : (
            <>
              <Arrow />
              <TargetStation target={targets[0]} route={route.targets[0]} />
            </>
          )}
        </div>
        {targets.slice(1).map((target, at) => (
          <div key={target.target + String(at)} className={classes.flow}>
            <TargetStation target={target} route={route.targets[at + 1]} />
          </div>
        ))}
      </Stack>
    </section>
  )
}

const SHOWN = 6

function TargetStation({
  target,
  route,
}: {
  target: Target
  route: Explanation['route']['targets'][number] | undefined
}) {
  const { t } = useTexts(TEXTS)
  const cases = (target.when ?? []).map((one) => t(`fallbacks.case.${one}`)).join(', ')
  const { candidates, nobody } = target
  return (
    <Station isGoal title={target.when === undefined ? t('explain.target') : t('explain.fallback', { cases })}>
      <Group gap={6}>
        <Text fw={600} className={classes.word}>
          {target.target}
        </Text>
        {route?.effort === undefined ? null : (
          <Badge size="sm" variant="light" tt="none">
            {t('explain.effort', { effort: route.effort })}
          </Badge>
        )}
        {route?.serviceTier === undefined ? null : (
          <Badge size="sm" variant="light" color="grape" tt="none">
            {t('explain.tier', { tier: route.serviceTier })}
          </Badge>
        )}
      </Group>
      <Text size="xs" c="dimmed" fw={600} mt={8} mb={2}>
        {t('explain.answers')}
      </Text>
      <Stack gap={4}>
        {candidates.slice(0, SHOWN).map((candidate) => (
          <Candidate key={candidate.label} candidate={candidate} />
        ))}
        {candidates.length > SHOWN ? (
          <Text size="sm" c="dimmed">
            {t('explain.moreCandidates', { count: candidates.length - SHOWN })}
          </Text>
        ) : null}
        {nobody === undefined ? null : (
          <Text size="sm" className={classes.word}>
            {t('explain.nobody')}: {nobody}
          </Text>
        )}
      </Stack>
    </Station>
  )
}

const VERDICTS = { taken: ['teal', IconCheck], next: ['gray', IconClock], skipped: ['orange', IconX] } as const

function Candidate({ candidate: { label, verdict, reason } }: { candidate: Target['candidates'][number] }) {
  const { t } = useTexts(TEXTS)
  const [color, Icon] = VERDICTS[verdict]
  return (
    <div className={classes.candidate}>
      <Badge size="sm" variant="light" color={color} tt="none" flex="none" leftSection={<Icon size={10} />}>
        {t(`explain.verdict.${verdict}`)}
      </Badge>
      <Text size="sm" className={classes.word}>
        {label}{' '}
        <Text span size="sm" c="dimmed">
          {reason}
        </Text>
      </Text>
    </div>
  )
}

function Rules({ rules }: { rules: readonly Reading[] }) {
  const { t } = useTexts(TEXTS)
  const says = useSays()
  return (
    <section>
      <Title order={2} size="h5" mb={4}>
        {t('explain.rules')}
      </Title>
      <table className={classes.rules}>
        <thead>
          <tr>
            <th scope="col">{t('explain.ruleColumn')}</th>
            <th scope="col">{t('explain.nameColumn')}</th>
            <th scope="col">{t('explain.outcomeColumn')}</th>
          </tr>
        </thead>
        <tbody>
          {rules.map((reading, at) => (
            <tr key={at} data-outcome={reading.outcome}>
              <td>{t(`explain.rule.${reading.rule}`)}</td>
              <td className={classes.mono}>{reading.name}</td>
              <td>{says(reading)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** The gateway's own words are English, and say most; in other languages the rule and its outcome are told. */
function useSays(): (reading: Reading) => string {
  const { t, language } = useTexts(TEXTS)
  return ({ rule, outcome, to, says }) => {
    if (outcome === 'shadowed') return t('explain.would', { to: to ?? '' })
    if (language === 'en') return says
    if (outcome === 'no') return t(`explain.no.${rule}`)
    return to === undefined ? says : t('explain.leadsTo', { to })
  }
}
