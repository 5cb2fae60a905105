import { useState } from "preact/hooks";

import { call } from "../api";
import type { Session } from "../messages";
import { Trouble } from "../parts/shared";
import { useWords } from "../words";

export function SignInPage({ enter }: { enter: (session: Session) => void }) {
  const { say } = useWords();
  const [token, setToken] = useState("");
  const [error, setError] = useState<Error>();
  const submit = async (event: Event) => {
    event.preventDefault();
    try {
      const body = JSON.stringify({ token: token.trim() });
      const headers = { "Content-Type": "application/json" };
      enter(await call<Session>("session", { method: "POST", body, headers }));
    } catch (reason) {
      setError(reason as Error);
    }
  };
  return (
    <main class="signin">
      <form class="card" onSubmit={submit}>
        <h1>{say("signIn")}</h1>
        {error && <Trouble error={error} />}
        <label>
          {say("token")}
          <input
            type="password"
            autocomplete="current-password"
            required
            value={token}
            onInput={(event) => setToken(event.currentTarget.value)}
          />
        </label>
        <p class="faint">{say("tokenHelp")}</p>
        <button type="submit" class="main">
          {say("signIn")}
        </button>
      </form>
    </main>
  );
}
