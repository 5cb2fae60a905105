import { render } from "preact";
import { useEffect, useState } from "preact/hooks";

import { call, Refusal } from "./api";
import type { Language, Session } from "./messages";
import { AttemptPage } from "./pages/attempt";
import { GradesPage } from "./pages/grades";
import { HallPage } from "./pages/hall";
import { SignInPage } from "./pages/signin";
import { Header } from "./parts/header";
import "uplot/dist/uPlot.min.css";
import "./style.css";
import { LanguageContext } from "./words";

const KEPT_LANGUAGE = "examrunner.language";

function preferred(): Language {
  const kept = localStorage.getItem(KEPT_LANGUAGE);
  if (kept === "zh" || kept === "en") return kept;
  return navigator.language.startsWith("zh") ? "zh" : "en";
}

function useRoute(): string[] {
  const read = () => location.hash.replace(/^#\/?/, "").split("/").filter(Boolean);
  const [route, setRoute] = useState(read);
  useEffect(() => {
    const follow = () => {
      setRoute(read());
      scrollTo(0, 0);
    };
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  return route;
}

function Pages({ route }: { route: string[] }) {
  const [noun, id] = route;
  if (noun === "attempts" && id) return <AttemptPage key={id} id={id} />;
  if (noun === "grades") return <GradesPage />;
  return <HallPage />;
}

function App() {
  const [language, setLanguage] = useState(preferred);
  const [session, setSession] = useState<Session | null | undefined>(undefined);
  const route = useRoute();
  useEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
    localStorage.setItem(KEPT_LANGUAGE, language);
  }, [language]);
  useEffect(() => {
    call<Session>("session").then(setSession, (error) => {
      if (!(error instanceof Refusal)) console.error(error);
      setSession(null);
    });
  }, []);
  const leave = () => void call("session", { method: "DELETE" }).finally(() => setSession(null));
  return (
    <LanguageContext.Provider value={language}>
      <Header
        place={route[0] ?? "hall"}
        session={session ?? null}
        leave={leave}
        switchLanguage={() => setLanguage(language === "zh" ? "en" : "zh")}
      />
      {session === undefined ? null : session ? (
        <Pages route={route} />
      ) : (
        <SignInPage enter={setSession} />
      )}
    </LanguageContext.Provider>
  );
}

render(<App />, document.getElementById("app")!);
