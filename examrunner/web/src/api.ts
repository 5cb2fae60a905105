/** Calls of the service; errors keep its three sentences. */

import { useCallback, useEffect, useState } from "preact/hooks";

import type { Page } from "./messages";

const ROOT = "/api/v1/";

export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly problem: string,
    readonly where: string,
    readonly remedy: string,
  ) {
    super(problem);
  }
}

export function address(path: string): string {
  return ROOT + path;
}

export async function call<T>(path: string, options: RequestInit = {}): Promise<T> {
  const answer = await fetch(address(path), { credentials: "same-origin", ...options });
  if (answer.ok) return (answer.status === 204 ? undefined : await answer.json()) as T;
  const told = await answer.json().catch(() => ({}));
  throw new Refusal(
    answer.status,
    told.problem ?? told.title ?? answer.statusText,
    told.where ?? "",
    told.remedy ?? "",
  );
}

export async function all<T>(path: string): Promise<T[]> {
  const found: T[] = [];
  let cursor: string | null = null;
  do {
    const next: string = cursor ? `${path.includes("?") ? "&" : "?"}cursor=${cursor}` : "";
    const page: Page<T> = await call(path + next);
    found.push(...page.items);
    cursor = page.next;
  } while (cursor && found.length < 5000);
  return found;
}

export interface Loaded<T> {
  value: T | undefined;
  error: Error | undefined;
  reload: () => void;
}

/** Loads again whenever `key` changes; the old value stays until the new one is there. */
export function useLoaded<T>(load: () => Promise<T>, key: string): Loaded<T> {
  const [state, setState] = useState<{ value?: T; error?: Error; key?: string }>({});
  const [round, setRound] = useState(0);
  useEffect(() => {
    let current = true;
    load().then(
      (value) => current && setState({ value, key }),
      (error) => current && setState((old) => ({ value: old.value, error, key })),
    );
    return () => {
      current = false;
    };
  }, [key, round]);
  const reload = useCallback(() => setRound((number) => number + 1), []);
  return { value: state.value, error: state.error, reload };
}

/** Calls back when the service says that something changed; says whether it is heard. */
export function useLive(changed: () => void): boolean {
  const [heard, setHeard] = useState(false);
  useEffect(() => {
    let socket: WebSocket | undefined;
    let stopped = false;
    let wait = 500;
    const connect = () => {
      const scheme = location.protocol === "https:" ? "wss" : "ws";
      socket = new WebSocket(`${scheme}://${location.host}${ROOT}live`);
      socket.onopen = () => {
        wait = 500;
        setHeard(true);
        changed();
      };
      socket.onmessage = () => changed();
      socket.onclose = () => {
        setHeard(false);
        if (!stopped) setTimeout(connect, (wait = Math.min(wait * 2, 8000)));
      };
    };
    connect();
    return () => {
      stopped = true;
      socket?.close();
    };
  }, [changed]);
  return heard;
}
