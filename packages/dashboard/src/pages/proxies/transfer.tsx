import { Alert, Button, FileButton, Group, Menu, Modal, ScrollArea, Stack, Table, Text } from '@mantine/core'
import { IconFile, IconFileExport } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, rawFetch, type Schemas } from '../../api/client.js'
import { withFreshSignIn } from '../../chrome/confirm-identity.js'
import { useCommon, useTexts } from '../../i18n/index.js'
import { sayDone, sayFailed } from '../../parts/say.js'
import { refresh, saveText, told } from './data.js'
import { TEXTS } from './texts.js'

const YAML = 'application/yaml'

/** Proxies and assignments as files, out and in. */
export function TransferMenu() {
  const { t } = useTexts(TEXTS)
  const [importing, setImporting] = useState(false)
  const proxies = async (method: 'GET' | 'POST'): Promise<void> => {
    const reply = await withFreshSignIn(() => rawFetch('/api/proxies/export', { method }))
    saveText('proxies.yaml', YAML, await reply.text())
  }
  const assignments = async (): Promise<void> => {
    const { data } = await api.GET('/api/proxies/assignments/export')
    saveText('proxy-assignments.json', 'application/json', `${JSON.stringify(told(data), null, 2)}\n`)
  }
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <Button variant="default" leftSection={<IconFileExport size={16} />}>
            {t('transfer.export')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => void proxies('GET').catch(sayFailed)}>{t('transfer.proxies')}</Menu.Item>
          <Menu.Item onClick={() => void proxies('POST').catch(sayFailed)}>{t('transfer.proxiesSecret')}</Menu.Item>
          <Menu.Divider />
          <Menu.Item onClick={() => void assignments().catch(sayFailed)}>{t('transfer.assignments')}</Menu.Item>
          <Menu.Item onClick={() => setImporting(true)}>{t('transfer.importAssignments')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {importing ? <ImportAssignments onClose={() => setImporting(false)} /> : null}
    </>
  )
}

type Written = Schemas['ProxyAssignmentImport']

function ImportAssignments({ onClose }: { onClose(): void }) {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const client = useQueryClient()
  const [list, setList] = useState<Written>()
  const [preview, setPreview] = useState<Schemas['ProxyAssignmentPreview']>()
  const [problem, setProblem] = useState<string>()

  async function look(body: Written) {
    return told((await api.POST('/api/proxies/assignments/import', { body })).data)
  }
  async function read(file: File | null): Promise<void> {
    if (file === null) return
    setProblem(undefined)
    try {
      const body = JSON.parse(await file.text()) as Written
      setPreview(await look(body))
      setList(body)
    } catch (error) {
      setPreview(undefined)
      setProblem(error instanceof SyntaxError || !(error instanceof Error) ? t('transfer.notRead') : error.message)
    }
  }
  async function apply(body: Written): Promise<void> {
    const { data } = await api.POST('/api/proxies/assignments/apply', { body })
    sayDone(t('board.spread', { count: told(data).changes.length }))
    await refresh(client)
    onClose()
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={t('transfer.title')}
      size="lg"
      closeButtonProps={{ 'aria-label': common.t('act.close') }}
    >
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {t('transfer.about')}
        </Text>
        <FileButton onChange={(file) => void read(file)} accept=".json,application/json">
          {(props) => (
            <Button {...props} variant="default" leftSection={<IconFile size={16} />}>
              {t('transfer.choose')}
            </Button>
          )}
        </FileButton>
        {problem === undefined ? null : (
          <Alert color="red" variant="light">
            {problem}
          </Alert>
        )}
        {preview === undefined ? null : (
          <div role="status">
            <Text size="sm">
              {[
                t('transfer.changes', { count: preview.changes.length }),
                t('transfer.unchanged', { count: preview.unchanged }),
                ...(preview.unknown.length === 0 ? [] : [t('transfer.unknown', { count: preview.unknown.length })]),
              ].join(' · ')}
            </Text>
            <ScrollArea.Autosize mah={280} mt="xs" viewportProps={{ tabIndex: 0 }}>
              <Table>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t('transfer.who')}</Table.Th>
                    <Table.Th>{t('transfer.from')}</Table.Th>
                    <Table.Th>{t('transfer.to')}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {preview.changes.slice(0, 100).map(({ accountId, email, from, to }) => (
                    <Table.Tr key={accountId}>
                      <Table.Td>{email}</Table.Td>
                      <Table.Td>{from}</Table.Td>
                      <Table.Td>{to}</Table.Td>
                    </Table.Tr>
                  ))}
                  {preview.unknown.slice(0, 100).map(({ email, reason }, at) => (
                    <Table.Tr key={`${at} ${email}`}>
                      <Table.Td>{email}</Table.Td>
                      <Table.Td colSpan={2}>{t(`transfer.${reason}`)}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </ScrollArea.Autosize>
          </div>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {common.t('act.cancel')}
          </Button>
          <Button
            disabled={list === undefined || (preview?.changes.length ?? 0) === 0}
            onClick={() => list !== undefined && void apply(list).catch(sayFailed)}
          >
            {t('transfer.apply')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
