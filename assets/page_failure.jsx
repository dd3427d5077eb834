// What stands in the place of a page whose script failed. It loads the page anew; nothing of the app itself is needed.
import { useEffect } from "react";

export function PageFailure({ title, lead, retry, home, classes }) {
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <main className={`app-root ${classes.page}`}>
      <h1 className={classes.title}>{title}</h1>
      <p className={classes.lead}>{lead}</p>
      <p className={classes.actions}>
        <button type="button" className={classes.retry} onClick={() => window.location.reload()}>{retry}</button>
        <a href="/" className={classes.home} onClick={(event) => { event.preventDefault(); window.location.assign("/"); }}>{home}</a>
      </p>
    </main>
  );
}
