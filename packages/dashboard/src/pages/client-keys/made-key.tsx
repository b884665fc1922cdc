import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import { useLocation } from 'wouter'
import { useTexts } from '../../i18n/index.js'
import { CopyBlock } from '../../parts/copy.js'
import { useChoice } from '../connect/data.js'
import { TEXTS } from './texts.js'

export interface MadeKeyProps {
  made: { id: string; name: string; key: string } | undefined
  onClose(): void
}

/** A new key, for the only time. It is closed on purpose alone. */
export function MadeKey({ made, onClose }: MadeKeyProps) {
  const { t } = useTexts(TEXTS)
  const [, choose] = useChoice()
  const [, navigate] = useLocation()
  if (made === undefined) return null
  const { id, name, key } = made
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('made.title', { name })}
      size="lg"
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <Stack gap="md">
        <Alert color="teal" variant="light" icon={<IconKey />}>
          {t('made.once')}
        </Alert>
        <Labelled name={t('made.key')}>
          <CopyBlock code={key} label={t('made.copyKey')} />
        </Labelled>
        <Labelled name={t('made.address')}>
          <CopyBlock code={`${location.origin}/v1`} />
        </Labelled>
        <Labelled name={t('made.try')}>
          <CopyBlock code={`curl ${location.origin}/v1/key/info -H "Authorization: Bearer ${key}"`} />
        </Labelled>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('made.done')}
          </Button>
          <Button
            onClick={() => {
              choose({ key, keyId: id, keyName: name })
              navigate('/connect')
            }}
          >
            {t('made.connect')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

function Labelled({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <Text size="sm" fw={500} mb={4}>
        {name}
      </Text>
      {children}
    </div>
  )
}
