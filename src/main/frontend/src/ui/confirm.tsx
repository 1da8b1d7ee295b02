import { useEffect, useRef, useState } from 'react';
import { useI18n } from '../i18n';

/** A button for what cannot be taken back: asks once more, in its own place, before it is done. */
export function Confirm({
  label,
  question,
  yes,
  no,
  small,
  disabled,
  onYes,
}: {
  label: string;
  question: string;
  yes: string;
  no?: string;
  small?: boolean;
  disabled?: boolean;
  onYes: () => Promise<void>;
}) {
  const { t } = useI18n();
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const asked = useRef(false);
  const size = small ? 'button button-small' : 'button';

  useEffect(() => {
    // Unless what was done has taken the focus along.
    if (!asking && asked.current && document.activeElement === document.body) button.current?.focus();
    asked.current = asking;
  }, [asking]);

  const decide = async () => {
    setBusy(true);
    await onYes();
    setBusy(false);
    setAsking(false);
  };

  if (!asking) {
    return (
      <button type="button" ref={button} className={size} disabled={disabled} onClick={() => setAsking(true)}>
        {label}
      </button>
    );
  }
  return (
    <div
      className="row"
      role="group"
      aria-label={question}
      onKeyDown={(event) => event.key === 'Escape' && setAsking(false)}
    >
      <span>{question}</span>
      <button
        type="button"
        className={`${size} button-hang-up`}
        disabled={busy}
        autoFocus
        onClick={() => void decide()}
      >
        {yes}
      </button>
      <button type="button" className={size} onClick={() => setAsking(false)}>
        {no ?? t.cancel}
      </button>
    </div>
  );
}
