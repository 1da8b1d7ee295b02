import { useI18n } from '../i18n';
import { Page } from '../ui/page';

export default function CallPage({ id }: { id: string }) {
  const { t } = useI18n();
  return (
    <Page title={t.call.title(id)}>
      <p />
    </Page>
  );
}
