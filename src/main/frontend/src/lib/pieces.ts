import { useCallback, useRef } from 'react';
import { http } from './http';
import { useResource, type Resource } from './resource';

/** A list as far as it is shown. */
export interface Pieces<T> {
  items: T[];
  /** Where it goes on; none when this is all. */
  next: string | null;
  /** The moment in which it was read. */
  at: number;
}

/**
 * A list that is read piece by piece, and again as far as it is shown: what left it or moved is then right everywhere.
 *
 * @param path with a query, to which the place to go on is added
 */
export function usePieces<T>(path: string): Resource<Pieces<T>> & { more: () => void } {
  const wanted = useRef(1);
  const read = useCallback(async (from: string, signal: AbortSignal): Promise<Pieces<T>> => {
    const items: T[] = [];
    let next: string | null = null;
    for (let n = 0; n < wanted.current && (n === 0 || next); n += 1) {
      const piece: { items: T[]; next?: string | null } = await http.get(
        next ? `${from}&cursor=${encodeURIComponent(next)}` : from,
        signal,
      );
      items.push(...piece.items);
      next = piece.next ?? null;
    }
    return { items, next, at: Date.now() };
  }, []);
  const resource = useResource<Pieces<T>>(path, read);
  const more = () => {
    wanted.current += 1;
    resource.reload();
  };
  return { ...resource, more };
}
