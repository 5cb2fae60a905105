import type { Session } from "../messages";
import { useWords } from "../words";

interface HeaderProps {
  place: string;
  session: Session | null;
  leave: () => void;
  switchLanguage: () => void;
}

export function Header({ place, session, leave, switchLanguage }: HeaderProps) {
  const { say } = useWords();
  const current = (name: string) => (place === name ? "page" : undefined);
  return (
    <header class="top">
      <a class="brand" href="#/">
        <img src="./mark.svg" alt="" width="28" height="28" />
        examrunner
      </a>
      {session && (
        <nav>
          <a href="#/" aria-current={current("hall")}>
            {say("hall")}
          </a>
          <a href="#/grades" aria-current={current("grades")}>
            {say("grades")}
          </a>
        </nav>
      )}
      <span class="space" />
      {session && <span class="who">{session.name}</span>}
      <button type="button" class="quiet" onClick={switchLanguage}>
        {say("language")}
      </button>
      {session && (
        <button type="button" class="quiet" onClick={leave}>
          {say("signOut")}
        </button>
      )}
    </header>
  );
}
