// Says so when the connection has been gone for two seconds, and when it is back.
import { useContext, useEffect, useState } from "react";
import { EventLoopContext } from "$/utils/context";

const PATIENCE_MS = 2000;

function isBelow(path) {
  const here = window.location.pathname;
  return here === path || here.startsWith(`${path}/`);
}

export function ConnectionBanner({ className, below, wordsBelow, children }) {
  const [, connectErrors] = useContext(EventLoopContext);
  const broken = connectErrors.length > 0;
  const [shown, setShown] = useState(false);
  useEffect(() => {
    // The handshake is refused while the guest's cookie is missing; any page's answer brings one.
    if (broken) fetch(window.location.pathname, { method: "HEAD", headers: { accept: "text/html" }, cache: "no-store" }).catch(() => {});
  }, [broken]);
  useEffect(() => {
    if (!broken) {
      setShown(false);
      return undefined;
    }
    const timer = setTimeout(() => setShown(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [broken]);
  return (
    <div role="status" aria-live="polite">
      {shown && <p className={className}>{isBelow(below) ? wordsBelow : children}</p>}
    </div>
  );
}
