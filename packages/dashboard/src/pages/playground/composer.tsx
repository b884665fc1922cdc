import { ActionIcon, Button, CloseButton, FileButton, Group, Stack, Text, Textarea, Tooltip } from '@mantine/core'
import { IconPhotoPlus, IconPlayerStop, IconSend2 } from '@tabler/icons-react'
import { useState, type ClipboardEvent, type DragEvent } from 'react'
import { useFormat } from '../../i18n/format.js'
import { useTexts } from '../../i18n/index.js'
import { sayFailed } from '../../parts/say.js'
import type { Part } from './conversation.js'
import { MOST_IMAGE_BYTES, readImage } from './images.js'
import classes from './playground.module.css'
import { TEXTS } from './texts.js'

/** Where a message is written, with images attached, pasted or dropped. */
export function Composer({
  busy,
  onSend,
  onStop,
}: {
  busy: boolean
  onSend: (parts: readonly Part[]) => void
  onStop: () => void
}) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const [text, setText] = useState('')
  const [images, setImages] = useState<readonly string[]>([])
  const [dropping, setDropping] = useState(false)
  const empty = text.trim() === '' && images.length === 0

  async function attach(files: readonly File[]): Promise<void> {
    for (const file of files) {
      const read = await readImage(file)
      if ('url' in read) setImages((all) => [...all, read.url])
      else
        sayFailed(
          new Error(read.problem === 'type' ? t('imageBad') : t('imageBig', { size: format.bytes(MOST_IMAGE_BYTES) })),
        )
    }
  }

  function send(): void {
    if (busy || empty) return
    const said = text.trim() === '' ? [] : [{ kind: 'text' as const, text }]
    onSend([...said, ...images.map((url) => ({ kind: 'image' as const, url }))])
    setText('')
    setImages([])
  }

  function paste(event: ClipboardEvent): void {
    const files = [...event.clipboardData.files]
    if (files.length === 0) return
    event.preventDefault()
    void attach(files)
  }

  function drop(event: DragEvent): void {
    event.preventDefault()
    setDropping(false)
    void attach([...event.dataTransfer.files])
  }

  return (
    <form
      className={`${classes.composer} ${dropping ? classes.dropping : ''}`}
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
      onDragOver={(event) => {
        event.preventDefault()
        setDropping(true)
      }}
      onDragLeave={() => setDropping(false)}
      onDrop={drop}
    >
      <Stack gap="xs">
        {dropping ? (
          <Text size="sm" c="dimmed">
            {t('imageDrop')}
          </Text>
        ) : null}
        {images.length === 0 ? null : (
          <Group gap="md">
            {images.map((url, at) => (
              <div key={at} className={classes.attached}>
                <img src={url} alt={t('image', { number: at + 1 })} className={classes.thumb} />
                <CloseButton
                  size="sm"
                  variant="default"
                  radius="xl"
                  className={classes.remove}
                  aria-label={t('imageRemove', { number: at + 1 })}
                  onClick={() => setImages(images.filter((_, other) => other !== at))}
                />
              </div>
            ))}
          </Group>
        )}
        <Group gap="xs" align="flex-end" wrap="nowrap">
          <FileButton
            multiple
            accept="image/png,image/jpeg,image/webp,image/gif"
            onChange={(files) => void attach(files)}
          >
            {(props) => (
              <Tooltip label={t('attach')}>
                <ActionIcon {...props} variant="default" size={36} aria-label={t('attach')}>
                  <IconPhotoPlus size={18} />
                </ActionIcon>
              </Tooltip>
            )}
          </FileButton>
          <Textarea
            flex={1}
            miw={0}
            autosize
            minRows={1}
            maxRows={10}
            aria-label={t('message')}
            placeholder={t('messagePlaceholder')}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            onPaste={paste}
            onKeyDown={(event) => {
              // Enter also ends what is being composed in Chinese or Japanese.
              if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
              event.preventDefault()
              send()
            }}
          />
          {busy ? (
            <Button
              type="button"
              color="red"
              variant="light"
              leftSection={<IconPlayerStop size={16} />}
              onClick={onStop}
            >
              {t('stop')}
            </Button>
          ) : (
            <Button type="submit" leftSection={<IconSend2 size={16} />} disabled={empty}>
              {t('send')}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  )
}
