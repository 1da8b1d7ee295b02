import type { ReactNode } from 'react';
import { useI18n } from '../i18n';
import type { Problem } from '../lib/problem';

/** A refusal of the server in the reader's words: what is wrong, why, and what to do. */
export function ProblemNotice({
  problem,
  retry,
  stale,
}: {
  problem: Problem;
  retry?: () => void;
  stale?: boolean;
}) {
  const { t } = useI18n();
  const title = problem.unreachable
    ? t.problem.unreachable
    : problem.status === 403
      ? t.problem.forbidden
      : problem.title;
  const remedy =
    problem.remedy ??
    (problem.unreachable
      ? t.problem.unreachableRemedy
      : problem.status === 403
        ? t.problem.forbiddenRemedy
        : undefined);
  return (
    <div className="notice notice-bad" role="alert">
      <p className="notice-title">{title}</p>
      {!problem.unreachable && problem.detail && <p>{problem.detail}</p>}
      {remedy && (
        <p>
          <strong>{t.problem.remedy}:</strong> {remedy}
        </p>
      )}
      {stale && <p>{t.problem.stale}</p>}
      {retry && (
        <button type="button" className="button" onClick={retry}>
          {t.tryAgain}
        </button>
      )}
    </div>
  );
}

/** What a list shows when there is nothing in it: why, and what to do about it. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <svg viewBox="0 0 96 48" aria-hidden="true" className="empty-art">
        <path d="M18 18c0 34 60 34 60 6" />
        <circle cx="18" cy="14" r="8" />
        <circle cx="78" cy="14" r="8" className="open" />
      </svg>
      <p className="empty-title">{title}</p>
      {children}
    </div>
  );
}

export function Loading() {
  const { t } = useI18n();
  return (
    <p className="loading" role="status">
      <span className="spinner" aria-hidden="true" /> {t.loading}
    </p>
  );
}
