import { Button, Group, Skeleton, Stack, Stepper } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useEffect, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { useLive } from '../../api/live.js'
import { useRefreshOn } from '../../api/queries.js'
import { useTexts } from '../../i18n/index.js'
import { Loaded, Page } from '../../parts/page.js'
import { ConnectClient } from '../connect/connect-client.js'
import { useConnect } from '../connect/data.js'
import { readRecord, type LiveRecord } from '../connect/records.js'
import { welcomed } from './once.js'
import { SeeIt } from './see-it.js'
import { TEXTS } from './texts.js'
import { WhoAnswers } from './who-answers.js'

const LAST = 2

/** From nothing to the first answer: who answers, who asks, and the first request as it arrives. */
export default function Welcome() {
  const { t } = useTexts(TEXTS)
  const [, go] = useLocation()
  const query = useConnect()
  useRefreshOn('accounts', ['connect'])
  useRefreshOn('api-keys', ['connect'])
  const [step, setStep] = useState(0)
  const [record, setRecord] = useState<LiveRecord>()
  const small = useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false })
  const top = useRef<HTMLDivElement>(null)
  useEffect(welcomed, [])
  // An answer is worth more than an error that came before it.
  useLive('requests', (data) => {
    const told = readRecord(data)
    if (told !== undefined) setRecord((known) => (known?.failure === undefined ? (known ?? told) : told))
  })
  const to = (next: number): void => {
    setStep(next)
    top.current?.scrollIntoView({ block: 'start' })
  }
  return (
    <Page
      title={t('title')}
      about={t('about')}
      actions={
        <Button variant="subtle" onClick={() => go('/')}>
          {t('skip')}
        </Button>
      }
    >
      <Stack gap="lg" ref={top}>
        <Stepper
          active={record?.failure === undefined && record !== undefined ? LAST + 1 : step}
          onStepClick={to}
          orientation={small ? 'vertical' : 'horizontal'}
          aria-label={t('steps')}
          size="sm"
        >
          <Stepper.Step label={t('stepSource')} description={t('stepSourceAbout')} />
          <Stepper.Step label={t('stepClient')} description={t('stepClientAbout')} />
          <Stepper.Step label={t('stepSeen')} description={t('stepSeenAbout')} />
        </Stepper>
        <Loaded query={query} skeleton={<Skeleton height={380} />}>
          {(connect) => (
            <>
              {step === 0 ? <WhoAnswers connect={connect} onNext={() => to(1)} /> : null}
              {step === 1 ? (
                <>
                  <ConnectClient />
                  <StepButtons onBack={() => to(0)} onNext={() => to(2)} />
                </>
              ) : null}
              {step === LAST ? (
                <>
                  <SeeIt connect={connect} record={record} />
                  <StepButtons onBack={() => to(1)} />
                </>
              ) : null}
            </>
          )}
        </Loaded>
      </Stack>
    </Page>
  )
}

function StepButtons({ onBack, onNext }: { onBack: () => void; onNext?: () => void }) {
  const { t } = useTexts(TEXTS)
  return (
    <Group justify="space-between">
      <Button variant="default" onClick={onBack}>
        {t('back')}
      </Button>
      {onNext === undefined ? null : <Button onClick={onNext}>{t('nextSeen')}</Button>}
    </Group>
  )
}
