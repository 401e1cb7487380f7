import { ApiKeyId } from '../../domain/shared/ids.ts';

/** Begins so that whoever searches for leaked secrets can tell it. */
const TEXT = /^pnr_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})_([\w-]{32,64})$/;

/** What a machine sends: which key it is, and its secret. */
export const apiKeyText = (id: ApiKeyId, secret: string): string => `pnr_${id.replaceAll('-', '')}_${secret}`;

export function parseApiKeyText(text: string): { readonly id: ApiKeyId; readonly secret: string } | undefined {
  const [, ...parts] = TEXT.exec(text) ?? [];
  const secret = parts.pop();
  return secret === undefined ? undefined : { id: ApiKeyId(parts.join('-')), secret };
}
