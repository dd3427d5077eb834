// A chart over time. What draws it is large, so it is fetched once the page's figures have been painted; until then its
// place is kept, and where it cannot be fetched the table beside it has the same figures.

import { useEffect, useState } from "react";

let drawing;
const fetchDrawing = () => (drawing ??= import("$/public/admin_chart_lines.jsx"));

function afterPaint(act) {
  let idle;
  const frame = requestAnimationFrame(() => {
    idle = setTimeout(act, 120);
  });
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(idle);
  };
}

export function AdminChart({ height, label, ...rest }) {
  const [Lines, setLines] = useState(null);
  const [hasFailed, setFailed] = useState(false);
  useEffect(() => {
    let isThere = true;
    const stop = afterPaint(() =>
      fetchDrawing()
        .then((module) => isThere && setLines(() => module.Lines))
        .catch(() => {
          drawing = undefined;
          if (isThere) setFailed(true);
        }),
    );
    return () => {
      isThere = false;
      stop();
    };
  }, []);
  return (
    <div style={{ height }} className="text-xs" role="group" aria-label={label} aria-busy={!Lines && !hasFailed}>
      {Lines ? (
        <Lines height={height} label={label} {...rest} />
      ) : hasFailed ? (
        <p className="grid h-full place-items-center px-4 text-center text-ink-2">
          The chart could not be loaded. The table has the same figures.
        </p>
      ) : (
        <div className="h-full animate-pulse rounded-md bg-sunken" />
      )}
    </div>
  );
}
