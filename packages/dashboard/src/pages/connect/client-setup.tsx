import { Alert, Anchor, Badge, Breadcrumbs, Code, Group, List, Paper, Stack, Table, Text, Title } from '@mantine/core'
import {
  IconAlertTriangle,
  IconEyeQuestion,
  IconFileText,
  IconTerminal2,
  IconSettings,
  IconCode,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { useTexts } from '../../i18n/index.js'
import { Copy, CopyBlock } from '../../parts/copy.js'
import type { Recipe, Step } from './clients/index.js'
import { useChoice, type ConnectView } from './data.js'
import { fillingOf, shownKey } from './filling.js'
import { NOTES } from './notes.js'
import { KeyEye } from './setup-bar.js'
import { TestIt } from './test-it.js'
import { TEXTS } from './texts.js'

/** One client: what to put where, and whether it works. */
export function ClientSetup({ connect, recipe }: { connect: ConnectView; recipe: Recipe }) {
  const { t } = useTexts(TEXTS)
  const { t: say } = useTexts(NOTES)
  const [choice] = useChoice()
  const filling = fillingOf(connect, choice)
  const steps = recipe.steps(filling)
  const shown = recipe.steps({ ...filling, key: shownKey(choice) })
  return (
    <Paper withBorder p={{ base: 'md', sm: 'lg' }} component="section" aria-labelledby={`client-${recipe.id}`}>
      <Stack gap="md">
        <Group justify="space-between" gap="xs">
          <Group gap="xs">
            <Title order={2} size="h3" id={`client-${recipe.id}`}>
              {recipe.name}
            </Title>
            {recipe.seen === undefined ? (
              <Badge variant="light" color="gray" tt="none">
                {t('unseen')}
              </Badge>
            ) : (
              <Badge variant="light" color="teal" tt="none">
                {t('seenVersion', { version: recipe.seen })}
              </Badge>
            )}
          </Group>
          <KeyEye />
        </Group>
        <Text size="sm" c="dimmed">
          {t('speaks', { protocols: recipe.speaks })}
        </Text>
        <Warnings connect={connect} recipe={recipe} address={filling.address} />
        {steps.map((step, at) => (
          <StepView key={at} step={step} shown={shown[at] ?? step} secret={filling.key} />
        ))}
        {recipe.notes.length === 0 ? null : (
          <List size="sm" spacing={4} c="dimmed">
            {recipe.notes.map((note) => (
              <List.Item key={note}>{say(note)}</List.Item>
            ))}
          </List>
        )}
        <TestIt key={recipe.id} recipe={recipe} />
      </Stack>
    </Paper>
  )
}

function Warnings({ connect, recipe, address }: { connect: ConnectView; recipe: Recipe; address: string }) {
  const { t } = useTexts(TEXTS)
  const { ollama } = connect
  const isLocal = /^http:|\/\/(?:127\.|localhost|\[::1\])/.test(address)
  return (
    <>
      {recipe.seen === undefined ? (
        <Alert variant="light" color="gray" icon={<IconEyeQuestion />}>
          {t('unseenAbout', { client: recipe.name })}
        </Alert>
      ) : null}
      {recipe.needsPublicAddress === true && isLocal ? (
        <Alert variant="light" color="orange" icon={<IconAlertTriangle />}>
          {t('needsPublic', { client: recipe.name, address })}
        </Alert>
      ) : null}
      {recipe.needsOllama === true && !ollama.listening ? (
        <Alert variant="light" color="orange" icon={<IconAlertTriangle />}>
          {ollama.error === null ? t('ollamaOff') : t('ollamaFailed', { error: ollama.error })}{' '}
          <Anchor component={Link} href="/settings" size="sm" underline="always">
            {t('ollamaSwitch')}
          </Anchor>
        </Alert>
      ) : null}
    </>
  )
}

function StepView({ step, shown, secret }: { step: Step; shown: Step; secret: string }) {
  const { t } = useTexts(TEXTS)
  const { t: say } = useTexts(NOTES)
  const note =
    step.note === undefined ? null : (
      <Text size="sm" c="dimmed">
        {say(step.note)}
      </Text>
    )
  const block = (icon: ReactNode, head: ReactNode, body: ReactNode): ReactNode => (
    <Stack gap={6}>
      <Group gap={6}>
        {icon}
        {head}
      </Group>
      {body}
      {note}
    </Stack>
  )
  const codeOf = (of: Step): string => (of.kind === 'fields' ? '' : of.code)
  switch (step.kind) {
    case 'file':
      return block(
        <IconFileText size={16} />,
        <Text size="sm">
          {t('putInto')} <Code>{step.path}</Code>
        </Text>,
        <CopyBlock code={step.code} shown={codeOf(shown)} />,
      )
    case 'run':
      return block(
        <IconTerminal2 size={16} />,
        <Text size="sm">{step.title === undefined ? t('run') : step.title}</Text>,
        <CopyBlock code={step.code} shown={codeOf(shown)} />,
      )
    case 'code':
      return block(
        <IconCode size={16} />,
        <Text size="sm" ff="monospace">
          {step.title}
        </Text>,
        <CopyBlock code={step.code} shown={codeOf(shown)} />,
      )
    case 'fields':
      return block(
        <IconSettings size={16} />,
        <Breadcrumbs separator="→" separatorMargin={6} style={{ flexWrap: 'wrap' }}>
          {step.where.map((place) => (
            <Text key={place} size="sm" fw={500}>
              {place}
            </Text>
          ))}
        </Breadcrumbs>,
        step.fields.length === 0 ? null : (
          <Table withTableBorder>
            <Table.Tbody>
              {step.fields.map(([label, value], at) => (
                <Table.Tr key={label}>
                  <Table.Th scope="row">{label}</Table.Th>
                  <Table.Td>
                    <Group gap={4} wrap="nowrap" justify="space-between">
                      <Code style={{ overflowWrap: 'anywhere' }}>
                        {value === secret && shown.kind === 'fields' ? (shown.fields[at]?.[1] ?? value) : value}
                      </Code>
                      <Copy value={value} />
                    </Group>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        ),
      )
    default:
      return step satisfies never
  }
}
