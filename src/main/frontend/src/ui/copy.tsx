import { useState } from 'react';
import { useI18n } from '../i18n';

/** Puts a text on the clipboard, and says whether the browser let it. */
export function CopyButton({ text, className = '' }: { text: string; className?: string }) {
  const { t } = useI18n();
  const [outcome, setOutcome] = useState<'copied' | 'failed'>();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setOutcome('copied');
    } catch {
      // Without HTTPS there is no clipboard.
      setOutcome('failed');
    }
  };
  return (
    <button type="button" className={`button button-small ${className}`} onClick={() => void copy()}>
      <span role="status">{outcome ? t.copy[outcome] : t.copy.copy}</span>
    </button>
  );
}
