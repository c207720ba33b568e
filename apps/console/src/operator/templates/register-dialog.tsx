import { JsonInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, client } from '../../api/client.js';
import { ReasonDialog } from '../../parts/reason-dialog.js';
import { templatesQuery } from '../queries.js';

const EXAMPLE = '{\n  "params": { "ials": { "factors": 64 } }\n}';

/** What is different, as JSON: the server names every field that is wrong. */
export function RegisterDialog({ onClose }: { onClose: () => void }) {
  const queryClient = useQueryClient();
  const [text, setText] = useState(EXAMPLE);
  return (
    <ReasonDialog
      opened
      title="Register a template version"
      verb="Register"
      onClose={onClose}
      act={async (note) => {
        const settings = parse(text);
        await answerOf(client.POST('/v1/templates', { body: { settings, note } }));
        await queryClient.invalidateQueries({ queryKey: templatesQuery.queryKey });
      }}
    >
      <JsonInput
        label="What is different from version 1"
        description="algorithms, params, recipe, tuningSeconds, halfLifeDays, popularityHalfLifeDays, listLength, gate"
        formatOnBlur
        autosize
        minRows={6}
        value={text}
        onChange={setText}
      />
    </ReasonDialog>
  );
}

function parse(text: string): Record<string, never> {
  try {
    return JSON.parse(text) as Record<string, never>;
  } catch {
    throw new Error('This is no JSON.');
  }
}
