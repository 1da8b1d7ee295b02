import type { ReactNode } from 'react';

/** Rows under named columns; on a narrow window each row is a card that names them again. */
export function Table({
  caption,
  columns,
  children,
}: {
  caption: string;
  columns: Record<string, string>;
  children: ReactNode;
}) {
  return (
    <table className="list">
      <caption className="sr-only">{caption}</caption>
      <thead>
        <tr>
          {Object.values(columns).map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}
